/** A planted bug: a place in the runtime's source, and what stands there instead. */
export interface Mutant {
  readonly name: string;
  /** Below the root of the repository. */
  readonly file: string;
  /** Each `find` must be in the file exactly once, so that a change of the code is noticed here. */
  readonly edits: readonly { readonly find: string; readonly put: string }[];
}
