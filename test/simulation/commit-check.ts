import { type Commit, decode, FAILURE, runOf } from "@troupe/core";
import type { Violation } from "../history/history.ts";

/** What must hold after each commit, not only at the end. */
export class CommitCheck {
  readonly violations: Violation[] = [];
  readonly #mailboxMessages: number;
  readonly #nameOf: (channel: number) => string;
  /** By `channel actor`: seqs of what is to it alone and unread. */
  readonly #unread = new Map<string, number[]>();
  readonly #crashes = new Map<string, number>();

  constructor(mailboxMessages: number, nameOf: (channel: number) => string) {
    this.#mailboxMessages = mailboxMessages;
    this.#nameOf = nameOf;
  }

  /** A store refuses only what should never have been sent. */
  rejected(error: unknown): void {
    this.violations.push({ promise: "sound commits", detail: String(error) });
  }

  /** Who has been told that a shard is another's writes to it no more. */
  wentOn(process: string, shard: number, epoch: number): void {
    this.violations.push({
      promise: "fenced is over",
      detail: `${process} went on with shard ${shard} at epoch ${epoch}`,
    });
  }

  applied(commit: Commit): void {
    this.#checkCharges(commit);
    for (const { channel, name, cursor } of commit.actors) {
      const key = `${channel} ${name}`;
      this.#unread.set(
        key,
        (this.#unread.get(key) ?? []).filter((seq) => seq > cursor),
      );
    }
    for (const { channel, seq, recipient, kind, headers } of commit.log) {
      // What the runtime says in an actor's name needs no room, and a reply is no mail.
      if (recipient === null || headers?.re !== undefined || kind === FAILURE) continue;
      this.#arrived(`${channel} ${recipient}`, seq);
    }
  }

  #arrived(key: string, seq: number): void {
    const unread = this.#unread.get(key);
    // Nobody's: it has never been an actor that takes turns.
    const seqs = [...(unread ?? []), seq];
    this.#unread.set(key, seqs);
    if (seqs.length > this.#mailboxMessages && !key.includes("!") && !key.includes("@"))
      this.violations.push({
        promise: "caps",
        detail: `${key} has ${seqs.length} unread, allowed ${this.#mailboxMessages}`,
      });
  }

  /** Every turn is charged, and every worker that died of one; only a turn that is put aside may find the budget used up. */
  #checkCharges({ charges, turns, actors }: Commit): void {
    const due = new Map<string, number>();
    const add = (channel: number, count: number) => {
      const run = runOf(this.#nameOf(channel));
      due.set(run, (due.get(run) ?? 0) + count);
    };
    for (const { channel, error } of turns) if (error?.startsWith("commit_rejected") !== true) add(channel, 1);
    for (const { channel, name, progress } of actors) {
      const { crashes = 0 } = progress === null ? {} : (decode(progress) as { crashes?: number });
      const key = `${channel} ${name}`;
      if (crashes > (this.#crashes.get(key) ?? 0)) add(channel, 1);
      this.#crashes.set(key, crashes);
    }
    for (const { run, turns: charged } of charges)
      if (charged < (due.get(run) ?? 0))
        this.violations.push({ promise: "account", detail: `${run}: ${charged} turns charged of ${due.get(run)}` });
  }
}
