import { setTimeout } from "node:timers/promises";
import { isFault, open, type Run, type Troupe } from "troupe";
import { BOUNDS } from "./bounds.ts";
import { type BytePath, displayPath } from "./byte-path.ts";
import { Complaint } from "./complaint.ts";
import type { Interrupt } from "./interrupt.ts";
import { lead } from "./lead.ts";
import { owner } from "./owner.ts";
import type { Progress } from "./progress.ts";
import { reader } from "./reader.ts";
import type { Report } from "./report.ts";
import type { StorePlace } from "./store-place.ts";

/** What it took to make a report. */
type RunSummary = {
  readonly id: string;
  readonly groups: number;
  readonly agents: number;
  readonly messages: number;
  readonly turns: number;
  /** How often the run was taken up again by another process. */
  readonly resumed: number;
  /** How long this process took; with one decimal. */
  readonly seconds: number;
};

export type Audit = { readonly report: Report; readonly run: RunSummary };

const BUSY_MS = 2_000;
const LOOK_AGAIN_MS = 100;

/**
 * Begins an audit or goes on with one, until it is done or the end is asked for: then it is undefined.
 *
 * @throws Complaint if the store cannot be opened, the key is another folder's, or the run failed
 */
export async function runAudit(
  dir: BytePath,
  place: StorePlace,
  progress: Progress,
  interrupt: Interrupt,
): Promise<Audit | undefined> {
  const startedAt = performance.now();
  progress.doing("opening the store");
  await using troupe = await openStore(place.store);
  if (interrupt.code !== undefined) return undefined;
  try {
    const run = await submit(troupe, dir, place);
    progress.say(`${run.created ? "auditing" : "going on with"} ${displayPath(dir)} (key ${place.key})`);
    progress.doing(run.created ? "beginning" : "looking where it was left");
    const watching = run.events$.subscribe((event) => progress.note(event));
    const report = await Promise.race([run.result(), interrupt.asked]);
    watching.unsubscribe();
    return typeof report === "number" ? undefined : { report, run: await summaryOf(run, startedAt) };
  } catch (error) {
    if (!isFault(error)) throw error;
    throw new Complaint(`the audit failed: ${error.message}`, 1);
  }
}

async function summaryOf(run: Run<Report>, startedAt: number): Promise<RunSummary> {
  const { id, spent, resumed } = await run.status();
  const { groups, actors: agents, messages, turns } = spent;
  return {
    id,
    groups,
    agents,
    messages,
    turns,
    resumed,
    seconds: Math.round((performance.now() - startedAt) / 100) / 10,
  };
}

/** Opens the store; a process that was killed a moment ago may still be on its way out, with the lock in its hand. */
async function openStore(store: string, waitedMs = 0): Promise<Troupe> {
  try {
    return await open({ store, agents: [lead, owner, reader], settings: BOUNDS });
  } catch (error) {
    if (!isFault(error)) throw error;
    if (error.code !== "store_busy" || waitedMs >= BUSY_MS) {
      throw new Complaint(`cannot open the store: ${error.message}`);
    }
    await setTimeout(LOOK_AGAIN_MS);
    return openStore(store, waitedMs + LOOK_AGAIN_MS);
  }
}

async function submit(troupe: Troupe, dir: BytePath, { key, without }: StorePlace): Promise<Run<Report>> {
  try {
    return await troupe.submit(lead, { site: { dir, without } }, { key });
  } catch (error) {
    if (!isFault(error, "key_conflict")) throw error;
    throw new Complaint(
      `key ${key} belongs to an audit of another folder than ${displayPath(dir)}; choose another key`,
    );
  }
}
