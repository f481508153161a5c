import { type Doorbell, localBus } from "@troupe/core";
import { simulatedClock } from "@troupe/testing";
import { describe, expect, it } from "vitest";

const ONE: Doorbell = { about: "shard", shard: 1 };
const TWO: Doorbell = { about: "run", run: "run" };

function makeBus() {
  const clock = simulatedClock();
  const heard: Doorbell[] = [];
  return { clock, bus: localBus({ clock }), heard, hear: (bell: Doorbell) => void heard.push(bell) };
}

describe("the bus within a process", () => {
  it("is heard by every listener, in order, and never before `ring` returns", async () => {
    const { clock, bus, heard, hear } = makeBus();
    bus.listen(hear);
    bus.listen(hear);

    bus.ring([ONE, TWO]);
    const atOnce = [...heard];
    await clock.settle();

    expect(atOnce).toEqual([]);
    expect(heard).toEqual([ONE, ONE, TWO, TWO]);
  });

  it("is heard no more by who stopped listening, also in the midst of a ring", async () => {
    const { clock, bus, heard, hear } = makeBus();
    const stop = bus.listen((bell) => {
      hear(bell);
      stop();
    });

    bus.ring([ONE, TWO]);
    await clock.settle();

    expect(heard).toEqual([ONE]);
  });

  it("rings for a listener what a listener rings", async () => {
    const { clock, bus, heard, hear } = makeBus();
    bus.listen((bell) => {
      hear(bell);
      if (bell.about === "shard") bus.ring([TWO]);
    });

    bus.ring([ONE]);
    await clock.settle();

    expect(heard).toEqual([ONE, TWO]);
  });

  it("is silent after it was closed", async () => {
    const { clock, bus, heard, hear } = makeBus();
    bus.listen(hear);
    bus.ring([ONE]);

    await bus.close();
    bus.ring([TWO]);
    bus.listen(hear);
    await clock.settle();

    expect(heard).toEqual([]);
  });
});
