/** An entry's kind is named by the ledger's table, nowhere by its letters: what is kept for ever is spelt in one place. */
import { readdirSync, readFileSync } from "node:fs";
import t from "tap";
import { hubLog, practiceLog } from "@cairn/ledger";

const root = new URL("../../", import.meta.url);
const kinds = [...Object.values(practiceLog), ...Object.values(hubLog)].map(({ kind }) => kind);
const any = [...new Set(kinds)].join("|");
/** A refusal's code too. */
const ALSO_A_CODE = "run-quarantined";
/** Kinds that are no word of anything else, so that their letters alone give them away. */
const ofLogsAlone = [...new Set(kinds)]
  .filter((kind) => kind.includes("-") && kind !== ALSO_A_CODE)
  .join("|");

const FORMS = [
  new RegExp(`"(${ofLogsAlone})"`, "g"),
  new RegExp(`\\b(?:note|append)\\(\\s*(?:[^"();]*\\?\\s*)?"(${any})"`, "g"),
  new RegExp(`\\bkind\\s*[!=]==?\\s*"(${any})"`, "g"),
  new RegExp(`\\blog_entry\\b[^;]*?'(${any})'`, "g"),
];

function spelt(source: string): string[] {
  return FORMS.flatMap((form) => [...source.matchAll(form)].map(([, kind]) => kind!));
}

t.test("each way to spell a kind is seen", async (t) => {
  for (const source of [
    'change.note("paused", { by })',
    'change.note(paused ? "paused" : "resumed", { by })',
    'log.append(\n  "released",',
    'entries.filter(({ kind }) => kind === "use")',
    'if (entry.kind !== "made") return;',
    "SELECT body FROM log_entry WHERE kind IN ('made', 'library-refused')",
    'const KIND = "release-received";',
  ])
    t.not(spelt(source).length, 0, source);
  t.same(spelt('moveRun(change, run, "withdrawn"); change.note(practiceLog.withdrawn, facts)'), []);
});

t.test("no kind of entry is spelt outside the ledger", async (t) => {
  const files = readdirSync(new URL("packages/", root), { recursive: true, encoding: "utf8" }).filter(
    (path) => /^[^/]+\/src\/.*\.ts$/.test(path) && !path.startsWith("ledger/") && !path.includes("generated"),
  );
  t.ok(files.length > 300, `${files.length} files`);
  for (const path of files) t.same(spelt(readFileSync(new URL(`packages/${path}`, root), "utf8")), [], path);
});
