import type { Actor } from "../actor/actor.ts";
import type { ChannelName } from "../address.ts";
import type { Write } from "../commit/write.ts";
import type { Clock } from "../ports/clock.ts";
import type { LogRow } from "../ports/rows.ts";
import type { Store } from "../ports/store.ts";
import type { Refusal } from "../refusal.ts";
import type { Registry } from "../registry.ts";
import type { Settings } from "../settings.ts";
import type { WaitGraph } from "../supervisor/wait-graph.ts";
import type { OutMailbox } from "./out-mailbox.ts";

/** What a turn needs of its worker. */
export interface TurnHost {
  readonly settings: Settings;
  readonly clock: Clock;
  readonly registry: Registry;
  readonly store: Store;
  readonly waits: WaitGraph;
  /** Queues a write for the next commit. */
  write(write: Write): void;
  /** Tells who watches that something was refused. */
  noteRefusal(actor: Actor, refusal: Refusal): void;
  /** The turn began or ceased to wait for others. */
  parkingChanged(actor: Actor, parked: boolean): void;
}

/** What the parts of one turn share. */
export interface TurnContext {
  readonly host: TurnHost;
  readonly actor: Actor;
  /** The messages in hand, at least one. */
  readonly rows: readonly LogRow[];
  readonly out: OutMailbox;
  /** Id of the first message in hand. */
  readonly cause: string;
  /** Milliseconds since 1970 when the turn began: the stamp of what it sends. */
  readonly now: number;
  /** Name of the admin of a group that this actor spawned, in the turn in hand or before; undefined for any other group. */
  adminBelow(group: ChannelName): string | undefined;
  /** A step was run or something spawned: the turn is no mere bounce. */
  acted: boolean;
  /** Nothing of the turn counts any more. */
  over: boolean;
}
