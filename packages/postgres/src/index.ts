export { type EmbeddedStoreOptions, embeddedStore } from "./embedded-store.ts";
export { type Migration, migrate, type OpenStoreOptions, openStore } from "./open-store.ts";
export { type PostgresBusOptions, postgresBus } from "./postgres-bus.ts";
export { type PostgresStoreOptions, postgresStore } from "./postgres-store.ts";
export type { OnTrouble } from "./trouble.ts";
