import { DEFAULT_LIMITS } from "@troupe/core";
import { describe, expect, it } from "vitest";
import type { OpenStore } from "./harness.ts";
import { by, photograph, plain } from "./photograph.ts";
import { actorRow, actorWrite, channelWrite, charge, groupRow, mail, message, NOON, runRow } from "./rows.ts";
import { channelOf, openWorld } from "./world.ts";

function submission(id: string, given: Partial<ReturnType<typeof runRow>> = {}) {
  return {
    run: runRow({ id, ...given }),
    root: groupRow(id),
    actor: actorRow(id, "root"),
    first: mail(`first:${id}`, id),
  };
}

export function runsContract(open: OpenStore): void {
  describe("runs", () => {
    it("come with a root group, an admin channel, a root actor and its first message", async () => {
      const { store } = await openWorld(open);
      const given = submission("run", { limits: { ...DEFAULT_LIMITS, turns: 7 }, key: "k" });

      const { run, created } = await store.submit(given);

      expect(created).toBe(true);
      expect(plain(run)).toEqual(plain(given.run));
      expect(plain(await store.loadRuns(["run"]))).toEqual([plain(given.run)]);
      expect(await store.groupsOf("run")).toEqual(["run"]);
      expect(plain(await channelOf(store, "run"))).toMatchObject({
        kind: "group",
        run: "run",
        depth: 1,
        admin: "root",
        head: 0,
        members: [{ name: "root", definition: "member", standing: "active", cursor: 0, turn: 1, progress: null }],
        unread: [],
        steps: [],
      });
      expect(await channelOf(store, "run#admin")).toMatchObject({ kind: "admin", run: "run", head: 0, members: [] });
      expect(plain((await store.due([0], 0, 9)).inbox)).toEqual([plain(given.first)]);
    });

    it("are one run when the same key is submitted twice, also after it ended", async () => {
      const { store } = await openWorld(open);
      await store.submit(submission("one", { key: "k" }));
      const before = await photograph(store, ["one", "two"]);

      const again = await store.submit(submission("two", { key: "k", definition: "other" }));
      const after = await photograph(store, ["one", "two"]);
      await store.endRun("one", { status: "finished", result: null, error: null });
      const ended = await store.submit(submission("three", { key: "k" }));

      expect(again).toMatchObject({ created: false, run: { id: "one", definition: "lead" } });
      expect(after).toEqual(before);
      expect(ended).toMatchObject({ created: false, run: { id: "one", status: "finished" } });
    });

    it("are one run when the same key is submitted many times at once", async () => {
      const { store, second } = await openWorld(open);
      const stores = [store, await second()];

      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          (stores[index % 2] ?? store).submit(submission(`run-${index}`, { key: "k" })),
        ),
      );

      expect(answers.filter(({ created }) => created)).toHaveLength(1);
      expect(new Set(answers.map(({ run }) => run.id)).size).toBe(1);
      expect(await store.listRuns(99)).toHaveLength(1);
      expect((await store.due([0], 0, 99)).inbox).toHaveLength(1);
    });

    it("are different runs for different tenants, other keys, or without a key", async () => {
      const { store } = await openWorld(open);

      const answers = [
        await store.submit(submission("a", { key: "k", tenant: "one" })),
        await store.submit(submission("b", { key: "k", tenant: "two" })),
        await store.submit(submission("c", { key: "l", tenant: "one" })),
        await store.submit(submission("d", { tenant: "one" })),
        await store.submit(submission("e", { tenant: "one" })),
      ];

      expect(answers.map(({ created, run }) => [created, run.id])).toEqual(
        ["a", "b", "c", "d", "e"].map((id) => [true, id]),
      );
    });

    it("are one run when a submission without a key is repeated as it was", async () => {
      const { store, worker, start } = await openWorld(open);
      await start(await worker("ann"), "run");
      const before = await photograph(store, ["run"]);

      const { run } = await store.submit(submission("run"));

      expect(run.id).toBe("run");
      expect(await photograph(store, ["run"])).toEqual(before);
    });

    it("are loaded by id where they exist", async () => {
      const { store, submit } = await openWorld(open);
      await submit("a");
      await submit("b");

      expect([...(await store.loadRuns(["b", "none", "a"]))].sort(by("id")).map(({ id }) => id)).toEqual(["a", "b"]);
      expect(await store.loadRuns([])).toEqual([]);
      expect(await store.groupsOf("none")).toEqual([]);
    });

    it("are listed newest first, up to the limit", async () => {
      const { store, submit } = await openWorld(open);
      await submit("middle", { createdAt: NOON + 1 });
      await submit("oldest", { createdAt: NOON });
      await submit("newest", { createdAt: NOON + 2 });

      expect((await store.listRuns(9)).map(({ id }) => id)).toEqual(["newest", "middle", "oldest"]);
      expect((await store.listRuns(2)).map(({ id }) => id)).toEqual(["newest", "middle"]);
    });

    it("keep an account of what their commits charge", async () => {
      const { store, worker, start } = await openWorld(open);
      const ann = await worker("ann");
      await start(ann, "run");
      await start(ann, "other");
      await store.post([mail("keeps them running", "run"), mail("both", "other")]);

      await ann.apply({
        charges: [
          charge("run", { turns: 2, messages: 3, actors: 4, groups: 2, stopped: 1 }),
          charge("other", { turns: 1 }),
        ],
      });
      const { accounts } = await ann.apply({
        charges: [charge("run", { turns: 1, messages: 1, actors: 1, stopped: 2 })],
      });

      const spent = { turns: 3, messages: 5, actors: 6, actorsLiving: 3, groups: 3, modelCalls: 0, tokens: 0, cost: 0 };
      expect(accounts).toEqual([{ run: "run", spent, quiescent: false }]);
      expect(await store.loadRuns(["run"])).toMatchObject([{ spent }]);
      expect(await store.loadRuns(["other"])).toMatchObject([
        { spent: { turns: 1, messages: 1, actors: 1, groups: 1 } },
      ]);
    });

    it("can be inspected", async () => {
      const { store, worker, start } = await openWorld(open);
      const ann = await worker("ann");
      const run = await start(ann, "run");
      await ann.apply({
        groups: [groupRow("run/a", { admin: "x" })],
        spawned: [actorRow("run/a", "x"), actorRow("run", "y", { cursor: 1 })],
        log: [
          message(run.root, 2, { recipient: "y" }),
          message(run.root, 3, { recipient: null }),
          message(run.root, 4, { recipient: "y" }),
        ],
        actors: [actorWrite(run.root, "root", { cursor: 2, turn: 3, standing: "paused" })],
        channels: [channelWrite(run.root, 4, NOON)],
        deadLetters: [
          { channel: run.root, seq: 2, actor: "root", reason: "failed", attempts: 1, error: null, at: NOON },
        ],
        charges: [charge("run", { turns: 2, messages: 3, actors: 2, groups: 1 })],
      });

      const inspection = await store.inspect("run");

      expect(inspection?.run).toMatchObject({ id: "run", spent: { turns: 2, actors: 3 } });
      expect(inspection?.deadLetters).toBe(1);
      const groups = [...(inspection?.groups ?? [])].sort(by("id"));
      expect(groups.map((group) => ({ ...group, members: [...group.members].sort(by("name")) }))).toEqual([
        {
          id: "run",
          depth: 1,
          admin: "root",
          head: 4,
          wakeAt: NOON,
          members: [
            { name: "root", definition: "member", standing: "paused", turn: 3, unread: 1 },
            { name: "y", definition: "member", standing: "active", turn: 1, unread: 3 },
          ],
        },
        {
          id: "run/a",
          depth: 2,
          admin: "x",
          head: 0,
          wakeAt: null,
          members: [{ name: "x", definition: "member", standing: "active", turn: 1, unread: 0 }],
        },
      ]);
      expect(await store.inspect("none")).toBeUndefined();
    });
  });
}
