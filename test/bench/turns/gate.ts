/**
 * Where tokens are counted, and held between rounds: the same runtime is measured several times, and rests while the
 * bare store has its turn.
 */
export class Gate {
  readonly #all: number;
  #opening = Promise.withResolvers<void>();
  #shut = Promise.withResolvers<void>();
  #isOpen = false;
  #held = 0;
  #turns = 0;
  #passedAt: number[] | undefined;

  /** Holds so many tokens in all, and is closed at first. */
  constructor(tokens: number) {
    this.#all = tokens;
  }

  get turns(): number {
    return this.#turns;
  }

  /** Passes a token on, now or when the gate opens. */
  enter(pass: () => void): void | Promise<void> {
    if (this.#isOpen) return pass();
    this.#held += 1;
    if (this.#held === this.#all) this.#shut.resolve();
    return this.#opening.promise.then(pass);
  }

  passed(): void {
    this.#turns += 1;
    this.#passedAt?.push(performance.now());
  }

  open(): void {
    this.#isOpen = true;
    this.#held = 0;
    this.#shut = Promise.withResolvers();
    this.#opening.resolve();
  }

  /** Resolves when every token is held, and so nothing is under way. */
  async close(): Promise<void> {
    this.#isOpen = false;
    this.#opening = Promise.withResolvers();
    await this.#shut.promise;
  }

  /** Resolves when every token has come for the first time. */
  ready(): Promise<void> {
    return this.#shut.promise;
  }

  /** Milliseconds between one turn and the next from now on; of use with a single token. */
  watchHops(): () => number[] {
    const passedAt: number[] = [];
    this.#passedAt = passedAt;
    return () => {
      this.#passedAt = undefined;
      return passedAt.slice(1).map((at, place) => at - (passedAt[place] ?? at));
    };
  }
}
