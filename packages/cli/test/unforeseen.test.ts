/** H11: what nobody foresaw is told without a word of what it was about. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runInThisContext } from "node:vm";
import t from "tap";
import { whereabouts } from "@cairn/errors";

const CANARY = "CANARY-PATIENT-QZX7731 born 1931-02-27";

t.test("an unforeseen error is its kind and its place in our code, and so are its causes", (t) => {
  const here = { filename: fileURLToPath(import.meta.url) }; // what runs is elsewhere
  const range = runInThisContext("(text) => new RangeError(text)", here) as (text: string) => Error;
  const type = runInThisContext("(...given) => new TypeError(...given)", here) as typeof TypeError;
  const cause = Object.assign(range(CANARY), { code: "SQLITE_MISUSE" });
  const told = whereabouts(type(`bad row ${CANARY}`, { cause }));
  t.match(told, /^TypeError at packages\/cli\/test\/unforeseen\.test\.ts:\d+:\d+/);
  t.match(told, /caused by RangeError SQLITE_MISUSE at packages/);
  t.notMatch(told, /CANARY|1931/);
  t.end();
});

t.test("nothing that pretends to be a place, a name or a code gets through", (t) => {
  const posing = new Error(`x\n    at ${CANARY} (file:///CANARY:1:2)\n    at /CANARY/a.js:1:2`);
  const named = Object.assign(new Error("x"), { name: CANARY, code: CANARY });
  const later = new Error("x");
  later.message = CANARY;
  for (const error of [posing, named, later, CANARY, { message: CANARY }, [CANARY], null])
    t.notMatch(whereabouts(error), /CANARY|1931/);
  t.end();
});

t.test("a process that ends by an unforeseen error prints no message and leaves no dump", (t) => {
  const folder = mkdtempSync(join(tmpdir(), "cairn-unforeseen-"));
  const script = join(import.meta.dirname, `.unforeseen-${process.pid}.mjs`);
  t.teardown(() => {
    rmSync(script, { force: true });
    rmSync(folder, { recursive: true, force: true });
  });
  writeFileSync(
    script,
    `import { endPlainly } from "../dist/unforeseen.js";
     import { say } from "../dist/say.js";
     endPlainly((place) => say.unforeseen(place));
     const fault = () => { throw new Error(${JSON.stringify(CANARY)}); };
     if (process.argv[2] === "later") setTimeout(fault, 1);
     else if (process.argv[2] === "promise") void (async () => fault())();
     else process.exitCode = say.problem(new Error(${JSON.stringify(CANARY)}));`,
  );
  const dumps = ["--abort-on-uncaught-exception", "--report-uncaught-exception", "--report-on-fatalerror"];
  for (const how of ["caught", "later", "promise"]) {
    const { stdout, stderr, status, signal } = spawnSync(
      process.execPath,
      [...dumps, `--report-directory=${folder}`, script, how],
      { encoding: "utf8", cwd: folder },
    );
    t.equal(signal, null, `${how}: not aborted`);
    t.equal(status, 1, `${how}: ${stderr}`);
    t.match(stderr, /^cairn: something unforeseen happened, please report it: Error at packages/);
    t.notMatch(stdout + stderr, /CANARY|1931/, how);
  }
  t.same(readdirSync(folder), [], "no report, no core");
  t.end();
});
