import { addressOf, decode, type Headers, type Kinds, type Limits, type RunStatus, type Standing } from "@troupe/core";
import { Client, types } from "pg";
import type { MessageHistory, RunHistory, TurnHistory } from "../history/history.ts";
import type { Stamp, Tally } from "../history/stamps.ts";
import type { Memory } from "./load/talk.ts";
import { SENDER } from "./outside.ts";

/** A run as its tables tell it, with what its actors say of themselves. */
export interface Account {
  readonly history: RunHistory;
  /** By address. */
  readonly memories: ReadonlyMap<string, Memory>;
  readonly failures: readonly { readonly actor: string; readonly error: string }[];
}

interface RunColumns {
  readonly id: string;
  readonly status: RunStatus;
  readonly limits: Limits;
  readonly turns: number;
  readonly messages: number;
  readonly actors: number;
  readonly actors_living: number;
  readonly groups: number;
}
interface ChannelColumns {
  readonly run: string;
  readonly key: number;
  readonly name: string;
  readonly kind: "group" | "admin";
  readonly depth: number;
  readonly head: number;
}
interface ActorColumns {
  readonly channel: number;
  readonly name: string;
  readonly definition: string;
  readonly spawner: string | null;
  readonly standing: Standing;
  readonly cursor: number;
  readonly turn: number;
  readonly state: Buffer;
}
interface LogColumns {
  readonly channel: number;
  readonly seq: number;
  readonly sender: string;
  readonly recipient: string | null;
  readonly kind: string;
  readonly headers: Buffer | null;
  readonly body: Buffer;
}
interface TurnColumns extends TurnHistory {
  readonly error: string | null;
}
interface LetterColumns {
  readonly channel: number;
  readonly seq: number;
  readonly actor: string;
  readonly reason: string;
}

const IN_RUNS = "channel = any (array(select id from troupe.channels where run = any ($1)))";

const STATEMENTS = {
  runs: "select id, status, limits, turns, messages, actors, actors_living, groups from troupe.runs where id = any ($1)",
  channels: "select run, id as key, name, kind, depth, head from troupe.channels where run = any ($1)",
  actors: `select channel, name, definition, spawner, standing, cursor, turn, state from troupe.agents where ${IN_RUNS}`,
  log: `select channel, seq, sender, recipient, kind, headers, body from troupe.log where ${IN_RUNS} order by channel, seq`,
  turns: `select channel, actor, turn, attempt, first_seq as "firstSeq", last_seq as "lastSeq", outcome, error
    from troupe.turns where ${IN_RUNS} order by channel, actor, turn, attempt`,
  letters: `select channel, seq, actor, reason from troupe.dead_letters where ${IN_RUNS}`,
  waiting: "select run from troupe.inbox where run = any ($1) and admitted_at is null",
} as const;

const BIGINT = 20;

/** A connection on which whole numbers come as numbers. */
export async function historyClient(url: string): Promise<Client> {
  const client = new Client({
    connectionString: url,
    types: { getTypeParser: ((type: number) => (type === BIGINT ? Number : types.getTypeParser(type))) as never },
  });
  await client.connect();
  return client;
}

type Tables = Awaited<ReturnType<typeof readTables>>;

/** What these runs have left behind, so many at a time as fit in memory. */
export class HistoryReader {
  readonly #client: Client;
  readonly #kinds: ReadonlyMap<string, Kinds>;
  readonly #outside: ReadonlyMap<string, Tally>;

  /** `kinds` are those that each agent takes; `outside` what was acknowledged to whoever sent from outside, by run. */
  constructor(client: Client, kinds: ReadonlyMap<string, Kinds>, outside: ReadonlyMap<string, Tally>) {
    this.#client = client;
    this.#kinds = kinds;
    this.#outside = outside;
  }

  async read(runs: readonly string[]): Promise<Account[]> {
    const tables = await readTables(this.#client, runs);
    return tables.runs.map((run) => this.#account(run, tables));
  }

  #account(run: RunColumns, tables: Tables): Account {
    const channels = tables.channels.get(run.id) ?? [];
    const of = <Row>(table: Map<number, Row[]>) => channels.flatMap(({ key }) => table.get(key) ?? []);
    const names = new Map(channels.map(({ key, name }) => [key, name]));
    const address = (name: string, channel: number) => addressOf(name, names.get(channel) ?? "");
    const actors = of(tables.actors);
    const memories = new Map<string, Memory>(
      actors.map(({ name, channel, state }) => [address(name, channel), decode(state) as Memory]),
    );
    const tallies = new Map([...memories].map(([actor, { tally }]) => [actor, tally]));
    const sent = this.#outside.get(run.id);
    if (sent !== undefined) tallies.set(SENDER, sent);
    const turns = of(tables.turns);
    const history = {
      run: { id: run.id, status: run.status, limits: run.limits, spent: spentOf(run) },
      channels,
      actors: actors.map((actor) => ({ ...actor, takes: this.#takes(actor.definition), born: undefined })),
      messages: of(tables.log).map(messageOf),
      turns,
      deadLetters: of(tables.letters),
      waiting: tables.waiting.get(run.id)?.length ?? 0,
      tallies,
    };
    const failures = turns.flatMap(({ actor, channel, error }) =>
      error === null ? [] : [{ actor: address(actor, channel), error }],
    );
    return { history, memories, failures };
  }

  #takes(definition: string): ReadonlySet<string> {
    return new Set(Object.keys(this.#kinds.get(definition) ?? {}));
  }
}

async function readTables(client: Client, runs: readonly string[]) {
  const read = async <Row extends object>(what: keyof typeof STATEMENTS) =>
    (await client.query<Row>(STATEMENTS[what], [runs])).rows;
  return {
    runs: await read<RunColumns>("runs"),
    channels: Map.groupBy(await read<ChannelColumns>("channels"), ({ run }) => run),
    actors: Map.groupBy(await read<ActorColumns>("actors"), ({ channel }) => channel),
    log: Map.groupBy(await read<LogColumns>("log"), ({ channel }) => channel),
    turns: Map.groupBy(await read<TurnColumns>("turns"), ({ channel }) => channel),
    letters: Map.groupBy(await read<LetterColumns>("letters"), ({ channel }) => channel),
    waiting: Map.groupBy(await read<{ readonly run: string }>("waiting"), ({ run }) => run),
  };
}

function spentOf({ turns, messages, actors, actors_living, groups }: RunColumns): RunHistory["run"]["spent"] {
  return { turns, messages, actors, actorsLiving: actors_living, groups, modelCalls: 0, tokens: 0, cost: 0 };
}

function messageOf({ headers, body, ...row }: LogColumns): MessageHistory {
  const isReply = headers !== null && (decode(headers) as Headers).re !== undefined;
  const words = isReply || body.length === 0 ? undefined : (decode(body) as { readonly stamp?: Stamp });
  return { ...row, isReply, stamp: words?.stamp, epoch: undefined };
}
