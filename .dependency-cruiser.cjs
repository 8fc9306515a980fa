/** The import walls of the design. Each rule says why it stands; `npm run check` keeps them. */
const anyRoom = "^packages/";
const only = (name, rooms, comment) => ({
  name: `${name}-imports`,
  comment,
  severity: "error",
  from: { path: `^packages/${name}/src` },
  to: { path: anyRoom, pathNot: [`^packages/${name}/`, ...rooms.map((r) => `^packages/${r}/`)] },
});
const never = (from, to, comment, extra = {}) => ({
  name: `${from.name}-never-${to.name}`,
  comment,
  severity: "error",
  from: { path: from.path, ...(from.pathNot ? { pathNot: from.pathNot } : {}) },
  to: { path: to.path, ...extra },
});
const pure =
  "^packages/(query-library|tables|engine|access|disclosure|statistics|text|charts|comparisons|pages|ledger)/src";
const libraryFolder = "^packages/query-library/src/folder\\.ts$";
const network =
  "^(net|tls|http|https|http2|dgram|dns|undici)$|^node_modules/(fastify|@fastify|@grpc|undici)/|^packages/(wire/src/grpc/|sign-in/(?!src/(one-time-link|store)\\.ts))";

module.exports = {
  forbidden: [
    only("crash-points", [], "a place to die at needs nothing of ours"),
    only("access", [], "who may do what is one table, that everything which decides asks"),
    only(
      "sign-in",
      ["access", "pages", "text"],
      "who signs in, and how a page is declared, is the same at a hub and at a practice",
    ),
    only("files", [], "a file is written whole whatever is in it"),
    only("errors", [], "every room's errors are of this kind, so it stands below all of them"),
    only("wire", ["errors"], "what both sides say depends on neither side"),
    only("sqlite", ["errors", "files"], "the opener of files knows nothing of what is in them"),
    only("text", [], "a number reads the same wherever it is shown"),
    only("query-library", ["errors", "text"], "a query means the same wherever it is read"),
    only(
      "disclosure",
      ["errors", "tables"],
      "what may leave is decided by pure code that can be read in an evening",
    ),
    only("tables", ["query-library"], "what an engine reads and gives belongs to no engine"),
    only("statistics", [], "numbers in, numbers out"),
    only("engine", ["query-library", "tables"], "an engine answers queries and knows no store"),
    only(
      "comparisons",
      ["errors", "query-library", "statistics", "text", "wire"],
      "what a comparison says is worked out from what was collected, wherever it is shown",
    ),
    only("charts", ["statistics", "text"], "a chart draws what statistics computed"),
    only(
      "pages",
      ["charts", "comparisons", "query-library", "text"],
      "a page is a model in and HTML out, whichever process serves it",
    ),
    only("audit-log", ["sqlite"], "a log needs a file and nothing else of ours"),
    only("ledger", ["audit-log", "text"], "what logs tell is read without the processes that wrote it"),
    only("synthetic", ["errors"], "invented practices come in through the same door as real ones"),
    only(
      "records",
      ["engine", "errors", "library", "query-library", "sqlite", "tables"],
      "a record is kept without a word of where it came from or who asks",
    ),
    only(
      "importers",
      ["engine", "errors", "query-library", "records", "sqlite", "tables"],
      "an extract is read into the store and goes nowhere else",
    ),
    {
      name: "records-only-in-the-practice",
      comment: "records are opened by what runs at the practice: its keeper, its imports, its commands",
      severity: "error",
      from: { path: "^packages/[^/]+/src", pathNot: "^packages/(records|importers|keeper|agent|cli)/" },
      to: { path: "^packages/(records|importers)/" },
    },
    only(
      "keeper",
      [
        "access",
        "audit-log",
        "crash-points",
        "disclosure",
        "engine",
        "errors",
        "files",
        "ledger",
        "pages",
        "query-library",
        "records",
        "sign-in",
        "sqlite",
        "tables",
        "text",
        "wire",
      ],
      "H1: the process that reads records shares no code with those that reach a network",
    ),
    only(
      "agent",
      [
        "courier",
        "disclosure",
        "errors",
        "importers",
        "keeper",
        "ledger",
        "library",
        "query-library",
        "records",
        "sqlite",
        "tables",
        "text",
        "wire",
      ],
      "what a practice installs knows its own side of the link, and prints nothing",
    ),
    only(
      "authoring",
      ["disclosure", "engine", "errors", "library", "query-library", "tables", "text"],
      "an author works away from any record: invented patients only",
    ),
    only(
      "demo",
      ["comparisons", "errors", "hub", "ledger", "library", "query-library", "synthetic", "text", "wire"],
      "the demo sees what a hub's operator sees, and each practice through its commands",
    ),
    {
      name: "only-the-command-knows-the-command",
      comment: "cli is the word: whoever starts a cairn is handed its path",
      severity: "error",
      from: { path: "^packages/[^/]+/src", pathNot: "^packages/cli/" },
      to: { path: "^packages/cli/" },
    },
    only(
      "courier",
      ["crash-points", "errors", "files", "wire"],
      "the courier can see no record, so it holds no type or code of one",
    ),
    only(
      "hub",
      [
        "access",
        "audit-log",
        "comparisons",
        "crash-points",
        "disclosure",
        "errors",
        "files",
        "ledger",
        "library",
        "pages",
        "query-library",
        "sign-in",
        "sqlite",
        "statistics",
        "text",
        "wire",
      ],
      "the hub never reads records: it holds releases, which are final",
    ),
    {
      name: "hub-takes-only-intervals-from-disclosure",
      comment: "the hub reads a released value's interval from the policy; it decides nothing about release",
      severity: "error",
      from: { path: "^packages/hub/src" },
      to: {
        path: "^packages/disclosure/src",
        pathNot: "^packages/disclosure/src/(index|policy)\\.ts$",
      },
    },
    never(
      { name: "pure-rooms", path: pure, pathNot: libraryFolder },
      {
        name: "the-world",
        path: "^(fs|fs/promises|net|tls|http|https|http2|dgram|dns|child_process|worker_threads|cluster|process|readline)$",
      },
      "values in, values out: no file, socket, clock or logger",
    ),
    never(
      { name: "pure-rooms", path: pure },
      { name: "a-folder", path: libraryFolder },
      "a library's folder is read by whoever may touch files, and handed on as text",
    ),
    never(
      { name: "pure-rooms", path: pure },
      { name: "a-logger", path: "^node_modules/pino/" },
      "values in, values out",
    ),
    never(
      { name: "others", path: anyRoom, pathNot: "^packages/sqlite/" },
      { name: "better-sqlite3", path: "^node_modules/better-sqlite3/" },
      "one opener: synchronous=FULL is set and asserted there",
    ),
    never(
      {
        name: "others",
        path: "^packages/[^/]+/src",
        pathNot: "^packages/wire/src/(grpc|generated)/",
      },
      { name: "grpc", path: "^node_modules/@grpc/" },
      "a transport is one folder: who calls and who answers know HubApi and KeeperApi, and no word of gRPC",
    ),
    never(
      {
        name: "keeper",
        path: "^packages/(keeper|records|importers)/src",
        pathNot: "^packages/keeper/src/(link|pages|trust)/",
      },
      { name: "network", path: network },
      "H1: what could open a connection is in link, pages and trust, where one can see it",
    ),
    {
      name: "no-circles",
      comment: "a room that needs its caller is two rooms badly cut",
      severity: "error",
      from: { path: "^packages/[^/]+/src", pathNot: "generated" },
      to: { circular: true, pathNot: "generated" },
    },
    {
      name: "no-circles-of-folders",
      comment:
        "folders that need each other are one folder: what stands above may ask what stands below, never back",
      severity: "error",
      scope: "folder",
      from: { path: "^packages/[^/]+/src" },
      to: { circular: true },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)dist/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      conditionNames: ["@cairn/source", "import", "node", "default"],
      exportsFields: ["exports"],
    },
    moduleSystems: ["es6", "cjs"],
  },
};
