import fc from "fast-check";

/** What happens to the store next. Numbers pick, modulo how many there are, from what exists when it happens. */
export type Command =
  | { readonly type: "join" | "leave" | "expire"; readonly worker: number }
  | { readonly type: "claim" | "release"; readonly worker: number; readonly shards: number }
  | { readonly type: "submit"; readonly key: number; readonly shard: number; readonly tight: boolean }
  | { readonly type: "post"; readonly mail: MailChoice }
  | { readonly type: "end"; readonly run: number }
  | CommitChoice;

export interface MailChoice {
  readonly channel: number;
  readonly key: number;
  readonly sender: number;
}

export interface TurnChoice {
  readonly channel: number;
  readonly actor: number;
  readonly to: number;
  readonly read: number;
  readonly closes: boolean;
  readonly writes: boolean;
  readonly steps: number;
  readonly standing: number;
  readonly wake: number;
}

export interface CommitChoice {
  readonly type: "commit";
  readonly worker: number;
  readonly run: number;
  /** Added to the number that would be right. */
  readonly shift: number;
  readonly turns: readonly TurnChoice[];
  readonly admits: number;
  readonly posts: readonly MailChoice[];
  readonly groups: number;
  readonly actors: number;
  /** 0: none; else which bad row to add. */
  readonly flaw: number;
  readonly ends: boolean;
}

const pick = fc.nat({ max: 5 });
const worker = fc.nat({ max: 2 });
/** True about one time in `of`. */
const seldom = (of: number) => fc.nat({ max: of - 1 }).map((value) => value === of - 1);
/** Mostly 0. */
const mostlyNone = fc.oneof(
  { weight: 5, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 6 }) },
);

const mail: fc.Arbitrary<MailChoice> = fc.record({
  channel: pick,
  key: fc.nat({ max: 12 }),
  sender: fc.nat({ max: 1 }),
});

const turn: fc.Arbitrary<TurnChoice> = fc.record({
  channel: pick,
  actor: pick,
  to: pick,
  read: fc.nat({ max: 3 }),
  closes: fc.boolean(),
  writes: fc.boolean(),
  steps: fc.nat({ max: 2 }),
  standing: mostlyNone,
  wake: pick,
});

const commit: fc.Arbitrary<CommitChoice> = fc.record({
  type: fc.constant("commit" as const),
  worker,
  run: pick,
  shift: fc.oneof({ weight: 12, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constantFrom(-2, -1, 1) }),
  turns: fc.array(turn, { maxLength: 4 }),
  admits: fc.nat({ max: 2 }),
  posts: fc.array(mail, { maxLength: 2 }),
  groups: fc.nat({ max: 1 }),
  actors: fc.nat({ max: 2 }),
  flaw: mostlyNone,
  ends: seldom(20),
});

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 20, arbitrary: commit },
  { weight: 4, arbitrary: fc.record({ type: fc.constant("post" as const), mail }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant("claim" as const), worker, shards: pick }) },
  {
    weight: 2,
    arbitrary: fc.record({
      type: fc.constant("submit" as const),
      key: pick,
      shard: fc.nat({ max: 1 }),
      tight: fc.boolean(),
    }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constantFrom("join" as const, "expire" as const), worker }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("release" as const), worker, shards: fc.nat({ max: 1 }) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("leave" as const), worker }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant("end" as const), run: pick }) },
);

/** A life of a store: it begins with one worker that has every shard, and a run. */
export const lives: fc.Arbitrary<readonly Command[]> = fc
  .array(command, { maxLength: 40 })
  .map((commands) => [
    { type: "join", worker: 0 },
    { type: "claim", worker: 0, shards: 99 },
    { type: "submit", key: 0, shard: 0, tight: false },
    ...commands,
  ]);
