import { agent, z } from "../src/index.ts";

/**
 * A lead that has paths read by an actor each, and finishes when all are read. Those that begin with `bad` cannot be
 * read before `mend` was called. Meanwhile a watcher sleeps, so that the run does not come to rest.
 */
export function makeReaders() {
  let broken = true;
  const reader = agent("reader", {
    state: { files: 0 },
    on: { read: z.object({ path: z.string() }) },
    retry: { attempts: 2, baseMs: 1, maxMs: 1 },
    turn(message, self) {
      if (broken && message.body.path.startsWith("bad")) throw new Error(`cannot read ${message.body.path}`);
      self.state.files += 1;
      self.tell(self.admin, "facts", { path: message.body.path });
    },
  });
  const watcher = agent("watcher", {
    state: {},
    on: { watch: z.object({}) },
    async turn(_, self) {
      await self.sleep(3_600_000);
    },
  });
  const lead = agent("lead", {
    state: { expected: 0, read: [] as string[] },
    on: { start: z.object({ paths: z.array(z.string()) }), facts: z.object({ path: z.string() }) },
    result: z.object({ read: z.array(z.string()) }),
    turn(message, self) {
      if (message.kind === "facts") {
        self.state.read.push(message.body.path);
        if (self.state.read.length === self.state.expected) self.finish({ read: self.state.read.toSorted() });
        return;
      }
      self.state.expected = message.body.paths.length;
      for (const [at, path] of message.body.paths.entries()) {
        const spawned = self.spawn(reader, `reader-${at}`);
        if (spawned.accepted) self.tell(spawned.address, "read", { path });
      }
      const group = self.spawnGroup(watcher, "watch");
      if (group.accepted) self.tell(group.address, "watch", {});
    },
  });
  return {
    lead,
    agents: [lead, reader, watcher],
    mend: () => {
      broken = false;
    },
  };
}
