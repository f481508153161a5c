import type { Address } from "./address.ts";
import type { BodyOut, Kinds, ReplyIn } from "./kinds.ts";

declare const replies: unique symbol;

/** One row of a channel, as a behaviour sees it. */
export interface Message<Kind extends string = string, Body = unknown, Reply = unknown> {
  /** `channel:seq`; the same on every attempt. */
  readonly id: string;
  readonly kind: Kind;
  readonly body: Body;
  readonly from: Address;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** True for what was said to the whole group. */
  readonly broadcast: boolean;
  /** Present where the sender is parked on `ask`: what `reply` answers. */
  readonly ask: string | undefined;
  readonly [replies]?: Reply;
}

/** Any message that an agent with these kinds can get, told apart by `kind`. */
export type MessageOf<K extends Kinds> = {
  [N in keyof K & string]: Message<N, BodyOut<K[N]>, ReplyIn<K[N]>>;
}[keyof K & string];

/** What a reply to this message must be. */
export type ReplyTo<M> = M extends Message<string, unknown, infer Reply> ? Reply : never;
