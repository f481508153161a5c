import { Annotation, END, START, StateGraph } from "@langchain/langgraph";
import { PostgresSaver } from "@langchain/langgraph-checkpoint-postgres";
import { FIRST, NOTHING_YET, next, type Remembered, remember, type Token } from "../token.ts";
import { behindValve } from "../valve.ts";

/** A thread a token, and a super-step a hop: the graph goes round over its only node, and keeps a checkpoint of each step. */
export const start = behindValve(async (url, active, valve) => {
  const saver = PostgresSaver.fromConnString(url);
  await saver.setup();
  const State = Annotation.Root({ token: Annotation<Token>(), remembered: Annotation<Remembered>() });
  const graph = new StateGraph(State)
    .addNode("hop", ({ token, remembered }) =>
      valve.hop(() => ({ token: next(token), remembered: remember(remembered) })),
    )
    .addEdge(START, "hop")
    .addConditionalEdges("hop", () => "hop", ["hop", END])
    .compile({ checkpointer: saver });
  for (let thread = 0; thread < active; thread++) {
    const config = {
      configurable: { thread_id: String(thread) },
      recursionLimit: 1_000_000_000,
      durability: "sync" as const,
    };
    graph.invoke({ token: FIRST, remembered: NOTHING_YET }, config).catch(console.error);
  }
});
