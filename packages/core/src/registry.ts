import type { Agent } from "./agent.ts";
import { TroupeError } from "./fault.ts";

/** The agents a worker can run, by name. */
export class Registry {
  readonly #agents = new Map<string, Agent>();

  constructor(agents: readonly Agent[]) {
    for (const agent of agents) this.add(agent);
  }

  /** Throws `config_invalid` when another agent has the name. */
  add(agent: Agent): void {
    const known = this.#agents.get(agent.name);
    if (known !== undefined && known !== agent)
      throw new TroupeError("config_invalid", `two agents are named ${agent.name}`);
    this.#agents.set(agent.name, agent);
  }

  find(name: string): Agent | undefined {
    return this.#agents.get(name);
  }
}
