import { adminChannelOf, type Submission } from "@troupe/core";
import type { Value } from "../database.ts";
import { packHeaders } from "./mail-columns.ts";
import { sql } from "./statement.ts";

/** Locks the new run's row; a submission of the same key waits at the unique index. */
export const SUBMIT_RUN = sql<{ readonly run: string; readonly created: boolean }>`
select run, created from troupe.submit_run(
  $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,
  $26, $27, $28, $29, $30, $31, $32, $33, $34, $35, $36, $37, $38
)`;

export function submitRunValues({ run, root, actor, first }: Submission): Value[] {
  const { spent } = run;
  return [
    ...[run.id, run.tenant, run.key, run.definition, run.deployment, run.status, JSON.stringify(run.limits)],
    ...[spent.turns, spent.messages, spent.actors, spent.actorsLiving, spent.groups],
    ...[spent.modelCalls, spent.tokens, spent.cost, bytes(run.input), run.resumed, run.createdAt],
    ...[adminChannelOf(run.id), root.shard, root.depth, root.admin, root.spawner],
    ...[actor.name, actor.definition, actor.spawner, actor.cursor, bytes(actor.state)],
    ...[first.shard, first.key, first.channel, first.sender, first.recipient, first.kind, bytes(first.body)],
    ...[first.cause, first.at, bytes(packHeaders(first.headers))],
  ];
}

/** The same bytes as a Buffer, which the drivers send in binary. */
export function bytes(value: Uint8Array): Buffer;
export function bytes(value: Uint8Array | null): Buffer | null;
export function bytes(value: Uint8Array | null): Buffer | null {
  return value === null ? null : Buffer.from(value.buffer, value.byteOffset, value.byteLength);
}
