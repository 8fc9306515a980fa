/** What is written for people, against the repository: promises have tests, and every path that a page names exists. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const PAGE = "docs/promises.md";
const SOURCES = /\.(ts|mjs|cjs|md|proto|yaml|njk)$/;
const NOT_OURS = new Set(["node_modules", "dist", ".tap", ".git", "generated"]);

/** Lists the repository's own source and text files, as paths from its root. */
function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = folder === "" ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) return NOT_OURS.has(entry.name) ? [] : sources(path);
    return SOURCES.test(entry.name) ? [path] : [];
  });
}

/** The page's promises: number -> the tests that it names, with a title where one is given. */
function promises(): Map<string, { file: string; title: string | undefined }[]> {
  const found = new Map<string, { file: string; title: string | undefined }[]>();
  let number = "";
  for (const line of readFileSync(join(ROOT, PAGE), "utf8").split("\n")) {
    number = /^\*\*(H\d+)\./.exec(line)?.[1] ?? number;
    if (number !== "" && !found.has(number)) found.set(number, []);
    const test = /^- `([^`]+)`(?:: "(.+)")?$/.exec(line);
    if (test) found.get(number)?.push({ file: test[1] as string, title: test[2] });
  }
  return found;
}

t.test("every number that is cited has its promise", async (t) => {
  const known = promises();
  for (const file of sources("")) {
    const text = readFileSync(join(ROOT, file), "utf8");
    // not the Read codes, such as H33..
    for (const [, number] of text.matchAll(/(?<!["\w])(H[1-9]\d?)\b(?!\.\.)/g)) {
      if (!known.has(number as string)) t.fail(`${file} cites ${number}, which is not in ${PAGE}`);
    }
  }
  t.strictSame(
    [...known.keys()],
    [...Array(known.size).keys()].map((n) => `H${n + 1}`),
    "numbered without a gap",
  );
});

t.test("every promise names a test that exists", async (t) => {
  for (const [number, tests] of promises()) {
    t.ok(tests.length > 0, `${number} has a test`);
    for (const { file, title } of tests) {
      const there = existsSync(join(ROOT, file));
      t.ok(there, `${number}: ${file}`);
      if (there && title !== undefined) {
        t.ok(readFileSync(join(ROOT, file), "utf8").includes(title), `${number}: "${title}" in ${file}`);
      }
    }
  }
});

t.test("a package's README is one page", async (t) => {
  for (const name of readdirSync(join(ROOT, "packages"))) {
    const lines = readFileSync(join(ROOT, "packages", name, "README.md"), "utf8")
      .trim()
      .split("\n");
    const prose = lines.filter((line) => !line.startsWith("|")); // a table may be as long as what it lists
    t.ok(prose.length <= 60, `packages/${name}/README.md: at most 60 lines, the rest in docs/ by subject`);
    t.ok(prose.join(" ").split(/\s+/).length <= 800, `packages/${name}/README.md: at most 800 words`);
  }
});

t.test("every path that a page for people names is there", async (t) => {
  const pages = sources("").filter((file) => /^([A-Z]+\.md|docs\/.*\.md)$/.test(file));
  for (const page of pages) {
    const text = readFileSync(join(ROOT, page), "utf8");
    for (const [, path] of text.matchAll(/`((?:packages|tests|docs|deploy|proto|examples)\/[^`\s*<]*)`/g)) {
      t.ok(existsSync(join(ROOT, path as string)), `${page}: ${path as string}`);
    }
  }
});
