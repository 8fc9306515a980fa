/**
 * Prints what the processes of a test run ran of each package's lines, and the files of which least was run. There is no
 * threshold: it says where nobody has looked. `npm run test:coverage`, by hand and not in .ci/run, as measuring adds a sixth
 * to what a command takes; or `node tests/coverage/print.mjs FOLDER`, where FOLDER is CAIRN_COVERAGE.
 */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const LEAST = 5;
const FEWEST_LINES = 20; // a file of less says little
const folder = process.argv[2];

const report = ["report", "--temp-directory", folder, "--reports-dir", folder, "--reporter", "json-summary"];
const c8 = createRequire(import.meta.url).resolve("c8/bin/c8.js");
execFileSync(process.execPath, [c8, ...report, "--merge-async"], {
  cwd: ROOT,
  stdio: ["ignore", "ignore", "inherit"],
});
const { total, ...files } = JSON.parse(readFileSync(join(folder, "coverage-summary.json"), "utf8"));

const packages = new Map();
const measured = Object.entries(files)
  .map(([path, { lines }]) => ({ path: relative(ROOT, path), lines }))
  .filter(({ path }) => path.startsWith("packages/") && !path.includes("/generated/"));
for (const { path, lines } of measured) {
  const name = path.split("/")[1];
  const sum = packages.get(name) ?? { covered: 0, total: 0 };
  packages.set(name, { covered: sum.covered + lines.covered, total: sum.total + lines.total });
}

const line = (covered, all, name) =>
  console.log(`${((100 * covered) / all).toFixed(1).padStart(6)} %  ${name}`);
console.log("Lines that the tests ran, of files that any test loaded:");
for (const [name, { covered, total: all }] of [...packages].sort(([a], [b]) => a.localeCompare(b)))
  line(covered, all, name);
line(total.lines.covered, total.lines.total, "all");
console.log(`The ${LEAST} files of which least was run:`);
const least = measured
  .filter(({ lines }) => lines.total >= FEWEST_LINES)
  .sort((a, b) => a.lines.pct - b.lines.pct);
for (const { path, lines } of least.slice(0, LEAST)) line(lines.covered, lines.total, path);
