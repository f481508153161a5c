import type { RunStatus, Standing } from "@troupe/core";
import pc from "picocolors";

export type Colours = ReturnType<typeof pc.createColors>;
type Paint = (text: string) => string;

interface Screen {
  readonly isTTY?: boolean;
}

/** Colours for a screen, and none for a pipe, a file, a dumb terminal, or where `NO_COLOR` is set. `FORCE_COLOR` overrules. */
export function coloursFor(screen: Screen, env: NodeJS.ProcessEnv = process.env): Colours {
  if (env.NO_COLOR) return pc.createColors(false);
  if (env.FORCE_COLOR) return pc.createColors(env.FORCE_COLOR !== "0" && env.FORCE_COLOR !== "false");
  return pc.createColors(screen.isTTY === true && env.TERM !== "dumb");
}

export function statusPaint(status: RunStatus, colours: Colours): Paint {
  const paints: Record<RunStatus, Paint> = {
    running: colours.cyan,
    finished: colours.green,
    quiescent: colours.yellow,
    cancelled: colours.yellow,
    failed: colours.red,
  };
  return paints[status];
}

export function standingPaint(standing: Standing, colours: Colours): Paint {
  const paints: Record<Standing, Paint> = {
    active: String,
    paused: colours.yellow,
    stopped: colours.dim,
    quarantined: colours.red,
  };
  return paints[standing];
}
