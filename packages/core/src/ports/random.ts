/** Chance, as the runtime is allowed to see it. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** A new id of 16 lower-case letters and digits, unique beyond doubt. */
  id(): string;
}
