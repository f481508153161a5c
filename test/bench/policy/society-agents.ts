import { type Agent, agent, type Self } from "@troupe/core";
import { z } from "zod";
import { callModel } from "../model-calls/scripted-model.ts";
import type { Calls, Society } from "./society.ts";

/** What is handed up: how many calls were made for it, and what the last one said. */
const report = z.object({ calls: z.number(), text: z.string() });
type Report = z.infer<typeof report>;

const HEAD = { start: z.null(), report };
const MINISTER = { task: z.object({ ministry: z.number(), text: z.string() }), report };
const CITIZEN = { job: z.object({ ministry: z.number(), citizen: z.number(), text: z.string() }) };

interface LeadState {
  /** Which ministry it leads; the head leads none. */
  ministry: number;
  waitsFor: number;
  calls: number;
}

/** The agents of a society. Each call to a model is a step, and each report goes up in a message. */
export function societyAgents(society: Society): readonly [Agent<typeof HEAD>, Agent, Agent] {
  const citizen = agent("citizen", {
    on: CITIZEN,
    async turn({ body }, self) {
      const calls = society.ministries[body.ministry]?.citizens[body.citizen] ?? [];
      const text = await makeCalls("job", calls, self);
      self.tell(self.admin, "report", { calls: calls.length, text });
    },
  });

  const minister = agent("minister", {
    state: (): LeadState => ({ ministry: 0, waitsFor: 0, calls: 0 }),
    on: MINISTER,
    async turn(message, self) {
      if (message.kind === "report") {
        const all = addUp(self.state, message.body);
        if (!all) return;
        const { conclude = [] } = society.ministries[self.state.ministry] ?? {};
        const text = await makeCalls("conclude", conclude, self);
        self.tell(self.spawner ?? "", "report", { calls: self.state.calls + conclude.length, text });
        return;
      }
      const { ministry } = message.body;
      const { plan = [], citizens = [] } = society.ministries[ministry] ?? {};
      const text = await makeCalls("plan", plan, self);
      self.state = { ministry, waitsFor: citizens.length, calls: plan.length };
      for (const place of citizens.keys()) {
        const hired = self.spawn(citizen, `citizen${place}`);
        if (!hired.accepted) throw new Error(hired.message);
        self.tell(hired.address, "job", { ministry, citizen: place, text });
      }
    },
  });

  const head = agent("head", {
    state: (): LeadState => ({ ministry: -1, waitsFor: 0, calls: 0 }),
    on: HEAD,
    result: z.number(),
    async turn(message, self) {
      if (message.kind === "report") {
        if (!addUp(self.state, message.body)) return;
        await makeCalls("conclude", society.conclude, self);
        return self.finish(self.state.calls + society.conclude.length);
      }
      const text = await makeCalls("plan", society.plan, self);
      self.state = { ministry: -1, waitsFor: society.ministries.length, calls: society.plan.length };
      for (const place of society.ministries.keys()) {
        const hired = self.spawnGroup(minister, `ministry${place}`);
        if (!hired.accepted) throw new Error(hired.message);
        self.tell(hired.address, "task", { ministry: place, text });
      }
    },
  });
  return [head as Agent<typeof HEAD>, minister as Agent, citizen as Agent];
}

/** True when it was the last report that was missing. */
function addUp(state: LeadState, { calls }: Report): boolean {
  state.calls += calls;
  state.waitsFor -= 1;
  return state.waitsFor === 0;
}

async function makeCalls(name: string, calls: Calls, self: Pick<Self, "step">): Promise<string> {
  let text = "";
  for (const [place, script] of calls.entries()) text = await self.step(`${name}${place}`, () => callModel(script));
  return text;
}
