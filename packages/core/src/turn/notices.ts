import { type Actor, adminOfChild, type Group } from "../actor/actor.ts";
import { addressOf, OUTSIDE, parseAddress, senderAddress, shardOf } from "../address.ts";
import { encode } from "../codec.ts";
import { type Outgoing, type Undeliverable, Write } from "../commit/write.ts";
import type { DeadLetterRow, InboxRow, LogRow, RunEnd } from "../ports/rows.ts";
import { escalationTarget, FAILURE, type FailureReport } from "../supervisor/escalation.ts";
import { messageId } from "./message-from.ts";
import { closedProgress } from "./open-progress.ts";
import { routeTo } from "./route.ts";

/** Consumes messages, makes dead letters of them (or of some of them), and tells those who asked. */
export function buried(
  actor: Actor,
  rows: readonly LogRow[],
  reason: string,
  error: string | null,
  now: number,
  shards: number,
  letters: readonly LogRow[] = rows,
): Write {
  const write = new Write(actor.group, actor);
  const outgoing: Outgoing[] = [];
  const posts: InboxRow[] = [];
  write.consumed = rows.length;
  write.deadLetters = letters.map(
    (row): DeadLetterRow => ({
      channel: row.channel,
      seq: row.seq,
      actor: actor.name,
      reason,
      attempts: actor.progress.failed + 1,
      error,
      at: now,
    }),
  );
  for (const row of rows) {
    if (row.headers?.ask === undefined) continue;
    sendUp(
      actor,
      senderAddress(row.sender, actor.group.id),
      {
        kind: row.kind,
        body: new Uint8Array(),
        cause: messageId(row),
        at: now,
        headers: { re: row.headers.ask, failed: error ?? reason },
      },
      `failed:${messageId(row)}`,
      shards,
      outgoing,
      posts,
    );
  }
  write.outgoing = outgoing;
  write.posts = posts;
  // A turn of their own: what a crashed attempt at them remembered is not for the message that comes next.
  write.actorRow = actor.rowWith(
    { cursor: rows[rows.length - 1]?.seq ?? actor.cursor, turn: actor.turn + 1 },
    closedProgress(actor.progress),
  );
  return write;
}

type Notice = Pick<Outgoing, "kind" | "body" | "cause" | "at" | "headers">;

/** A message of the runtime in an actor's name; it needs no room, since there is at most one for each it answers. */
function sendUp(
  actor: Actor,
  to: string,
  notice: Notice,
  key: string,
  shards: number,
  outgoing: Outgoing[],
  posts: InboxRow[],
): void {
  const route = routeTo(to, {
    actor,
    adminBelow: (group) => adminOfChild(actor, group),
  });
  if (!("via" in route)) return;
  if (route.via === "group") outgoing.push({ ...notice, sender: actor.name, recipient: route.name, promisedTo: [] });
  else
    posts.push({
      ...notice,
      shard: shardOf(route.channel, shards),
      key,
      run: actor.group.run.id,
      channel: route.channel,
      sender: actor.address,
      recipient: route.recipient,
    });
}

/** Adds to a write that a failure goes up: as a message to whoever takes it, or as the end of the run. */
export function escalate(write: Write, from: Actor, report: FailureReport, now: number, shards: number): void {
  const target = escalationTarget(from);
  if (target.to === "run") {
    write.end = runFailure(report);
    return;
  }
  const notice = {
    kind: FAILURE,
    body: encode(report),
    cause: report.message,
    at: now,
    headers: null,
    sender: from.address,
  };
  if (target.to === "member") {
    write.outgoing = [...write.outgoing, { ...notice, sender: from.name, recipient: target.name, promisedTo: [] }];
    return;
  }
  const key = `failure:${report.message}:${from.address}`;
  const sender = addressOf(from.group.admin, from.group.id);
  write.posts = [
    ...write.posts,
    {
      ...notice,
      sender,
      shard: shardOf(target.group, shards),
      key,
      run: from.group.run.id,
      channel: target.group,
      recipient: target.name,
    },
  ];
}

function runFailure(report: FailureReport): RunEnd {
  return {
    status: "failed",
    result: null,
    error: `${report.actor} could not handle ${report.kind} (${report.message}) in ${report.attempts} attempts: ${report.error}`,
  };
}

/** Puts mail from outside on record as a dead letter: it is in the log, yet nobody's. Whoever asked is told. */
export function undeliverable(
  write: Write,
  group: Group,
  row: InboxRow,
  letter: Undeliverable,
  now: number,
  shards: number,
): void {
  write.undeliverable = letter;
  if (row.headers?.ask === undefined || row.sender === OUTSIDE) return;
  const asker = parseAddress(row.sender);
  const sender = group.kind === "admin" ? (row.recipient ?? row.sender) : addressOf(group.admin, group.id);
  write.posts = [
    ...write.posts,
    {
      shard: shardOf(asker.group, shards),
      key: `undelivered:${row.key}`,
      run: row.run,
      channel: asker.group,
      sender,
      recipient: asker.name,
      kind: row.kind,
      body: new Uint8Array(),
      cause: null,
      at: now,
      headers: { re: row.headers.ask, failed: letter.error ?? letter.reason },
    },
  ];
}
