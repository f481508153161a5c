import { addressOf, adminChannelOf, type ChannelName, shardOf } from "../address.ts";
import type { Agent } from "../agent.ts";
import type { Receiver } from "../commit/write.ts";
import { bodySchema, replySchema } from "../kinds.ts";
import type { Message } from "../message.ts";
import type { Headers } from "../ports/rows.ts";
import { ACCEPTED, type Receipt, type Refusal, refuse } from "../refusal.ts";
import { check } from "../schema.ts";
import { bouncesOf } from "../supervisor/loop-bound.ts";
import type { Op } from "./out-mailbox.ts";
import { pack, packFor, packForAll } from "./receive.ts";
import { type Route, routeTo } from "./route.ts";
import type { TurnContext } from "./turn-context.ts";

// The verbs that put messages into the out-mailbox. Each checks the route, the kind, the body and every bound first.

const RETRY_AFTER_MS = 1_000;

export function tell(turn: TurnContext, to: string, kind: string, body: unknown): Receipt {
  const op = { verb: "tell", what: to, which: kind };
  return turn.out.past(op) ?? done(turn, op, send(turn, to, kind, body, null));
}

/** Circles are looked for when a question is new: once it has been sent, others may rightly wait for its asker. */
export function ask(turn: TurnContext, to: string, kind: string, body: unknown, headers: Headers): Receipt {
  const op = { verb: "ask", what: to, which: kind };
  return turn.out.past(op) ?? done(turn, op, circleTo(turn, to) ?? send(turn, to, kind, body, headers));
}

export function say(turn: TurnContext, kind: string, body: unknown): Receipt {
  const op = { verb: "say", what: kind };
  return turn.out.past(op) ?? done(turn, op, sendToAll(turn, kind, body));
}

export function announce(turn: TurnContext, kind: string, body: unknown): Receipt {
  const op = { verb: "announce", what: kind };
  return turn.out.past(op) ?? done(turn, op, sendToAdmins(turn, kind, body));
}

export function reply(turn: TurnContext, question: Message, body: unknown): Receipt {
  const op = { verb: "reply", what: question.id };
  return turn.out.past(op) ?? done(turn, op, sendReply(turn, question, body));
}

function done(turn: TurnContext, op: Op, receipt: Receipt): Receipt {
  if (!receipt.accepted) turn.host.noteRefusal(turn.actor, receipt);
  turn.out.did(op, receipt);
  return receipt;
}

function circleTo({ host, actor }: TurnContext, to: string): Refusal | undefined {
  const circle = host.waits.circle(actor.address, to);
  return circle === undefined ? undefined : refuse("circle", circle.join(" → "), { circle });
}

function send(turn: TurnContext, to: string, kind: string, body: unknown, headers: Headers | null): Receipt {
  const route = routeTo(to, turn);
  if (!("via" in route)) return route;
  const hopped = withHops(turn, route, to, headers);
  if (hopped !== null && "accepted" in hopped) return hopped;
  return route.via === "group"
    ? sendToMember(turn, route.name, kind, body, hopped)
    : sendToInbox(turn, route.channel, route.recipient, kind, body, hopped);
}

/** The headers with the count of bounces, or the refusal of one too many. */
function withHops(
  { rows, acted, actor }: TurnContext,
  route: Route,
  to: string,
  headers: Headers | null,
): Headers | null | Refusal {
  const handled = rows[0];
  if (handled === undefined || acted) return headers;
  const hops = bouncesOf(handled, handled.sender, route.via === "group" ? route.name : to, acted);
  if (hops === 0) return headers;
  const { bounces } = actor.group.run.limits;
  if (hops > bounces) {
    return refuse(
      "loop",
      `${actor.name} and ${to} sent each other ${bounces} messages without a step or a spawn between them; do something, or finish`,
    );
  }
  return headers === null ? { hops } : { ...headers, hops };
}

function sendToMember(turn: TurnContext, name: string, kind: string, body: unknown, headers: Headers | null): Receipt {
  const { actor, out, host } = turn;
  const member = actor.group.members.get(name);
  const receiver = member ?? out.members.find((newborn) => newborn.name === name);
  if (receiver === undefined) return refuse("actor_unknown", `${name} in ${actor.group.id}`);
  if (member?.standing === "stopped" || member?.standing === "quarantined")
    return refuse("actor_stopped", member.address);
  const { agent } = receiver;
  const { bodyBytes } = host.settings;
  const packed = agent === undefined ? pack(kind, body, bodyBytes) : packFor(agent, kind, body, bodyBytes);
  if (!packed.accepted) return packed;
  return put(turn, name, kind, packed.body, headers, [receiver]);
}

