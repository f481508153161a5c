import { type ChannelSnapshot, DEFAULT_LIMITS, encode, type RunRow } from "@troupe/core";
import fc from "fast-check";
import { expect, it } from "vitest";
import { Actor, type Group } from "../../src/actor/actor.ts";
import { Channel } from "../../src/actor/channel.ts";
import { InMailbox } from "../../src/actor/in-mailbox.ts";
import { assemble } from "../../src/commit/assemble.ts";
import { type Outgoing, Write } from "../../src/commit/write.ts";
import { RunLedger } from "../../src/supervisor/run-ledger.ts";
import { idler } from "../script.ts";

const KID = idler("kid");
const MEMBERS = ["ann", "bob"];

function makeGroup(id: string, head: number, unread: readonly number[]): Group {
  const spent = { turns: 0, messages: 0, actors: 1, actorsLiving: 1, groups: 1, modelCalls: 0, tokens: 0, cost: 0 };
  const names = { id: "r", tenant: "t", key: null, definition: "lead", deployment: "d", status: "running" } as const;
  const rest = { result: null, error: null, resumed: 0, createdAt: 0, endedAt: null };
  const run: RunRow = { ...names, ...rest, limits: DEFAULT_LIMITS, spent, input: new Uint8Array() };
  const key = id === "r" ? 1 : 2;
  const at = { key, name: id, shard: key, run: "r", depth: 1, head, wakeAt: 0 };
  const snapshot: ChannelSnapshot = {
    ...at,
    kind: "group",
    admin: "ann",
    spawner: null,
    members: [],
    unread: [],
    steps: [],
  };
  const group: Group = new Channel<Actor>(snapshot, new RunLedger(run));
  for (const [place, name] of MEMBERS.entries()) {
    const member = {
      name,
      definition: "kid",
      spawner: null,
      standing: "active",
      cursor: 0,
      turn: 1,
      progress: null,
    } as const;
    const actor = new Actor(group, { ...member, state: encode(null) }, KID);
    for (let seq = 1; seq <= (unread[place] ?? 0); seq++) {
      actor.mailbox.push(messageRow(key, seq, name));
      group.work += 1;
    }
    group.members.set(name, actor);
  }
  return group;
}

function messageRow(channel: number, seq: number, recipient: string) {
  const body = new Uint8Array();
  return { channel, seq, sender: "ann", recipient, kind: "k", body, cause: null, at: 0, headers: null };
}

interface Sketch {
  readonly group: number;
  readonly actor: number;
  readonly sends: number;
  readonly spawns: readonly string[];
  readonly consumes: boolean;
  readonly state: boolean;
}

const sketch: fc.Arbitrary<Sketch> = fc.record({
  group: fc.integer({ min: 0, max: 1 }),
  actor: fc.integer({ min: 0, max: 1 }),
  sends: fc.integer({ min: 0, max: 3 }),
  spawns: fc.array(fc.constantFrom("ann", "carl", "dora"), { maxLength: 2 }),
  consumes: fc.boolean(),
  state: fc.boolean(),
});

const unread = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 2, maxLength: 2 });

it("gives every message of every write its place without gap, and moves each cursor to the last thing it says", () => {
  fc.assert(
    fc.property(fc.array(sketch, { maxLength: 8 }), fc.nat(50), unread, unread, (sketches, head, one, two) => {
      const groups = [makeGroup("r", head, one), makeGroup("r/below", 0, two)];
      const left = new Map<Actor, number>();
      const cursors = new Map<Actor, number>();
      const states = new Map<Actor, Uint8Array | null>();
      let bodies = 0;
      const writes = sketches.map(({ group: place, actor: who, sends, spawns, consumes, state }) => {
        const group = groups[place] as Group;
        const actor = group.members.get(MEMBERS[who] as string) as Actor;
        const write = new Write(group, actor);
        write.outgoing = Array.from({ length: sends }, (): Outgoing => {
          const body = encode(++bodies);
          return {
            sender: actor.name,
            recipient: "bob",
            kind: "k",
            body,
            cause: null,
            at: 0,
            headers: null,
            promisedTo: [],
          };
        });
        write.members = spawns.map((name) => {
          return { name, agent: KID, spawner: actor.address, state: encode(null), mailbox: new InMailbox() };
        });
        const has = left.get(actor) ?? actor.mailbox.length;
        if (consumes && has > 0) {
          write.consumed = 1;
          left.set(actor, has - 1);
          cursors.set(actor, (cursors.get(actor) ?? 0) + 1);
        }
        const bytes = state ? encode(sketches.length) : null;
        if (bytes !== null || !states.has(actor)) states.set(actor, bytes);
        write.actorRow = actor.rowWith({ cursor: cursors.get(actor) ?? 0, state: bytes }, actor.progress);
        return write;
      });

      const { commit, placed, channels } = assemble(writes, { worker: "w", number: 1, leaseMs: 1, epochs: new Map() });

      const sent = writes.flatMap((write) => write.outgoing.map(({ body }) => ({ key: write.group.key, body })));
      for (const group of groups) {
        const rows = commit.log.filter(({ channel }) => channel === group.key);
        expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, i) => group.head + 1 + i));
        expect(rows.map(({ body }) => body)).toEqual(
          sent.filter(({ key }) => key === group.key).map(({ body }) => body),
        );
        const consumed = writes
          .filter((write) => write.group === group)
          .reduce((sum, write) => sum + write.consumed, 0);
        const work = group.work - consumed + rows.length;
        const told = channels.get(group);
        if (writes.some((write) => write.group === group)) {
          expect(told?.wakeAt ?? (told ? told.wakeAt : group.wakeAt)).toBe(work === 0 ? null : 0);
          expect(told?.head ?? group.head).toBe(group.head + rows.length);
        } else expect(told).toBeUndefined();
      }
      const born = commit.spawned.map(({ group, name }) => `${name}@${group}`);
      const wanted = writes.flatMap((write) => write.members.map(({ name }) => `${name}@${write.group.id}`));
      expect(new Set(born).size).toBe(born.length);
      expect(new Set(born)).toEqual(new Set(wanted.filter((address) => !address.startsWith("ann@"))));
      expect(commit.charges.map(({ actors, messages }) => [actors, messages])).toEqual(
        writes.length === 0 ? [] : [[born.length, commit.log.length]],
      );
      for (const row of commit.actors) {
        const actor = groups.find(({ key }) => key === row.channel)?.members.get(row.name) as Actor;
        expect(row.cursor).toBe(cursors.get(actor) ?? 0);
        expect(row.state).toEqual(states.get(actor));
      }
      expect(new Set(commit.actors.map(({ channel, name }) => `${channel} ${name}`)).size).toBe(commit.actors.length);
      for (const part of placed)
        expect(part.rows.map(({ body }) => body)).toEqual(part.write.outgoing.map(({ body }) => body));
    }),
    { numRuns: 10_000 },
  );
});
