import {
  type ChannelKey,
  type ChannelName,
  type ChannelSnapshot,
  type Commit,
  type CommitOutcome,
  type DeadLetter,
  type Due,
  type GroupId,
  type Heartbeat,
  type InboxRow,
  type Lease,
  type RunEnd,
  type RunId,
  type RunInspection,
  type RunRow,
  type Store,
  type StoredMessage,
  type Submission,
  type Swept,
  TroupeError,
  type WorkerId,
} from "@troupe/core";
import { int8Array, textArray } from "./binary-array.ts";
import { pack } from "./column.ts";
import type { Database, Value } from "./database.ts";
import { accountOf } from "./sql/account.ts";
import { CLAIM_SHARDS } from "./sql/claim-shards.ts";
import { COMMIT_BATCH, commitValues, refusal } from "./sql/commit-batch.ts";
import { DEAD_LETTERS, deadLetterOf, parseDeadLetter } from "./sql/dead-letters.ts";
import { DUE_CHANNELS } from "./sql/due-channels.ts";
import { DUE_MAIL } from "./sql/due-mail.ts";
import { END_RUN } from "./sql/end-run.ts";
import { GROUPS_OF } from "./sql/groups-of.ts";
import { HISTORY } from "./sql/history.ts";
import { COUNT_DEAD_LETTERS, INSPECT_GROUPS } from "./sql/inspect-run.ts";
import { JOIN_WORKER } from "./sql/join-worker.ts";
import { LEAVE } from "./sql/leave.ts";
import { LIST_RUNS } from "./sql/list-runs.ts";
import { LOAD_CHANNELS, snapshotOf } from "./sql/load-channels.ts";
import { LOAD_RUNS } from "./sql/load-runs.ts";
import { LOAD_STATE } from "./sql/load-state.ts";
import { MAIL_COLUMNS, unpackHeaders } from "./sql/mail-columns.ts";
import { POST_MAIL } from "./sql/post-mail.ts";
import { RELEASE_SHARDS } from "./sql/release-shards.ts";
import { RENEW_WORKER } from "./sql/renew-worker.ts";
import { REPLAY_LETTER } from "./sql/replay-letter.ts";
import { runOfColumns } from "./sql/run-columns.ts";
import type { Statement } from "./sql/statement.ts";
import { bytes, SUBMIT_RUN, submitRunValues } from "./sql/submit-run.ts";
import { SWEEP } from "./sql/sweep.ts";
import { storeError } from "./store-error.ts";

/** The store port in SQL, whatever runs it. Each method is one statement, or several of which one writes. */
export class SqlStore implements Store {
  readonly label: string;
  readonly shards: number;
  readonly #database: Database;
  #closing: Promise<void> | undefined;

  constructor(database: Database, label: string, shards: number) {
    this.#database = database;
    this.label = label;
    this.shards = shards;
  }

  async join(worker: WorkerId, deployment: string, leaseMs: number): Promise<void> {
    await this.#query(JOIN_WORKER, [worker, deployment, leaseMs]);
  }

  async renew(worker: WorkerId, leaseMs: number): Promise<Heartbeat | undefined> {
    const [heartbeat] = await this.#query(RENEW_WORKER, [worker, leaseMs]);
    return heartbeat;
  }

  async claim(worker: WorkerId, limit: number): Promise<readonly Lease[]> {
    return this.#query(CLAIM_SHARDS, [worker, limit]);
  }

  async release(worker: WorkerId, shards: readonly number[]): Promise<void> {
    await this.#query(RELEASE_SHARDS, [worker, int8Array(shards)]);
  }

  async leave(worker: WorkerId): Promise<void> {
    await this.#query(LEAVE, [worker]);
  }

