import { mkdtemp, open, readFile, rm } from "node:fs/promises";
import { cpus, loadavg, release, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { median } from "./round.ts";

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGb: number;
  readonly system: string;
  readonly versions: Readonly<Record<string, string>>;
  /** Of the last 1, 5 and 15 minutes. */
  readonly load: readonly number[];
  /** Microseconds to write 8 KiB to a file and have them on the disk: what bounds every durable commit. */
  readonly fdatasyncUs: number;
}

const FLUSHES = 200;

export async function describeMachine(): Promise<Machine> {
  const [first] = cpus();
  return {
    cpu: first?.model ?? "unknown",
    cores: cpus().length,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${process.platform} ${release()}`,
    versions: { node: process.version, pg: await versionOf("pg"), pglite: await versionOf("@electric-sql/pglite") },
    load: loadavg().map((load) => Math.round(load * 100) / 100),
    fdatasyncUs: await measureFlush(),
  };
}

async function versionOf(name: string): Promise<string> {
  const text = await readFile(join(import.meta.dirname, "../../node_modules", name, "package.json"), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

/** In the folder for temporary files, where a server of the bench keeps its data too. */
async function measureFlush(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "troupe-flush-"));
  try {
    const file = await open(join(folder, "probe"), "w");
    const page = Buffer.alloc(8_192, 7);
    const times: number[] = [];
    while (times.length < FLUSHES) {
      const started = performance.now();
      await file.write(page, 0, page.length, 0);
      await file.datasync();
      times.push((performance.now() - started) * 1_000);
    }
    await file.close();
    return median(times);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
