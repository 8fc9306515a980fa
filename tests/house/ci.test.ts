/** What `.ci/run` says at its end, with its own words and other steps: its last line is all that some readers look at. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";

t.setTimeout(240_000); // a busy machine starts processes slowly
const text = readFileSync(new URL("../../.ci/run", import.meta.url), "utf8");

/** Runs the script with these steps in place of its own, and no standard input. */
function run(...steps: string[]): { code: number | null; last: string | undefined; all: string } {
  const folder = mkdtempSync(join(tmpdir(), "cairn-ci-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  mkdirSync(join(folder, ".ci"));
  const file = join(folder, ".ci", "run");
  const isStep = (line: string): boolean => line.startsWith("step ");
  const lines = text.split("\n");
  const at = lines.findIndex(isStep);
  t.ok(at > 0, "the script's steps are found");
  lines.splice(at, 1, ...steps);
  const kept = lines.filter((line, i) => !isStep(line) || (i >= at && i < at + steps.length));
  writeFileSync(file, kept.join("\n"));
  const { status, stdout } = spawnSync("bash", [file], {
    stdio: ["ignore", "pipe", "pipe"],
    encoding: "utf8",
  });
  return { code: status, last: stdout.trimEnd().split("\n").at(-1), all: stdout };
}

const passing = `bash -c 'echo "# { total: 7, pass: 7 }"'`;

t.test("all is well: the totals of both test runs, exit 0", async (t) => {
  const { code, last } = run(`step tests 20 ${passing}`, `step browser 20 ${passing}`);
  t.equal(last, "14 passed, 0 failed");
  t.equal(code, 0);
});

t.test("bytes that are no text in a log hide no total", async (t) => {
  const hostile = `printf 'ok - \\0\\377\\n# { total: 7, pass: 7 }\\n'`;
  const { code, last } = run(`step tests 20 ${hostile}`, `step browser 20 ${passing}`);
  t.equal(last, "14 passed, 0 failed");
  t.equal(code, 0);
});

t.test(
  "a step over its budget is said to be; at four times as much it is ended, and the run is red",
  async (t) => {
    const late = run(`step tests 20 ${passing}`, "step check 4 sleep 5.3");
    t.match(late.all, /check: OVER ITS BUDGET/);
    t.same([late.last, late.code], ["7 passed, 0 failed", 0]);
    const began = Date.now();
    const hangs = run(`step tests 20 ${passing}`, "step bench 1 bash -c 'sleep 60 & sleep 60'");
    t.match(hangs.all, /bench: OVER ITS BUDGET/);
    t.same([hangs.last, hangs.code], ["7 passed, 1 failed", 1]);
    t.ok(Date.now() - began < 20_000, "nothing that it started is waited for");
  },
);

t.test("a step that fails, and failing tests, make the run red", async (t) => {
  const broken = run(`step tests 20 ${passing}`, "step check 20 false");
  t.same([broken.last, broken.code], ["7 passed, 1 failed", 1]);
  const failing = run(`step tests 20 bash -c 'echo "# { total: 7, pass: 5, fail: 2 }"; exit 1'`);
  t.same([failing.last, failing.code], ["5 passed, 2 failed", 1]);
  const none = run("step tests 20 true");
  t.equal(none.code, 1, "no test at all is not a pass");
});
