import type { Actor } from "../actor/actor.ts";
import { Write } from "../commit/write.ts";
import type { LogRow } from "../ports/rows.ts";
import { buried } from "../turn/notices.ts";
import { closedProgress } from "../turn/open-progress.ts";
import { noteDead } from "./turn-events.ts";
import type { TurnRunnerHost } from "./turn-runner-host.ts";

// What an actor has written without its behaviour being run. It is busy meanwhile, as with a turn.

/** Consumes messages that no turn will handle, and makes dead letters of them, or of some of them. */
export function bury(
  host: TurnRunnerHost,
  actor: Actor,
  rows: readonly LogRow[],
  reason: string,
  error: string,
  idle: () => void,
  letters: readonly LogRow[] = rows,
): void {
  begin(actor);
  const write = buried(actor, rows, reason, error, host.clock.now(), host.store.shards, letters);
  write.applied = () => {
    noteDead(host.traffic, actor, letters, reason, error);
    actor.cursor = rows[rows.length - 1]?.seq ?? actor.cursor;
    actor.turn += 1;
    actor.progress = closedProgress(actor.progress);
    actor.journal = undefined;
    actor.replies = undefined;
    idle();
  };
  write.refused = () => actor.signal("refuse");
  host.write(write);
}

/** Empties the mailbox of an actor that takes no mail any more. What was said to everyone is not for it any longer. */
export function buryAll(host: TurnRunnerHost, actor: Actor, idle: () => void): void {
  const rows: LogRow[] = [];
  for (let place = 0; place < actor.mailbox.length; place++) rows.push(actor.mailbox.at(place) as LogRow);
  if (rows.length === 0) return;
  const letters = rows.filter(({ recipient }) => recipient !== null);
  bury(host, actor, rows, actor.standing, `the actor is ${actor.standing}`, idle, letters);
}

/** Puts on record, and charges, that a worker may have died of this actor's turn. The run has a turn reserved for it. */
export function markSuspect(host: TurnRunnerHost, actor: Actor, idle: () => void): void {
  const { run } = actor.group;
  const progress = { ...actor.progress, crashes: actor.progress.crashes + 1 };
  begin(actor);
  const write = new Write(actor.group, actor);
  write.turns = 1;
  write.actorRow = actor.rowWith({}, progress);
  write.applied = () => {
    run.releaseTurn();
    actor.progress = progress;
    actor.suspect = false;
    idle();
  };
  write.refused = () => {
    run.releaseTurn();
    actor.signal("refuse");
    host.dispatcher.wake(actor);
  };
  host.write(write);
}

const RETRY_MS = 1_000;

/** Reads the state of an actor that has been out of memory; it stays out of the run queue until it is there. */
export function loadState(host: TurnRunnerHost, actor: Actor): void {
  const { store, clock, dispatcher } = host;
  const goOn = (): void => {
    actor.queued = false;
    dispatcher.wake(actor);
    dispatcher.run();
  };
  actor.queued = true;
  store.loadState(actor.group.key, actor.name).then(
    (state) => {
      if (state !== undefined) actor.keepState(state);
      goOn();
    },
    (error: unknown) => {
      host.failed(error);
      clock.after(RETRY_MS, goOn);
    },
  );
}

function begin(actor: Actor): void {
  actor.signal("take");
  actor.signal("fail");
}