function sendToAll(turn: TurnContext, kind: string, body: unknown): Receipt {
  const { actor, out, host } = turn;
  const others = [...actor.group.members.values()].filter((member) => member !== actor && member.standing === "active");
  const hearers: readonly Receiver[] = [...others, ...out.members].filter(
    ({ agent }) => agent !== undefined && bodySchema(agent.on, kind) !== undefined,
  );
  const agents = new Set(hearers.map(({ agent }) => agent as Agent));
  if (agents.size === 0)
    return refuse("kind_unknown", `nobody else in ${actor.group.id} takes ${JSON.stringify(kind)}`);
  const packed = packForAll(agents, kind, body, host.settings.bodyBytes);
  if (!packed.accepted) return packed;
  return put(turn, null, kind, packed.body, null, hearers);
}

function put(
  turn: TurnContext,
  recipient: string | null,
  kind: string,
  body: Uint8Array,
  headers: Headers | null,
  receivers: readonly Receiver[],
): Receipt {
  const { actor, out, host } = turn;
  const { mailboxMessages, mailboxBytes } = host.settings;
  if (!fits(turn, body)) return outFull(turn);
  for (const receiver of receivers) {
    if (!receiver.mailbox.hasRoom(body.length, mailboxMessages, mailboxBytes))
      return mailboxFull(turn, body, receivers);
  }
  for (const receiver of receivers) receiver.mailbox.promise(body.length);
  out.put({
    sender: actor.name,
    recipient,
    kind,
    body,
    cause: turn.cause,
    at: turn.now,
    headers,
    promisedTo: receivers,
  });
  return ACCEPTED;
}

function mailboxFull({ host }: TurnContext, body: Uint8Array, receivers: readonly Receiver[]): Refusal {
  const { mailboxMessages, mailboxBytes } = host.settings;
  const full = receivers.filter(({ mailbox }) => !mailbox.hasRoom(body.length, mailboxMessages, mailboxBytes));
  return refuse("mailbox_full", full.map(({ name, mailbox }) => `${name} (${mailbox.length} waiting)`).join(", "), {
    retryAfterMs: RETRY_AFTER_MS,
  });
}

function sendToAdmins(turn: TurnContext, kind: string, body: unknown): Receipt {
  const { actor } = turn;
  const { group } = actor;
  if (actor.isAdmin) return sendToInbox(turn, adminChannelOf(group.run.id), null, kind, body, null);
  const askInstead = addressOf(group.admin, group.id);
  return refuse("out_of_reach", `only admins announce; ask ${askInstead}`, { askInstead });
}

function sendToInbox(
  turn: TurnContext,
  channel: ChannelName,
  recipient: string | null,
  kind: string,
  body: unknown,
  headers: Headers | null,
): Receipt {
  const { actor, out, host, cause } = turn;
  const packed = pack(kind, body, host.settings.bodyBytes);
  if (!packed.accepted) return packed;
  if (!fits(turn, packed.body)) return outFull(turn);
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
    at: turn.now,
    headers,
  });
  return ACCEPTED;
}

function sendReply(turn: TurnContext, question: Message, body: unknown): Receipt {
  const { actor, host } = turn;
  if (question.ask === undefined) return refuse("not_asked", `${question.id} (${question.kind}) was told; use tell`);
  const schema = actor.agent === undefined ? undefined : replySchema(actor.agent.on, question.kind);
  const checked = schema === undefined ? { ok: true as const, value: body } : check(schema, body);
  if (!checked.ok) return refuse("body_invalid", `reply to ${question.kind}: ${checked.message}`);
  const headers = { re: question.ask };
  const route = routeTo(question.from, turn);
  if (!("via" in route)) return route;
  if (route.via === "inbox")
    return sendToInbox(turn, route.channel, route.recipient, question.kind, checked.value, headers);
  const packed = pack(question.kind, checked.value, host.settings.bodyBytes);
  if (!packed.accepted) return packed;
  // The asker's question was let into a bounded mailbox; its reply needs no room of its own.
  return put(turn, route.name, question.kind, packed.body, headers, []);
}

function fits({ out, host }: TurnContext, body: Uint8Array): boolean {
  return out.hasRoom(body.length, host.settings.outMessages, host.settings.outBytes);
}

function outFull({ host }: TurnContext): Refusal {
  const { outMessages, outBytes } = host.settings;
  return refuse(
    "out_mailbox_full",
    `at most ${outMessages} messages and ${outBytes} bytes; spread the work over several turns`,
  );
}
