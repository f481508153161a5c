// Recognises what changes the database in what its clients say to it, in PostgreSQL's own protocol (version 3): commits
// of workers, and posts from outside.

const CHANGES = ["commit_batch", "post_mail"].map((name) => `troupe.${name}($1`);
/** The message with which a client ends its request. */
const SYNC = Buffer.from([0x53, 0, 0, 0, 4]);
/** The message with which the server ends its answer, but for its last byte. Sent when the transaction is over. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5]);

/** One connection, as far as commits go: what was said last, and whether a commit waits for its answer. */
export class CommitWatch {
  #asking = false;
  #asked = false;
  #answerBegan = false;
  #tail = Buffer.alloc(0);

  /** A commit has been sent as a whole, and nothing has come back. */
  get isUnanswered(): boolean {
    return this.#asked && !this.#answerBegan;
  }

  /** The client has said this; true if with it a commit is complete. */
  sent(chunk: Buffer): boolean {
    if (!this.#asking) {
      if (!CHANGES.some((change) => chunk.includes(change))) return false;
      this.#asking = true;
    }
    if (!chunk.subarray(-SYNC.length).equals(SYNC)) return false;
    this.#asking = false;
    this.#asked = true;
    this.#answerBegan = false;
    return true;
  }

  /** The server has said this; true if with it the answer to a commit is complete. */
  answered(chunk: Buffer): boolean {
    if (!this.#asked) return false;
    this.#answerBegan = true;
    this.#tail = Buffer.concat([this.#tail, chunk]).subarray(-READY.length - 1);
    if (!this.#tail.subarray(0, -1).equals(READY)) return false;
    this.#asked = false;
    return true;
  }
}
