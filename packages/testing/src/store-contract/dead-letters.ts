import { decode, encode } from "@troupe/core";
import { describe, expect, it } from "vitest";
import type { OpenStore } from "./harness.ts";
import { plain } from "./photograph.ts";
import { actorWrite, channelWrite, charge, deadLetter, message, NOON } from "./rows.ts";
import { openWorld, type TestRun, type TestWorker } from "./world.ts";

/** Row 2 of the run's root group, and a dead letter for it. */
async function kill(worker: TestWorker, { id, root }: TestRun, at = NOON): Promise<void> {
  await worker.apply({
    log: [
      message(root, 2, { kind: "deadly", body: encode("poison"), sender: "x@run/a", headers: { ask: "1/q", hops: 2 } }),
    ],
    actors: [actorWrite(root, "root", { cursor: 2, turn: 2 })],
    channels: [channelWrite(root, 2)],
    deadLetters: [deadLetter(root, 2, "root", { at })],
    charges: [charge(id, { messages: 1, turns: 1 })],
  });
}

export function deadLettersContract(open: OpenStore): void {
  describe("dead letters", () => {
    it("tell what died, where and why, newest first", async () => {
      const { store, worker, start } = await openWorld(open);
      const ann = await worker("ann");
      const [late, early] = [await start(ann, "late"), await start(ann, "early")];
      await kill(ann, late, NOON + 1);
      await kill(ann, early, NOON);

      const letters = await store.deadLetters(undefined, 9);

      expect(letters.map(({ group }) => group)).toEqual(["late", "early"]);
      expect(plain(letters[0])).toEqual(
        plain({
          ...deadLetter(late.root, 2, "root", { at: NOON + 1 }),
          id: `${late.root}:2:root`,
          group: "late",
          sender: "x@run/a",
          kind: "deadly",
          body: encode("poison"),
        }),
      );
      expect((await store.deadLetters("early", 9)).map(({ group }) => group)).toEqual(["early"]);
      expect(await store.deadLetters(undefined, 1)).toHaveLength(1);
      expect(await store.deadLetters("none", 9)).toEqual([]);
    });

    it("are posted to their actor once more by a replay, and are then off the list", async () => {
      const { store, worker, start } = await openWorld(open);
      const ann = await worker("ann");
      await kill(ann, await start(ann, "run"));
      const [letter] = await store.deadLetters("run", 9);

      const first = await store.replay(letter?.id ?? "");
      const second = await store.replay(letter?.id ?? "");

      expect([first, second]).toEqual([true, false]);
      expect(await store.deadLetters("run", 9)).toEqual([]);
      const { inbox } = await store.due([0], 0, 9);
      expect(inbox).toMatchObject([
        {
          channel: "run",
          run: "run",
          shard: 0,
          sender: "x@run/a",
          recipient: "root",
          kind: "deadly",
          cause: null,
          headers: null,
        },
      ]);
      expect(decode(inbox[0]?.body ?? encode(null))).toBe("poison");
    });

    it("are replayed once when two people try at the same time", async () => {
      const { store, worker, start, second } = await openWorld(open);
      const other = await second();
      const ann = await worker("ann");
      await kill(ann, await start(ann, "run"));
      const [letter] = await store.deadLetters("run", 9);

      const answers = await Promise.all([store, other, store, other].map((one) => one.replay(letter?.id ?? "")));

      expect(answers.filter(Boolean)).toHaveLength(1);
      expect((await store.due([0], 0, 9)).inbox).toHaveLength(1);
    });

    it("are not replayed when their run is over, or when there is no such letter", async () => {
      const { store, worker, start } = await openWorld(open);
      const ann = await worker("ann");
      await kill(ann, await start(ann, "run"));
      await store.endRun("run", { status: "finished", result: null, error: null });
      const [letter] = await store.deadLetters("run", 9);

      expect(await store.replay(letter?.id ?? "")).toBe(false);
      expect(await store.deadLetters("run", 9)).toHaveLength(1);
      for (const id of ["", "1:1:nobody", "no id at all", "x:y:z"]) expect(await store.replay(id)).toBe(false);
    });

    it("wake a run that only came to rest, when one is replayed", async () => {
      const { store, worker, start } = await openWorld(open);
      const ann = await worker("ann");
      const run = await start(ann, "run");
      await kill(ann, run);
      await ann.apply({ channels: [channelWrite(run.root, 2, null)], charges: [charge("run")] });
      const [letter] = await store.deadLetters("run", 9);
      expect((await store.loadRuns(["run"]))[0]?.status).toBe("quiescent");

      const replayed = await store.replay(letter?.id ?? "");

      expect(replayed).toBe(true);
      expect((await store.loadRuns(["run"]))[0]).toMatchObject({ status: "running", endedAt: null });
      expect((await store.due([0], 0, 9)).inbox).toHaveLength(1);
    });

    it("outlive a sweep of the log, and can still be replayed", async () => {
      const { store, worker, start } = await openWorld(open);
      const ann = await worker("ann");
      await kill(ann, await start(ann, "run"));

      while ((await store.sweep(NOON + 1, 99)).messages > 0);

      const [letter] = await store.deadLetters("run", 9);
      expect(letter).toMatchObject({ kind: "deadly", sender: "x@run/a" });
      expect(await store.replay(letter?.id ?? "")).toBe(true);
      const { inbox } = await store.due([0], 0, 9);
      expect(decode(inbox[0]?.body ?? encode(null))).toBe("poison");
    });
  });
}
