import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { spawnSync } from "node:child_process";
import t from "tap";
import { snakeKeys } from "../src/snake-keys.js";

const SOURCE = fileURLToPath(new URL("../src/", import.meta.url));
const CAIRN = fileURLToPath(new URL("../bin/cairn.js", import.meta.url));

/** Keys at any depth that have a hump. */
function humps(value: unknown): string[] {
  if (value === null || typeof value !== "object") return [];
  const own = Array.isArray(value) ? [] : Object.keys(value).filter((key) => /[a-z][A-Z]/.test(key));
  return [...own, ...Object.values(value).flatMap(humps)];
}

t.test("keys are in snake_case at any depth; keys that are data stay", async (t) => {
  t.same(snakeKeys({ coversTo: [{ hubAheadSeconds: null, link: { offlineFrom: "x" } }], k: 1 }), {
    covers_to: [{ hub_ahead_seconds: null, link: { offline_from: "x" } }],
    k: 1,
  });
  const data = { "2024-01": 1, "waiting-for-records": 2, age_band: "x", "White Ash": 3, "mmol/L": 4 };
  t.same(snakeKeys(data), data);
  t.same(snakeKeys(new Map([["fooBar", { takenAt: 1 }]])), { fooBar: { taken_at: 1 } });
});

t.test("an import counts each kind of row under the extract's own name for it", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "cairn-keys-"));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const [agent, extract] = [join(folder, "agent"), join(folder, "extract.ndjson")];
  const kinds = ["Patient", "fooBar"];
  const lines = kinds.map((resourceType) =>
    JSON.stringify({ resourceType, id: "1", birthDate: "1950-01-01" }),
  );
  writeFileSync(extract, lines.join("\n"));
  spawnSync(process.execPath, [CAIRN, "agent", "init", "--data", agent]);
  const flags = ["--data", agent, "--format", "fhir", "--registered-from", "birth", "--json"];
  const { stdout, stderr } = spawnSync(process.execPath, [CAIRN, "agent", "import", extract, ...flags], {
    encoding: "utf8",
  });
  t.match(stdout, /^\{/, stderr);
  t.same(Object.keys((JSON.parse(stdout) as { rows: object }).rows).sort(), kinds);
});

t.test("every command prints its JSON through `say.json`", async (t) => {
  const allowed: Readonly<Record<string, string>> = {
    "say.ts": "is the one writer",
    "commands/hub-invite.ts": "the same keys, into a file that only its user may read",
    "witness/folder.ts": "a witness's own files, which nobody scripts against",
    "witness/hub-pages.ts": "an address that is none, in quotes",
    "audit/papers.ts": "a day that is none, in quotes",
    "commands/query-author.ts": "a FHIR Measure has FHIR's keys; and a key to tell examples apart",
  };
  const files = readdirSync(SOURCE, { recursive: true, encoding: "utf8" }).filter((file) =>
    file.endsWith(".ts"),
  );
  const writers = files.filter((file) =>
    readFileSync(join(SOURCE, file), "utf8").includes("JSON.stringify("),
  );
  t.same(writers.sort(), Object.keys(allowed).sort());
});

t.test("what commands print has no key with a hump", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "cairn-keys-"));
  t.teardown(() => rmSync(folder, { recursive: true }));
  const [agent, hub] = [join(folder, "agent"), join(folder, "hub")];
  for (const command of [
    ["agent", "init", "--data", agent],
    ["agent", "status", "--data", agent],
    ["agent", "rules", "--data", agent],
    ["hub", "init", "--data", hub],
    ["hub", "status", "--data", hub],
    ["schedule", "list", "--data", hub],
  ]) {
    const json = command.join(" ").startsWith("hub init") ? [] : ["--json"];
    const { stdout, stderr, status } = spawnSync(process.execPath, [CAIRN, ...command, ...json], {
      encoding: "utf8",
    });
    t.equal(status, 0, stderr);
    if (json.length > 0) t.same(humps(JSON.parse(stdout)), [], command.slice(0, 2).join(" "));
  }
});
