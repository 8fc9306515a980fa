/** The tests' own ground: one instance of each module, the built one, and processes as they are started elsewhere. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { Federation } from "@cairn/demo";
import { Federation as same } from "../../packages/demo/src/index.js";

/** Where coverage is measured, each process measures itself, and that is all that is added to its options. */
const measures = process.env.CAIRN_COVERAGE ? /^--require="\S*\/tests\/coverage\/measure\.cjs"$/ : null;

t.test("a module of src and the one that its package gives are one: what was built", async (t) => {
  t.equal(same, Federation);
  t.match(import.meta.resolve("@cairn/demo"), /packages\/demo\/dist\/index\.js$/);
});

t.test(
  "a process is started with no loader or tracer of the tests, and keeps options of its own",
  async (t) => {
    const script = join(t.testdir(), "says.mjs");
    writeFileSync(
      script,
      "process.send([process.execArgv, process.env.NODE_OPTIONS ?? null, process.env.OWN]);",
    );
    const [bare] = await once(fork(script, { env: { OWN: "1" } }), "message");
    t.same([bare[0], bare[2]], [[], "1"]);
    t.match(bare[1], measures);
    const own = { NODE_OPTIONS: "--no-deprecation" };
    const [kept] = await once(fork(script, { env: own }), "message");
    t.same([kept[0], kept[2]], [[], null]);
    t.match(kept[1], measures ? /^"?--no-deprecation"? --require=/ : /^"?--no-deprecation"?$/); // quoted by the test runner
  },
);
