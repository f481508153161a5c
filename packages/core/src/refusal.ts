import type { Address } from "./address.ts";

/** Why something was not accepted. `retryAfterMs` is there where waiting can help. */
export const REFUSALS = {
  actor_stopped: "this actor has been stopped",
  actor_unknown: "there is no such actor in this group",
  body_invalid: "the body does not fit the receiver's schema",
  body_too_large: "the body is larger than its bound",
  circle: "these actors would wait for each other in a circle",
  failed: "the actor asked could not answer",
  kind_unknown: "the receiver does not take this kind",
  limit_actors: "the run has no room for another actor",
  limit_children: "this actor may not spawn any more",
  limit_depth: "groups may not be nested deeper",
  limit_groups: "the run has no room for another group",
  limit_members: "the group has no room for another actor",
  loop: "these two actors bounced messages without doing anything in between",
  mailbox_full: "the receiver's mailbox has no room",
  name_invalid: "a name is 1 to 64 of A-Z a-z 0-9 . _ -",
  name_taken: "this name belongs to an actor of another agent",
  not_asked: "this message does not wait for a reply",
  out_mailbox_full: "this turn has sent all that one turn may send",
  out_of_reach: "members reach their own group only",
  run_ended: "the run has ended",
  timeout: "no reply came before the deadline",
} as const;

export type RefusalReason = keyof typeof REFUSALS;

/** A hard bound said no. Data, so that an agent can act on it. */
export interface Refusal {
  readonly accepted: false;
  readonly reason: RefusalReason;
  /** One sentence for people and models: what was refused, and what would be right. */
  readonly message: string;
  readonly retryAfterMs?: number;
  /** `out_of_reach`: who can carry it further. */
  readonly askInstead?: Address;
  /** `circle`: the actors, the asker first and last. */
  readonly circle?: readonly string[];
}

export interface Accepted {
  readonly accepted: true;
}

/** The answer to a send. Accepted is: it will be delivered if this turn commits. */
export type Receipt = Accepted | Refusal;

export const ACCEPTED: Accepted = { accepted: true };

export function refuse(
  reason: RefusalReason,
  detail: string,
  extra?: Omit<Refusal, "accepted" | "reason" | "message">,
): Refusal {
  return { accepted: false, reason, message: `${REFUSALS[reason]}: ${detail}`, ...extra };
}
