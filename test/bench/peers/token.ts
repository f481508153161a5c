import { MEMORY, TEXT } from "../turns/rings.ts";

/** What goes round, the same for every system: about 200 bytes. */
export interface Token {
  readonly hop: number;
  readonly text: string;
}

/** What an actor remembers, where a system has such: about 200 bytes. */
export interface Remembered {
  readonly turns: number;
  readonly memory: string;
}

export const FIRST: Token = { hop: 0, text: TEXT };
export const NOTHING_YET: Remembered = { turns: 0, memory: MEMORY };

export function next({ hop }: Token): Token {
  return { hop: hop + 1, text: TEXT };
}

export function remember({ turns }: Remembered): Remembered {
  return { turns: turns + 1, memory: MEMORY };
}
