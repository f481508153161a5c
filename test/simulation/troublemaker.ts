import { type Dice, diceOf } from "./dice.ts";
import { LEASE_MS, type TroublePlan } from "./plan.ts";
import type { WorkerProcess } from "./worker-process.ts";
import type { World } from "./world.ts";

/** Does to a world what its plan says, until it is told to stop; and then puts right what stays broken. */
export class Troublemaker {
  readonly #world: World;
  readonly #plan: TroublePlan;
  #over = false;

  constructor(world: World) {
    this.#world = world;
    this.#plan = world.plan.trouble;
  }

  start(): void {
    const { killGap, freezeGap, closeGap, outageGap, jumpGap } = this.#plan;
    this.#every("kill", killGap, (dice) => this.#kill(dice));
    this.#every("freeze", freezeGap, (dice) => this.#freeze(dice));
    this.#every("close", closeGap, (dice) => this.#close(dice));
    this.#every("outage", outageGap, (dice) => this.#outage(dice));
    this.#every("jump", jumpGap, (dice) => this.#jump(dice));
  }

  stop(): void {
    this.#over = true;
    this.#world.calm();
    for (const worker of this.#world.alive) this.#thaw(worker);
    if (this.#world.usable.length === 0) this.#world.start();
  }

  /** At times that are as irregular as those of accidents. */
  #every(name: string, gapMs: number, happen: (dice: Dice) => void): void {
    if (gapMs === Infinity) return;
    const dice = diceOf(this.#world.plan.seed, name);
    const arm = (): void => {
      this.#world.clock.after(-Math.log(1 - dice.next()) * gapMs, () => {
        if (this.#over) return;
        happen(dice);
        arm();
      });
    };
    arm();
  }

  #victim(dice: Dice): WorkerProcess | undefined {
    const { usable } = this.#world;
    return usable[dice.int(0, usable.length - 1)];
  }

  /** In the middle of what it does, not between two callbacks. */
  #kill(dice: Dice): void {
    const { clock, said, flying, sometimes } = this.#world;
    const victim = this.#victim(dice);
    const uses = dice.int(1, 60);
    const absence = dice.int(0, 1_500);
    victim?.process.atUse(uses, () => {
      if (this.#over || victim.process.isDead) return;
      said(() => `${victim.name} is killed`);
      if ([...flying.values()].includes(victim.name)) sometimes["a worker was killed with a commit under way"] += 1;
      victim.process.kill();
      clock.after(absence, () => this.#world.start());
    });
  }

  #freeze(dice: Dice): void {
    const { clock, said } = this.#world;
    const victim = this.#victim(dice);
    const uses = dice.int(1, 60);
    const ms = dice.int(LEASE_MS / 4, LEASE_MS * 2);
    victim?.process.atUse(uses, () => {
      if (this.#over || !victim.isUsable) return;
      said(() => `${victim.name} stands still for ${ms} ms`);
      victim.process.freeze();
      victim.frozenAt = clock.monotonic();
      clock.after(ms, () => this.#thaw(victim));
    });
  }

  #thaw(victim: WorkerProcess): void {
    const { clock, said, sometimes } = this.#world;
    if (victim.frozenAt === undefined || victim.process.isDead) return;
    said(() => `${victim.name} goes on`);
    if (clock.monotonic() - victim.frozenAt > LEASE_MS) sometimes["a frozen worker went on after its lease"] += 1;
    victim.frozenAt = undefined;
    victim.process.thaw();
  }

  /** As it is when a new version comes. */
  #close(dice: Dice): void {
    const { said } = this.#world;
    const victim = this.#victim(dice);
    if (victim === undefined) return;
    said(() => `${victim.name} is told to end`);
    victim.closing = victim.runtime.close().then(() => {
      said(() => `${victim.name} has ended`);
      victim.process.kill();
    });
    this.#world.start();
  }

  #outage(dice: Dice): void {
    const { wire, clock, said } = this.#world;
    said(() => "the store is away");
    wire.down = true;
    clock.after(dice.int(100, LEASE_MS * 1.5), () => {
      wire.down = false;
    });
  }

  /** Less than a lease for one process, which writes its times for others to read; hours for all of them; or the store's own. */
  #jump(dice: Dice): void {
    const { said, sometimes, clock } = this.#world;
    const kind = dice.int(1, 3);
    const victim = this.#victim(dice);
    if (victim !== undefined && victim.watch.parked > 0) sometimes["a wall clock jumped while an actor waited"] += 1;
    if (kind === 1) victim?.process.jump(dice.int(-LEASE_MS / 2, LEASE_MS / 2));
    else if (kind === 2) clock.jump(dice.int(1_000, 7_200_000));
    else this.#world.leapStore(dice.int(100, LEASE_MS));
    said(() => `a clock jumps (${["", "of one process", "of all", "of the store"][kind]})`);
  }
}