  async commit(commit: Commit): Promise<CommitOutcome> {
    return this.#call(async () => {
      try {
        const rows = await this.#database.commit(COMMIT_BATCH, commitValues(commit));
        const ended = new Set(commit.charges.filter((charge) => charge.end).map((charge) => charge.run));
        return { outcome: "committed", accounts: rows.map((row) => accountOf(row, ended)) };
      } catch (error) {
        const refused = refusal(error);
        if (refused) return refused;
        throw error;
      }
    });
  }

  async due(shards: readonly number[], before: number, limit: number): Promise<Due> {
    const [channels, inbox] = await Promise.all([
      this.#query(DUE_CHANNELS, [int8Array(shards), before, limit]),
      this.#query(DUE_MAIL, [int8Array(shards), limit]),
    ]);
    return { channels, inbox: inbox.map((row) => ({ ...row, headers: unpackHeaders(row.headers) })) };
  }

  async loadChannels(names: readonly ChannelName[]): Promise<readonly ChannelSnapshot[]> {
    if (names.length === 0) return [];
    const rows = await this.#query(LOAD_CHANNELS, [textArray(names)]);
    return rows.map(snapshotOf);
  }

  async loadState(channel: ChannelKey, name: string): Promise<Uint8Array | undefined> {
    const [row] = await this.#query(LOAD_STATE, [channel, name]);
    return row?.state;
  }

  async loadRuns(runs: readonly RunId[]): Promise<readonly RunRow[]> {
    if (runs.length === 0) return [];
    const rows = await this.#query(LOAD_RUNS, [textArray(runs)]);
    return rows.map(runOfColumns);
  }

  async groupsOf(run: RunId): Promise<readonly GroupId[]> {
    const rows = await this.#query(GROUPS_OF, [run]);
    return rows.map((row) => row.name);
  }

  async history(channel: ChannelName, limit: number, before?: number): Promise<readonly StoredMessage[]> {
    const rows = await this.#query(HISTORY, [channel, limit, before ?? null]);
    return rows.reverse().map((row) => ({ ...row, channel, headers: unpackHeaders(row.headers) }));
  }

  async submit(submission: Submission): Promise<{ readonly run: RunRow; readonly created: boolean }> {
    const [answer] = await this.#query(SUBMIT_RUN, submitRunValues(submission));
    const [run] = await this.loadRuns(answer ? [answer.run] : []);
    // Swept away between the two statements: so old a run no longer stands in the way.
    if (!answer || !run) return this.submit(submission);
    return { run, created: answer.created };
  }

  async post(rows: readonly InboxRow[]): Promise<void> {
    if (rows.length > 0) await this.#query(POST_MAIL, pack(MAIL_COLUMNS, rows));
  }

  async endRun(run: RunId, end: RunEnd): Promise<RunRow | undefined> {
    const result = end.result === null ? null : bytes(end.result);
    await this.#query(END_RUN, [run, end.status, result, end.error]);
    const [row] = await this.loadRuns([run]);
    return row;
  }

  async listRuns(limit: number): Promise<readonly RunRow[]> {
    const rows = await this.#query(LIST_RUNS, [limit]);
    return rows.map(runOfColumns);
  }

  async inspect(run: RunId): Promise<RunInspection | undefined> {
    const [rows, groups, letters] = await Promise.all([
      this.loadRuns([run]),
      this.#query(INSPECT_GROUPS, [run]),
      this.#query(COUNT_DEAD_LETTERS, [run]),
    ]);
    return rows[0] && { run: rows[0], groups, deadLetters: letters[0]?.count ?? 0 };
  }

  async deadLetters(run: RunId | undefined, limit: number): Promise<readonly DeadLetter[]> {
    const rows = await this.#query(DEAD_LETTERS, [run ?? null, limit]);
    return rows.map(deadLetterOf);
  }

  async replay(deadLetter: string): Promise<boolean> {
    const id = parseDeadLetter(deadLetter);
    if (!id) return false;
    const [answer] = await this.#query(REPLAY_LETTER, [id.channel, id.seq, id.actor]);
    return answer?.replayed ?? false;
  }

  async sweep(before: number, limit: number): Promise<Swept> {
    const [swept] = await this.#query(SWEEP, [before, limit]);
    return swept ?? { messages: 0, turns: 0, steps: 0, runs: 0 };
  }

  close(): Promise<void> {
    this.#closing ??= this.#database.close();
    return this.#closing;
  }

  #query<Row>(statement: Statement<Row>, values: readonly Value[]): Promise<Row[]> {
    return this.#call(() => this.#database.query(statement, values));
  }

  async #call<T>(work: () => Promise<T>): Promise<T> {
    if (this.#closing) throw new TroupeError("store_closed");
    try {
      return await work();
    } catch (error) {
      throw this.#closing ? new TroupeError("store_closed", undefined, error) : storeError(error);
    }
  }
}
