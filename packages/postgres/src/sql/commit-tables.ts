import type { Commit } from "@troupe/core";
import { bytea, type Column, int8, sparseBytea, sparseText, text } from "../column.ts";
import { MAIL_COLUMNS, packHeaders } from "./mail-columns.ts";

type Tables = {
  readonly [Key in keyof Commit as Commit[Key] extends readonly unknown[]
    ? Key
    : never]: Commit[Key] extends readonly (infer Row)[] ? readonly Column<Row>[] : never;
};

/** The tables of a commit, and their columns in the order in which `commit_batch` takes them. */
export const COMMIT_TABLES: Tables = {
  leases: [int8((lease) => lease.shard), int8((lease) => lease.epoch)],
  charges: [
    text((charge) => charge.run),
    int8((charge) => charge.turns),
    int8((charge) => charge.messages),
    int8((charge) => charge.actors),
    int8((charge) => charge.groups),
    int8((charge) => charge.stopped),
    sparseText((charge) => charge.end?.status ?? null),
    sparseBytea((charge) => charge.end?.result ?? null),
    sparseText((charge) => charge.end?.error ?? null),
  ],
  groups: [
    text((group) => group.id),
    int8((group) => group.shard),
    text((group) => group.run),
    int8((group) => group.depth),
    text((group) => group.admin),
    text((group) => group.spawner),
  ],
  spawned: [
    text((actor) => actor.group),
    text((actor) => actor.name),
    text((actor) => actor.definition),
    text((actor) => actor.spawner),
    int8((actor) => actor.cursor),
    bytea((actor) => actor.state),
  ],
  log: [
    int8((row) => row.channel),
    int8((row) => row.seq),
    text((row) => row.sender),
    text((row) => row.recipient),
    text((row) => row.kind),
    bytea((row) => row.body),
    text((row) => row.cause),
    int8((row) => row.at),
    sparseBytea((row) => packHeaders(row.headers)),
  ],
  actors: [
    int8((actor) => actor.channel),
    text((actor) => actor.name),
    text((actor) => actor.standing),
    int8((actor) => actor.cursor),
    int8((actor) => actor.turn),
    sparseBytea((actor) => actor.progress),
    sparseBytea((actor) => actor.state),
  ],
  channels: [int8((row) => row.channel), int8((row) => row.head), int8((row) => row.wakeAt)],
  turns: [
    int8((turn) => turn.channel),
    text((turn) => turn.actor),
    int8((turn) => turn.turn),
    int8((turn) => turn.attempt),
    int8((turn) => turn.firstSeq),
    int8((turn) => turn.lastSeq),
    int8((turn) => turn.startedAt),
    int8((turn) => turn.ms),
    text((turn) => turn.outcome),
    sparseText((turn) => turn.error),
  ],
  steps: [
    int8((step) => step.channel),
    text((step) => step.actor),
    int8((step) => step.turn),
    text((step) => step.key),
    bytea((step) => step.record),
    int8((step) => step.at),
  ],
  deadLetters: [
    int8((letter) => letter.channel),
    int8((letter) => letter.seq),
    text((letter) => letter.actor),
    text((letter) => letter.reason),
    int8((letter) => letter.attempts),
    text((letter) => letter.error),
    int8((letter) => letter.at),
  ],
  posted: MAIL_COLUMNS,
  admitted: [int8((row) => row.shard), text((row) => row.key)],
};
