import { encode, type Headers } from "@troupe/core";
import { describe, expect, it } from "vitest";
import type { OpenStore } from "./harness.ts";
import { photograph, plain } from "./photograph.ts";
import { actorRow, actorWrite, channelWrite, charge, mail, message, NOON, stepRow, turnRow } from "./rows.ts";
import { channelOf, openWorld } from "./world.ts";

const EVERY_BYTE = Uint8Array.from({ length: 256 }, (_, byte) => byte);
const EMPTY = new Uint8Array(0);
const MEBIBYTE = Uint8Array.from({ length: 1 << 20 }, (_, index) => index % 251);
const STRANGE = `it's "quoted" \\ {a,b} NULL $1 ; -- \t\n é ö 漢字 \u{1f3ad} \u202e`;
const BIG = Number.MAX_SAFE_INTEGER;

export function valuesContract(open: OpenStore): void {
  describe("values", () => {
    it.each([
      ["every byte there is", EVERY_BYTE],
      ["no bytes", EMPTY],
      ["a mebibyte", MEBIBYTE],
      ["a slice of a larger buffer", Buffer.from("xxbodyxx").subarray(2, 6)],
    ])("come back as they were: %s in a body, a state, a step, an inbox and a result", async (_, bytes) => {
      const { store, worker, start } = await openWorld(open);
      const ann = await worker("ann");
      const run = await start(ann, "run");
      const expected = plain(bytes);
      await ann.apply({
        log: [message(run.root, 2, { body: bytes }), message(run.root, 3, { recipient: null, body: bytes })],
        actors: [actorWrite(run.root, "root", { cursor: 1, state: bytes, progress: bytes })],
        steps: [stepRow(run.root, "root", 1, "s", { record: bytes })],
        spawned: [actorRow("run", "x", { state: bytes })],
        posted: [mail("posted", "run", { body: bytes })],
        channels: [channelWrite(run.root, 3)],
        charges: [charge("run", { actors: 1 })],
      });
      await store.post([mail("from outside", "run", { body: bytes })]);

      const root = await channelOf(store, "run");
      const { inbox } = await store.due([0], 0, 9);
      const history = await store.history("run", 2);
      const ended = await store.endRun("run", { status: "finished", result: bytes, error: null });

      expect(root.unread.slice(-2).map(({ body }) => plain(body) === expected)).toEqual([true, true]);
      expect(history.map(({ body }) => plain(body) === expected)).toEqual([true, true]);
      expect(inbox.map(({ body }) => plain(body) === expected)).toEqual([true, true]);
      const member = root.members.find(({ name }) => name === "root");
      expect(
        [member?.state, member?.progress, root.steps[0]?.record, ended?.result].map((got) => plain(got) === expected),
      ).toEqual(Array(4).fill(true));
      expect(plain(await store.loadState(run.root, "x")) === expected).toBe(true);
    });

    it("come back as they were: strange text wherever text goes", async () => {
      const { store, worker, start } = await openWorld(open);
      const ann = await worker("ann");
      const run = await start(ann, "run", { tenant: STRANGE, key: STRANGE, definition: STRANGE, deployment: STRANGE });
      const row = message(run.root, 2, {
        sender: STRANGE,
        kind: STRANGE,
        cause: STRANGE,
        headers: { failed: STRANGE },
      });
      const step = stepRow(run.root, "root", 1, STRANGE);
      const posted = mail(STRANGE, "run", {
        sender: STRANGE,
        kind: STRANGE,
        cause: STRANGE,
        headers: { ask: STRANGE, re: STRANGE },
      });
      await ann.apply({
        log: [row],
        steps: [step],
        spawned: [actorRow("run", "x", { definition: STRANGE, spawner: STRANGE })],
        turns: [turnRow(run.root, "root", 1, { error: STRANGE })],
        posted: [posted],
        deadLetters: [
          { channel: run.root, seq: 2, actor: "root", reason: STRANGE, attempts: 1, error: STRANGE, at: NOON },
        ],
        channels: [channelWrite(run.root, 2)],
        charges: [charge("run", { actors: 1 })],
      });

      const root = await channelOf(store, "run");
      const { inbox } = await store.due([0], 0, 9);
      const admitted = await ann.commit({ admitted: [{ shard: 0, key: STRANGE }], charges: [charge("run")] });

      expect(plain(root.unread.at(-1))).toEqual(plain(row));
      expect(plain(root.steps)).toEqual([plain(step)]);
      expect(root.members.find(({ name }) => name === "x")).toMatchObject({ definition: STRANGE, spawner: STRANGE });
      expect(plain(inbox)).toEqual([plain(posted)]);
      expect(admitted).toMatchObject({ outcome: "committed" });
      expect(await store.deadLetters("run", 9)).toMatchObject([
        { reason: STRANGE, error: STRANGE, sender: STRANGE, kind: STRANGE },
      ]);
      expect(await store.endRun("run", { status: "failed", result: null, error: STRANGE })).toMatchObject({
        error: STRANGE,
        tenant: STRANGE,
        key: STRANGE,
        definition: STRANGE,
        deployment: STRANGE,
      });
    });

    it("come back as they were: the largest whole numbers", async () => {
      const { store, worker, start } = await openWorld(open);
      const ann = await worker("ann");
      const run = await start(ann, "run", { createdAt: BIG - 1, limits: { turns: BIG, cost: BIG, wallMs: BIG } });
      await ann.apply({
        log: [message(run.root, 2, { at: BIG, headers: { hops: 2 ** 31 - 1, expiresAt: BIG } })],
        actors: [actorWrite(run.root, "root", { cursor: 1 })],
        steps: [stepRow(run.root, "root", 1, "s", { at: BIG })],
        channels: [channelWrite(run.root, 2, BIG - 1)],
        charges: [charge("run", { messages: 2 ** 40 })],
      });

      const root = await channelOf(store, "run");
      const [row] = await store.loadRuns(["run"]);

      expect(root).toMatchObject({
        wakeAt: BIG - 1,
        unread: [{ at: BIG, headers: { hops: 2 ** 31 - 1, expiresAt: BIG } }],
        steps: [{ at: BIG }],
      });
      expect((await store.due([0], BIG, 9)).channels).toMatchObject([{ wakeAt: BIG - 1 }]);
      expect(row).toMatchObject({
        createdAt: BIG - 1,
        limits: { turns: BIG, cost: BIG, wallMs: BIG },
        spent: { messages: 2 ** 40 + 1 },
      });
    });

    it.each<[string, Headers | null]>([
      ["none", null],
      ["one", { hops: 1 }],
      ["all", { ask: "7/question", re: "3/other", failed: "no", hops: 3, expiresAt: NOON }],
    ])("come back as they were: %s of the headers", async (_, headers) => {
      const { store, worker, start } = await openWorld(open);
      const ann = await worker("ann");
      const run = await start(ann, "run");
      await ann.apply({
        log: [message(run.root, 2, { headers })],
        channels: [channelWrite(run.root, 2)],
        charges: [charge("run")],
      });
      await store.post([mail("k", "run", { headers })]);

      expect((await channelOf(store, "run")).unread.at(-1)?.headers).toEqual(headers);
      expect((await store.history("run", 1))[0]?.headers).toEqual(headers);
      expect((await store.due([0], 0, 9)).inbox[0]?.headers).toEqual(headers);
    });

    it("are kept as they are or refused without a trace: a NUL in text", async () => {
      const { store, worker, start } = await openWorld(open);
      const ann = await worker("ann");
      const run = await start(ann, "run");
      const before = await photograph(store, ["run"]);
      const kind = "be\0fore";

      const refused = await ann
        .commit({
          log: [message(run.root, 2, { kind, body: encode(1) })],
          channels: [channelWrite(run.root, 2)],
          charges: [charge("run")],
        })
        .then(
          () => undefined,
          (error: unknown) => error,
        );

      if (refused === undefined) expect((await store.history("run", 1))[0]?.kind).toBe(kind);
      else {
        expect(refused).toMatchObject({ code: "commit_rejected" });
        expect(await photograph(store, ["run"])).toEqual(before);
      }
      const seq = refused === undefined ? 3 : 2;
      await ann.apply({
        log: [message(run.root, seq)],
        channels: [channelWrite(run.root, seq)],
        charges: [charge("run")],
      });
    });
  });
}
