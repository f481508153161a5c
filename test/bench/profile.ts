import { writeFile } from "node:fs/promises";
import { Session } from "node:inspector/promises";
import { join } from "node:path";

interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  }[];
  readonly samples?: readonly number[] | undefined;
  readonly timeDeltas?: readonly number[] | undefined;
}

const TOP = 40;

/** Profiles some work into `<name>.cpuprofile`, for a viewer, and `<name>.txt`: the functions with the most self time. */
export async function profile(folder: string, name: string, work: () => Promise<unknown>): Promise<void> {
  const session = new Session();
  session.connect();
  await session.post("Profiler.enable");
  await session.post("Profiler.setSamplingInterval", { interval: 200 });
  await session.post("Profiler.start");
  await work();
  const { profile: found } = await session.post("Profiler.stop");
  session.disconnect();
  await writeFile(join(folder, `${name}.cpuprofile`), JSON.stringify(found));
  await writeFile(join(folder, `${name}.txt`), `${selfTimes(found).slice(0, TOP).join("\n")}\n`);
}

function selfTimes({ nodes, samples = [], timeDeltas = [] }: CpuProfile): string[] {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const times = new Map<string, number>();
  let all = 0;
  for (const [place, id] of samples.entries()) {
    const frame = frames.get(id);
    const file = frame?.url.split("/").slice(-3).join("/") ?? "";
    const key = `${frame?.functionName || "(anonymous)"}  ${file}:${(frame?.lineNumber ?? 0) + 1}`;
    const time = timeDeltas[place] ?? 0;
    times.set(key, (times.get(key) ?? 0) + time);
    all += time;
  }
  return [...times]
    .sort((a, b) => b[1] - a[1])
    .map(([key, time]) => `${((time / all) * 100).toFixed(1).padStart(5)}%  ${key}`);
}
