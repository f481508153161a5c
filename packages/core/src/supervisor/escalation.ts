import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Actor } from "../actor/actor.ts";
import { type GroupId, parseAddress } from "../address.ts";
import { bodySchema } from "../kinds.ts";

/** The kind under which an escalated failure arrives. */
export const FAILURE = "failure";

/** What an escalated failure says. */
export interface FailureReport {
  /** Address of the actor that was stopped. */
  readonly actor: string;
  /** Id and kind of the message it could not handle. */
  readonly message: string;
  readonly kind: string;
  readonly error: string;
  readonly attempts: number;
}

/** The schema of the kind `failure`: an agent that deals with escalated failures declares `on: { failure }`. */
export const failure: StandardSchemaV1<FailureReport, FailureReport> = {
  "~standard": {
    version: 1,
    vendor: "troupe",
    validate: (value) =>
      typeof value === "object" && value !== null && "actor" in value && "error" in value
        ? { value: value as FailureReport }
        : { issues: [{ message: "not a failure report" }] },
  },
};

/** Who deals with an escalated failure: a member of the group, somebody in the group above, or nobody but the run itself. */
export type EscalationTarget =
  | { readonly to: "member"; readonly name: string }
  | { readonly to: "above"; readonly group: GroupId; readonly name: string }
  | { readonly to: "run" };

/** Up to the group's admin if it takes failures, else to whoever spawned the group, and from a root group to the run. */
export function escalationTarget(from: Actor): EscalationTarget {
  const { group } = from;
  const admin = group.members.get(group.admin);
  if (admin !== undefined && admin !== from && admin.standing === "active" && takesFailures(admin))
    return { to: "member", name: admin.name };
  const above = admin?.spawner ?? null;
  if (group.isRoot || above === null) return { to: "run" };
  const { name, group: parent } = parseAddress(above);
  return { to: "above", group: parent, name };
}

export function takesFailures(actor: Actor): boolean {
  return actor.agent !== undefined && bodySchema(actor.agent.on, FAILURE) !== undefined;
}
