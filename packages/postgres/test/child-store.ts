import { embeddedStore } from "../src/index.ts";
import { submission } from "./fixtures.ts";

// A process of its own for the tests of the embedded store: opens a folder, says so, and does as it is told.
const [path = "", then = ""] = process.argv.slice(2);

try {
  const store = await embeddedStore({ path });
  if (then === "fail") process.exitCode = 3;
  if (then === "submit") await store.submit(submission("run"));
  if (then === "close" || then === "fail") await store.close();
  process.send?.({ opened: true });
  // Nothing else keeps this process alive.
  if (then === "submit" || then === "stay") setInterval(() => {}, 60_000);
} catch (error) {
  process.send?.({ code: (error as { code?: string }).code, message: String(error) });
} finally {
  process.disconnect?.();
}
