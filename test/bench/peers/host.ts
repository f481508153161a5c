import type { System } from "./system.ts";

// A process for one system alone, so that none disturbs the heap of another: told the file of the system, it starts it and
// measures rounds as its parent says, and ends with it.

/** What the parent asks for. */
export type Order =
  | { readonly do: "start"; readonly args: readonly unknown[] }
  | { readonly do: "round"; readonly ms: number };

/** What it gets. */
export type Reply = { readonly ok: unknown } | { readonly error: string };

const [file = ""] = process.argv.slice(2);
let system: System | undefined;

async function obey(order: Order): Promise<unknown> {
  if (order.do === "round") return system?.round(order.ms);
  const { start } = (await import(file)) as { start(...args: readonly unknown[]): Promise<System> };
  system = await start(...order.args);
  return null;
}

process.on("message", (order: Order) => {
  const reply = (said: Reply) => process.send?.(said);
  obey(order).then(
    (ok) => reply({ ok }),
    (error: unknown) => reply({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
process.on("disconnect", () => process.exit());
