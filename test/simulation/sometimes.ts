/** What has to happen in some of many worlds, lest the checks prove nothing. */
export const SOMETIMES = [
  "a shard was taken over while a commit of its owner was under way",
  "a commit was fenced",
  "a mailbox was full",
  "a parked turn was replayed",
  "a poison turn was put aside",
  "a circle was refused",
  "an unknown commit had happened",
  "an unknown commit had not happened",
  "a commit arrived after its worker had been told that nobody answers",
  "a worker was killed with a commit under way",
  "a frozen worker went on after its lease",
  "a step ran again because its result was not durable",
  "a step was remembered after a crash",
  "a message was a dead letter",
  "a message was tried again after a crash",
  "a turn was over its time",
  "a cap was refused",
  "a loop was refused",
  "a run went over its turns",
  "an actor was stopped",
  "an actor was started anew",
  "a failure was escalated",
  "a question was answered",
  "mail went from group to group",
  "an admin announced something",
  "a group left memory and came back",
  "a submission was repeated",
  "a run finished",
  "a run came to rest",
  "a run failed",
  "a run was cancelled",
  "a run was swept away",
  "consumed messages were swept away",
  "a wall clock jumped while an actor waited",
] as const;

type Sometime = (typeof SOMETIMES)[number];

export type SometimeCounts = Record<Sometime, number>;

export function noneYet(): SometimeCounts {
  return Object.fromEntries(SOMETIMES.map((what) => [what, 0])) as SometimeCounts;
}
