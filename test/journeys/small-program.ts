import { agent, localBus, startRuntime, systemClock } from "@troupe/core";
import { openStore } from "@troupe/postgres";
import { z } from "zod";

// A whole program, as somebody might write it: it knows its store by one word, a folder or a url.

const CHOIR = { start: z.object({ voices: z.number() }), sung: z.string() };
const VOICE = { sing: z.object({ verse: z.string() }) };

const voice = agent("voice", {
  state: { verses: 0 },
  on: VOICE,
  async turn({ body, from }, self) {
    const line = await self.step("sing", () => `${self.name} sings ${body.verse}`);
    self.state.verses += 1;
    self.tell(from, "sung", line);
  },
});

const choir = agent("choir", {
  state: { voices: 0, lines: [] as string[] },
  on: CHOIR,
  result: z.array(z.string()),
  turn(message, self) {
    if (message.kind === "start") {
      self.state.voices = message.body.voices;
      for (let place = 1; place <= message.body.voices; place++) {
        const singer = self.spawn(voice, `voice${place}`);
        if (singer.accepted) self.tell(singer.address, "sing", { verse: "ooh" });
      }
      return;
    }
    self.state.lines.push(message.body);
    if (self.state.lines.length === self.state.voices) self.finish(self.state.lines.toSorted());
  },
});

const store = await openStore(process.env.DATABASE_URL ?? process.argv[2] ?? "store");
const runtime = await startRuntime({ store, bus: localBus({ clock: systemClock }), agents: [choir, voice] });
const run = await runtime.submit(choir, { voices: 3 }, { key: "evening" });
console.log(run.created ? "new" : "known", JSON.stringify(await run.result()));
await runtime.close();
await store.close();
