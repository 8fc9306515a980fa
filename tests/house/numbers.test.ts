/** Numbers are written for people in one place, `packages/text`: no other source writes a percentage or a count by itself. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";

const PACKAGES = fileURLToPath(new URL("../../packages/", import.meta.url));

const WAYS: readonly RegExp[] = [
  /[}\d](\u00a0|\\u00a0|\\xa0|&nbsp;| )?%(?! *[\w(])/, // a number and its sign, in a string or template
  /\+ ?["'`] ?%/,
  /\.(toFixed|toPrecision|toLocaleString)\(/,
  /\bIntl\.(NumberFormat|DateTimeFormat)\b/,
  /\b100 ?\*|\* ?100\b/,
  /function (percent|percentage|wrap|wrapped|longDate|minute)\(/,
];

/** Files that do what looks like it, each with the reason. */
const EXCEPTIONS: Readonly<Record<string, string>> = {
  "cli/src/commands/query-author.ts": "says how a share may be typed: 8%",
  "demo/src/picture.ts": "places on the drawn scale, which goes from 0 to 100",
  "comparisons/src/document-cell.ts": "a median stands at whole percentage points",
  "comparisons/src/strip.ts": "a place is a whole number of percentage points",
  "engine/src/slow/deciding.ts": "rounds a mean of readings to hundredths of their unit",
  "hub/src/schedules/due.ts": "the calendar date in a time zone, as ISO",
  "keeper/src/pages/style.ts": "widths in a style sheet",
  "keeper/src/work/queue.ts": "seconds in a log line",
  "query-library/src/explain/phrases.ts": "asks whether a share is a whole percentage",
};

function sources(folder: string): string[] {
  return readdirSync(join(PACKAGES, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === "generated" ? [] : sources(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });
}

/** The lines of a source, comments aside, that write a number. */
function found(text: string): string[] {
  const lines = text.split("\n").filter((line) => !/^\s*(\/?\*|\/\/)/.test(line));
  return lines
    .map((line) => line.replace(/\s\/\/ .*/, ""))
    .filter((line) => WAYS.some((way) => way.test(line)));
}

t.test("no page, command or room writes a percentage, a count or a date by itself", async (t) => {
  const files = readdirSync(PACKAGES)
    .filter((name) => name !== "text" && name !== "synthetic" && existsSync(join(PACKAGES, name, "src"))) // synthetic writes extracts, for programs
    .flatMap((name) => sources(`${name}/src`));
  t.ok(files.length > 300, `${files.length} files were read`);
  const excused = new Set<string>();
  for (const file of files) {
    const lines = found(readFileSync(join(PACKAGES, file), "utf8"));
    if (lines.length > 0 && file in EXCEPTIONS) excused.add(file);
    else t.same(lines, [], `${file}: use packages/text`);
  }
  t.same([...excused].sort(), Object.keys(EXCEPTIONS).sort(), "every exception is still one");
});

t.test("each way that was in use before is found", async (t) => {
  for (const line of [
    "return `${Math.round(share)}%`;",
    "return `${percent} %`;",
    'return "0\\u00a0%";',
    "const text = low.toFixed(1);",
    'const text = n.toLocaleString("en-GB");',
    "const from = Math.round(low * 100);",
    'return Math.round(100 * x) + " %";',
    "<th>${row.percent}%</th>",
    'dateStyle: new Intl.DateTimeFormat("en-GB")',
  ])
    t.same(found(line), [line]);
  t.same(found("const month = (i % 12) + 1; // 34 %"), []);
});
