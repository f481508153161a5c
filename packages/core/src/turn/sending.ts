import type { Actor } from "../actor/actor.ts";
import { adminChannelOf, type ChannelName, shardOf } from "../address.ts";
import type { Outgoing } from "../commit/write.ts";
import { bodySchema, replySchema } from "../kinds.ts";
import type { Message } from "../message.ts";
import type { Headers } from "../ports/rows.ts";
import { ACCEPTED, type Receipt, type Refusal, refuse } from "../refusal.ts";
import { check } from "../schema.ts";
import { bouncesOf } from "../supervisor/loop-bound.ts";
import { pack, packFor } from "./receive.ts";
import { type Neighbours, type Route, routeTo } from "./route.ts";
import type { TurnContext } from "./turn-context.ts";

const RETRY_AFTER_MS = 1_000;

/** The verbs that put messages into the out-mailbox: each checks the route, the kind, the body and every bound first. */
export class Sending {
  readonly #turn: TurnContext;
  readonly #neighbours: Neighbours;

  constructor(turn: TurnContext, neighbours: Neighbours) {
    this.#turn = turn;
    this.#neighbours = neighbours;
  }

  tell(to: string, kind: string, body: unknown, headers: Headers | null = null): Receipt {
    const { out } = this.#turn;
    return out.once(`tell ${to} ${kind}`, () => this.#noted(this.#send(to, kind, body, headers)));
  }

  say(kind: string, body: unknown): Receipt {
    return this.#turn.out.once(`say ${kind}`, () => this.#noted(this.#say(kind, body)));
  }

  announce(kind: string, body: unknown): Receipt {
    return this.#turn.out.once(`announce ${kind}`, () => this.#noted(this.#announce(kind, body)));
  }

  reply(question: Message, body: unknown): Receipt {
    return this.#turn.out.once(`reply ${question.id}`, () => this.#noted(this.#reply(question, body)));
  }

  #noted(receipt: Receipt): Receipt {
    if (!receipt.accepted) this.#turn.host.noteRefusal(this.#turn.actor, receipt);
    return receipt;
  }

  #send(to: string, kind: string, body: unknown, headers: Headers | null): Receipt {
    const route = routeTo(to, this.#neighbours);
    if (!("via" in route)) return route;
    const hopped = this.#withHops(route, to, headers);
    if (hopped !== null && "accepted" in hopped) return hopped;
    return route.via === "group" ? this.#toMember(route.name, kind, body, hopped) : this.#toInbox(route.channel, route.recipient, kind, body, hopped);
  }

