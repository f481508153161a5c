import { type Limits, open, type RunRow, type Settings, type TroupeEvent } from "troupe";
import { BOUNDS } from "../src/bounds.ts";
import { pathOfText } from "../src/byte-path.ts";
import { lead } from "../src/lead.ts";
import { owner } from "../src/owner.ts";
import { reader } from "../src/reader.ts";
import { reportJson } from "../src/report.ts";

export interface AuditInMemory {
  readonly json: string;
  readonly run: RunRow;
  readonly events: readonly TroupeEvent[];
}

/** A whole audit by the agents, without the program around them. */
export async function auditInMemory(
  dir: string,
  options: { limits?: Partial<Limits>; settings?: Partial<Settings> } = {},
): Promise<AuditInMemory> {
  const settings = { ...BOUNDS, ...options.settings };
  await using troupe = await open({ store: "memory:", agents: [lead, owner, reader], settings });
  const events: TroupeEvent[] = [];
  troupe.events$.subscribe((event) => events.push(event));
  const input = { site: { dir: pathOfText(dir), without: null } };
  const run = await troupe.submit(lead, input, { limits: options.limits ?? {} });
  const report = await run.result();
  return { json: reportJson(report), run: await run.status(), events };
}
