import type { Actor } from "../actor/actor.ts";
import type { Agent } from "../agent.ts";
import { encode } from "../codec.ts";
import { isFault } from "../fault.ts";
import { bodySchema, type Kinds } from "../kinds.ts";
import { type Refusal, refuse } from "../refusal.ts";
import { check } from "../schema.ts";

export type Packed = { readonly accepted: true; readonly body: Uint8Array } | Refusal;

/** False for a kind that the actor's agent does not have; where the agent is not known here, nobody can say. */
export function takes({ agent }: Actor, kind: string): boolean {
  return agent === undefined || bodySchema(agent.on, kind) !== undefined;
}

/** Holds a body against what the receiver takes, and packs what the schema makes of it. */
export function packFor(receiver: Agent, kind: string, body: unknown, maxBytes: number): Packed {
  const schema = bodySchema(receiver.on, kind);
  if (schema === undefined)
    return refuse("kind_unknown", `${receiver.name} takes ${kindsOf(receiver.on)}, not ${JSON.stringify(kind)}`);
  const checked = check(schema, body);
  if (!checked.ok) return refuse("body_invalid", `${kind} for ${receiver.name}: ${checked.message}`);
  return pack(kind, checked.value, maxBytes);
}

/** The same for several: what one of their schemas makes of the body may not be for the others, who then get it as it was said. */
export function packForAll(receivers: Iterable<Agent>, kind: string, body: unknown, maxBytes: number): Packed {
  let first: Packed | undefined;
  let differs = false;
  for (const receiver of receivers) {
    const packed = packFor(receiver, kind, body, maxBytes);
    if (!packed.accepted) return packed;
    if (first?.accepted && !sameBytes(first.body, packed.body)) differs = true;
    first ??= packed;
  }
  return first === undefined || differs ? pack(kind, body, maxBytes) : first;
}

/** Packs a body whose shape nobody here knows. */
export function pack(kind: string, body: unknown, maxBytes: number): Packed {
  try {
    const packed = encode(body);
    if (packed.length > maxBytes)
      return refuse("body_too_large", `${kind} has ${packed.length} bytes; at most ${maxBytes}`);
    return { accepted: true, body: packed };
  } catch (error) {
    if (isFault(error, "value_unserializable")) return refuse("body_invalid", `${kind}: ${error.message}`);
    throw error;
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((byte, place) => byte === b[place]);
}

function kindsOf(on: Kinds): string {
  const names = Object.keys(on);
  return names.length === 0 ? "no messages" : names.join(", ");
}
