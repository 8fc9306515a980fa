/**
 * Each check by which a practice refuses a malicious hub or courier, taken out of a copy of the sources, turns a test red.
 * That runs with CAIRN_LONG alone; that every check stands where the table says it runs always.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { ABOUT_THE_LIBRARY } from "./checks-out/about-the-library.js";
import { ABOUT_RUNS_AND_LOGS } from "./checks-out/about-runs-and-logs.js";
import { CHECKS } from "./checks-out/checks.js";
import { CHECKOUT, Copy, modulesOf, timesThere } from "./checks-out/copy.js";

const LONG = process.env["CAIRN_LONG"] === "1";
t.setTimeout(LONG ? 3_600_000 : 60_000);
const TABLE = { ...ABOUT_THE_LIBRARY, ...ABOUT_RUNS_AND_LOGS };
const lines = Object.entries(TABLE).flatMap(([lie, all]) => all.map((line) => ({ lie, ...line })));

t.test("each check stands in its file once, has a line, and each line has its test", async (t) => {
  t.equal(Object.keys(TABLE).length, 24, "as many lies as the malicious hub and courier tell");
  const used = new Set(lines.flatMap(({ without }) => without));
  for (const [name, check] of Object.entries(CHECKS)) {
    t.equal(timesThere(check), 1, `${name}: its text in ${check.file}`);
    t.ok(used.has(name as keyof typeof CHECKS), `${name}: a line of the table`);
  }
  for (const { lie, test } of lines) {
    const [file, name] = test;
    t.ok(readFileSync(join(CHECKOUT, file), "utf8").includes(`"${name}"`), `${lie}: ${file} has "${name}"`);
  }
});

t.test("each check taken out turns its test red", { skip: !LONG && "with CAIRN_LONG" }, async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "cairn-checks-out-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const copy = new Copy(folder, modulesOf(Object.values(CHECKS)));
  const tests = new Map(lines.map(({ test }) => [test.join(": "), test] as const));
  for (const [what, test] of tests)
    t.same(await copy.run(...test), { code: 0, failed: [] }, `${what}, with every check`);
  for (const { lie, without, test, fails } of lines) {
    const putBack = copy.takeOut(without.map((name) => CHECKS[name]));
    const { failed } = await copy.run(...test);
    putBack();
    const found = failed.some((failure) => failure.includes(fails));
    t.ok(found, `${lie}, without "${without.join('" and "')}"`, { expected: fails, failed });
  }
});
