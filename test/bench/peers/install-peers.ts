import { spawn } from "node:child_process";
import { once } from "node:events";

const PNPM = process.env.npm_execpath ? [process.execPath, process.env.npm_execpath] : ["npx", "-y", "pnpm@10.34.8"];

/** Installs what this folder's own lockfile says, which nobody needs who does not measure. At once if it is there. */
export async function installPeers(): Promise<void> {
  const words = [
    "--dir",
    import.meta.dirname,
    "install",
    "--ignore-workspace",
    "--frozen-lockfile",
    "--ignore-pnpmfile",
  ];
  const [program = "", ...first] = PNPM;
  // The standard output belongs to the findings.
  const child = spawn(program, [...first, ...words], { stdio: ["ignore", process.stderr, process.stderr] });
  const [code] = (await once(child, "exit")) as [number | null];
  if (code !== 0) throw new Error(`pnpm ${words.join(" ")} ended with ${code}`);
}
