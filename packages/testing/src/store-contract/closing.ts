import type { Store } from "@troupe/core";
import { describe, expect, it } from "vitest";
import type { OpenStore } from "./harness.ts";
import { photograph } from "./photograph.ts";
import {
  actorRow,
  actorWrite,
  channelWrite,
  charge,
  groupRow,
  mail,
  message,
  NOTHING,
  runRow,
  stepRow,
} from "./rows.ts";
import { LEASE_MS, openWorld, testWorker } from "./world.ts";

/** Every method of a store but `close`, with arguments that an open one would take. */
const CALLS: {
  readonly [Name in Exclude<keyof Store, "label" | "shards" | "close">]: (store: Store) => Promise<unknown>;
} = {
  join: (store) => store.join("w", "first", LEASE_MS),
  renew: (store) => store.renew("w", LEASE_MS),
  claim: (store) => store.claim("w", 1),
  release: (store) => store.release("w", [0]),
  leave: (store) => store.leave("w"),
  commit: (store) => store.commit({ worker: "w", number: 1, leaseMs: LEASE_MS, leases: [], ...NOTHING }),
  due: (store) => store.due([0], 0, 9),
  loadChannels: (store) => store.loadChannels(["run"]),
  loadState: (store) => store.loadState(1, "root"),
  loadRuns: (store) => store.loadRuns(["run"]),
  groupsOf: (store) => store.groupsOf("run"),
  history: (store) => store.history("run", 9),
  submit: (store) =>
    store.submit({
      run: runRow({ id: "new" }),
      root: groupRow("new"),
      actor: actorRow("new", "root"),
      first: mail("f", "new"),
    }),
  post: (store) => store.post([mail("k", "run")]),
  endRun: (store) => store.endRun("run", { status: "failed", result: null, error: null }),
  listRuns: (store) => store.listRuns(9),
  inspect: (store) => store.inspect("run"),
  deadLetters: (store) => store.deadLetters(undefined, 9),
  replay: (store) => store.replay("1:1:root"),
  sweep: (store) => store.sweep(0, 9),
};

export function closingContract(open: OpenStore, durable: boolean): void {
  describe("closing", () => {
    it("has a label and a number of shards", async () => {
      const { store } = await openWorld(open);

      expect(store.label).not.toBe("");
      expect(store.shards).toBeGreaterThanOrEqual(2);
    });

    it("refuses every call after it, and can be done twice", async () => {
      const { store, submit } = await openWorld(open);
      await submit("run");

      await store.close();
      await store.close();

      for (const [method, call] of Object.entries(CALLS)) {
        await expect(call(store), method).rejects.toMatchObject({ code: "store_closed" });
      }
    });

    if (!durable) return;

    it("loses nothing of a store that outlives it", async () => {
      const { harness, store, worker, start } = await openWorld(open);
      if (!harness.reopen) throw new Error("the harness of a durable store needs reopen()");
      const ann = await worker("ann");
      const run = await start(ann, "run");
      await ann.apply({
        log: [message(run.root, 2)],
        actors: [actorWrite(run.root, "root", { cursor: 1, turn: 2 })],
        steps: [stepRow(run.root, "root", 2, "s")],
        channels: [channelWrite(run.root, 2)],
        posted: [mail("waits", "run")],
        charges: [charge("run", { turns: 1, messages: 1 })],
      });
      const before = await photograph(store, ["run"]);

      const reopened = await harness.reopen();

      expect(await photograph(reopened, ["run"])).toEqual(before);
      expect(reopened.shards).toBe(store.shards);
      const again = testWorker(reopened, "ann", ann.leases);
      again.next = ann.next;
      await again.apply({
        log: [message(run.root, 3)],
        channels: [channelWrite(run.root, 3)],
        charges: [charge("run")],
      });
    });
  });
}
