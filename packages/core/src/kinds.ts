import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { Address } from "./address.ts";

/** A kind that is answered: its body, and what the reply must look like. */
export interface Request<
  Body extends StandardSchemaV1 = StandardSchemaV1,
  Reply extends StandardSchemaV1 = StandardSchemaV1,
> {
  readonly body: Body;
  readonly reply: Reply;
}

export type KindSpec = StandardSchemaV1 | Request;

/** The message kinds an agent receives, by name. */
export type Kinds = Readonly<Record<string, KindSpec>>;

/** What a sender passes for a kind. */
export type BodyIn<Spec> =
  Spec extends Request<infer Body>
    ? StandardSchemaV1.InferInput<Body>
    : Spec extends StandardSchemaV1
      ? StandardSchemaV1.InferInput<Spec>
      : never;

/** What the receiver sees of it: the schema's output. */
export type BodyOut<Spec> =
  Spec extends Request<infer Body>
    ? StandardSchemaV1.InferOutput<Body>
    : Spec extends StandardSchemaV1
      ? StandardSchemaV1.InferOutput<Spec>
      : never;

export type ReplyIn<Spec> =
  Spec extends Request<StandardSchemaV1, infer Reply> ? StandardSchemaV1.InferInput<Reply> : never;
export type ReplyOut<Spec> =
  Spec extends Request<StandardSchemaV1, infer Reply> ? StandardSchemaV1.InferOutput<Reply> : never;

/** The kinds behind an address; of a plain string nothing is known. */
export type KindsAt<To> = To extends { readonly [key in keyof Address]: unknown } & Address<infer K>
  ? K extends Kinds
    ? K
    : never
  : never;

/** Declares a kind that `ask` may use: `on: { find: request(z.string(), z.number()) }`. */
export function request<Body extends StandardSchemaV1, Reply extends StandardSchemaV1>(
  body: Body,
  reply: Reply,
): Request<Body, Reply> {
  return { body, reply };
}

/** What can be known of an agent without running it: enough to spawn it and to write to it. */
export interface Definition<K extends Kinds = Kinds> {
  readonly name: string;
  readonly on: K;
}

/** The schema of a kind's body; undefined if the agent does not take the kind. */
export function bodySchema(on: Kinds, kind: string): StandardSchemaV1 | undefined {
  const spec = Object.hasOwn(on, kind) ? on[kind] : undefined;
  return spec === undefined || "~standard" in spec ? spec : spec.body;
}

/** The schema of a kind's reply; undefined if the kind is not a request. */
export function replySchema(on: Kinds, kind: string): StandardSchemaV1 | undefined {
  const spec = Object.hasOwn(on, kind) ? on[kind] : undefined;
  return spec === undefined || "~standard" in spec ? undefined : spec.reply;
}
