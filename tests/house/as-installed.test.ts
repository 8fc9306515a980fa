/** The tests' own ground: one instance of each module, the built one, and processes as they are started elsewhere. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { Federation } from "@cairn/demo";
import { Federation as same } from "../../packages/demo/src/index.js";

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
    t.same(bare, [[], null, "1"]);
    const own = { NODE_OPTIONS: "--no-deprecation" };
    const [kept] = await once(fork(script, { env: own }), "message");
    t.match(kept, [[], /^"?--no-deprecation"?$/, null]); // quoted by the test runner
  },
);