  /** The headers with the count of bounces, or the refusal of one too many. */
  #withHops(route: Route, to: string, headers: Headers | null): Headers | null | Refusal {
    const { rows, acted, actor } = this.#turn;
    const handled = rows[0];
    if (handled === undefined || acted) return headers;
    const hops = bouncesOf(handled, handled.sender, route.via === "group" ? route.name : to, acted);
    if (hops === 0) return headers;
    const { bounces } = actor.group.run.limits;
    if (hops > bounces) {
      return refuse("loop", `${actor.name} and ${to} sent each other ${bounces} messages without a step or a spawn between them; do something, or finish`);
    }
    return headers === null ? { hops } : { ...headers, hops };
  }

  #toMember(name: string, kind: string, body: unknown, headers: Headers | null): Receipt {
    const { actor, out, host } = this.#turn;
    const receiver = actor.group.members.get(name);
    const agent = receiver?.agent ?? out.members.find((member) => member.name === name)?.agent;
    if (receiver === undefined && agent === undefined) return refuse("actor_unknown", `${name} in ${actor.group.id}`);
    if (receiver?.standing === "stopped") return refuse("actor_stopped", receiver.address);
    const packed = agent === undefined ? pack(kind, body, host.settings.bodyBytes) : packFor(agent, kind, body, host.settings.bodyBytes);
    if (!packed.accepted) return packed;
    return this.#put(name, kind, packed.body, headers, receiver === undefined ? [] : [receiver]);
  }

  #say(kind: string, body: unknown): Receipt {
    const { actor, host } = this.#turn;
    const hearers = [...actor.group.members.values()].filter(
      (member) => member !== actor && member.standing !== "stopped" && member.agent !== undefined && bodySchema(member.agent.on, kind) !== undefined,
    );
    const agent = hearers[0]?.agent;
    if (agent === undefined) return refuse("kind_unknown", `nobody else in ${actor.group.id} takes ${JSON.stringify(kind)}`);
    const packed = packFor(agent, kind, body, host.settings.bodyBytes);
    if (!packed.accepted) return packed;
    return this.#put(null, kind, packed.body, null, hearers);
  }

  #put(recipient: string | null, kind: string, body: Uint8Array, headers: Headers | null, receivers: readonly Actor[]): Receipt {
    const { actor, out, host } = this.#turn;
    const { mailboxMessages, mailboxBytes } = host.settings;
    if (!this.#fits(body)) return this.#outFull();
    const full = receivers.filter((receiver) => !receiver.mailbox.hasRoom(body.length, mailboxMessages, mailboxBytes));
    if (full.length > 0) {
      const names = full.map((receiver) => `${receiver.name} (${receiver.mailbox.length} waiting)`).join(", ");
      return refuse("mailbox_full", names, { retryAfterMs: RETRY_AFTER_MS });
    }
    for (const receiver of receivers) receiver.mailbox.promise(body.length);
    out.put({ sender: actor.name, recipient, kind, body, cause: this.#turn.cause, at: host.clock.now(), headers, promisedTo: receivers });
    return ACCEPTED;
  }

  #announce(kind: string, body: unknown): Receipt {
    const { actor } = this.#turn;
    if (!actor.isAdmin) return refuse("out_of_reach", `only admins announce; ask ${actor.group.admin}`, { askInstead: actor.group.members.get(actor.group.admin)?.address ?? actor.address });
    return this.#toInbox(adminChannelOf(actor.group.run.id), null, kind, body, null);
  }

  #toInbox(channel: ChannelName, recipient: string | null, kind: string, body: unknown, headers: Headers | null): Receipt {
    const { actor, out, host, cause } = this.#turn;
    const packed = pack(kind, body, host.settings.bodyBytes);
    if (!packed.accepted) return packed;
    if (!this.#fits(packed.body)) return this.#outFull();
    out.post({
      shard: shardOf(channel, host.store.shards),
      key: `${actor.address}#${actor.turn}.${out.place}`,
      run: actor.group.run.id,
      channel,
      sender: actor.address,
      recipient,
      kind,
      body: packed.body,
      cause,
      at: host.clock.now(),
      headers,
    });
    return ACCEPTED;
  }

  #reply(question: Message, body: unknown): Receipt {
    const { actor } = this.#turn;
    if (question.ask === undefined) return refuse("not_asked", `${question.id} (${question.kind}) was told; use tell`);
    const schema = actor.agent === undefined ? undefined : replySchema(actor.agent.on, question.kind);
    const checked = schema === undefined ? { ok: true as const, value: body } : check(schema, body);
    if (!checked.ok) return refuse("body_invalid", `reply to ${question.kind}: ${checked.message}`);
    const headers = { re: question.ask };
    const route = routeTo(question.from, this.#neighbours);
    if (!("via" in route)) return route;
    if (route.via === "inbox") return this.#toInbox(route.channel, route.recipient, question.kind, checked.value, headers);
    const packed = pack(question.kind, checked.value, this.#turn.host.settings.bodyBytes);
    if (!packed.accepted) return packed;
    // The asker's question was let into a bounded mailbox; its reply needs no room of its own.
    return this.#put(route.name, question.kind, packed.body, headers, []);
  }

  #fits(body: Uint8Array): boolean {
    const { outMessages, outBytes } = this.#turn.host.settings;
    return this.#turn.out.hasRoom(body.length, outMessages, outBytes);
  }

  #outFull(): Refusal {
    const { outMessages, outBytes } = this.#turn.host.settings;
    return refuse("out_mailbox_full", `at most ${outMessages} messages and ${outBytes} bytes; spread the work over several turns`);
  }
}

/** Gives back the room that was set aside for messages that will not be sent. */
export function unpromise(outgoing: readonly Outgoing[]): void {
  for (const message of outgoing) for (const receiver of message.promisedTo) receiver.mailbox.unpromise(message.body.length);
}
