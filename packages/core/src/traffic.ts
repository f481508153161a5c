import { type Observable, Subject } from "rxjs";
import type { Address, ChannelName, GroupId, RunId } from "./address.ts";
import type { TurnState } from "./lifecycle.ts";
import type { RunStatus, Spent } from "./ports/rows.ts";
import type { RefusalReason } from "./refusal.ts";

/** Which turn an event is about. */
interface TurnEvent {
  readonly run: RunId;
  readonly actor: Address;
  readonly turn: number;
  readonly attempt: number;
  readonly state: TurnState;
}

/** All that happens in a worker, as it happens. Messages carry the log's own `seq`. */
export type TroupeEvent =
  | {
      readonly type: "message_appended";
      readonly run: RunId;
      readonly channel: ChannelName;
      readonly seq: number;
      readonly from: string;
      /** null is everyone. */
      readonly to: string | null;
      readonly kind: string;
      readonly body: unknown;
      readonly at: number;
    }
  | ({ readonly type: "turn_taken"; readonly messages: readonly string[] } & TurnEvent)
  | ({ readonly type: "turn_settled"; readonly ms: number } & TurnEvent)
  | ({ readonly type: "turn_failed"; readonly error: string; readonly retryAt: number | undefined } & TurnEvent)
  | ({ readonly type: "turn_committed" } & TurnEvent)
  | ({ readonly type: "turn_refused"; readonly why: string } & TurnEvent)
  | ({ readonly type: "turn_parked"; readonly waitingFor: readonly string[] } & TurnEvent)
  | {
      readonly type: "actor_spawned";
      readonly run: RunId;
      readonly actor: Address;
      readonly agent: string;
      readonly spawner: Address;
    }
  | {
      readonly type: "group_spawned";
      readonly run: RunId;
      readonly group: GroupId;
      readonly admin: Address;
      readonly spawner: Address;
    }
  | {
      readonly type: "refused";
      readonly run: RunId;
      readonly actor: Address;
      readonly reason: RefusalReason;
      readonly message: string;
    }
  | { readonly type: "budget"; readonly run: RunId; readonly spent: Spent }
  | {
      readonly type: "dead_letter";
      readonly run: RunId;
      readonly actor: Address;
      readonly message: string;
      readonly reason: string;
      readonly error: string | undefined;
    }
  | { readonly type: "run_ended"; readonly run: RunId; readonly status: RunStatus; readonly error: string | undefined }
  | { readonly type: "shard_gained"; readonly shard: number; readonly epoch: number }
  | { readonly type: "shard_lost"; readonly shard: number; readonly why: "released" | "fenced" | "lease_over" }
  | { readonly type: "store_lost"; readonly error: string }
  | { readonly type: "store_back" };

/** Where a worker says what happens. Nothing is built while `watched` is false: callers check it first. */
export class Traffic {
  readonly #subject = new Subject<TroupeEvent>();
  readonly events$: Observable<TroupeEvent> = this.#subject.asObservable();

  get watched(): boolean {
    return this.#subject.observed;
  }

  emit(event: TroupeEvent): void {
    this.#subject.next(event);
  }

  close(): void {
    this.#subject.complete();
  }
}
