import { openStore, type Store } from "troupe";

/** What a store remembers of a run after a kill. None of it may be done again. */
export interface Remembered {
  /** Turns below these are closed, by address. */
  readonly turns: ReadonlyMap<string, number>;
  /** Steps of turns in hand: `address turn key`. */
  readonly steps: ReadonlySet<string>;
  readonly finished: boolean;
}

/** Looks into a store that no process has open, without taking part in it. */
export async function rememberedOf(spec: string, key: string): Promise<Remembered> {
  const store = await openStore(spec);
  try {
    return await readRun(store, key);
  } finally {
    await store.close();
  }
}

async function readRun(store: Store, key: string): Promise<Remembered> {
  const turns = new Map<string, number>();
  const steps = new Set<string>();
  const run = (await store.listRuns(100)).find((each) => each.key === key);
  if (run === undefined) return { turns, steps, finished: false };
  for (const group of await store.loadChannels(await store.groupsOf(run.id))) {
    for (const member of group.members) turns.set(`${member.name}@${group.name}`, member.turn);
    for (const { actor, turn, key: step } of group.steps) {
      if (step.startsWith("step:")) steps.add(`${actor}@${group.name} ${turn} ${step.slice("step:".length)}`);
    }
  }
  return { turns, steps, finished: run.status !== "running" };
}

/** Of the steps that were carried out later, those that were remembered. */
export function doneAgain({ turns, steps, finished }: Remembered, later: readonly string[]): string[] {
  return later.flatMap((line) => {
    const [what, actor = "", turn = "", key] = line.split(" ");
    const known = finished || Number(turn) < (turns.get(actor) ?? 0) || steps.has(`${actor} ${turn} ${key}`);
    return what === "step" && known ? [line] : [];
  });
}
