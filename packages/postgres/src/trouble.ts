/** Hears that a database is lost, once, and that it is back. */
export type OnTrouble = (trouble: Error | "recovered") => void;

/** Turns a thousand failures of one outage into one report. */
export class Trouble {
  readonly #report: OnTrouble;
  #lost = false;

  constructor(report: OnTrouble = () => {}) {
    this.#report = report;
  }

  lost(error: Error) {
    if (this.#lost) return;
    this.#lost = true;
    this.#report(error);
  }

  fine() {
    if (!this.#lost) return;
    this.#lost = false;
    this.#report("recovered");
  }
}
