/**
 * H6, H8, with real processes: the group's comparison comes back to every practice, the same bytes, proved to be in the
 * hub's log; a withdrawal brings a newer one to all; who was away gets it later; and a hub restored from a backup cannot
 * bring back what was taken down.
 */
import { mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { indexIn } from "@cairn/audit-log";
import { openDatabase } from "@cairn/sqlite";
import { addSchedule } from "@cairn/hub";
import { readDocument, type ComparisonDocument } from "@cairn/comparisons";
import { Federation, type Practice } from "@cairn/demo";
import { until } from "@cairn/testkit";
import { cairn, command } from "../../packages/cli/test/fixtures/command.js";
import { someQueries } from "../../packages/hub/test/some-queries.js";

const GROUP = "Glen";
const QUERY = "hypertension-register";
const DATE = "2026-03-31";
const SOON = { CAIRN_AGAIN_MS: "1000" };
const NAMES = ["Ash", "Birch", "Cedar", "Elm", "Hazel", "Larch"];

const folder = mkdtempSync(join(tmpdir(), "cairn-comparison-"));
const library = someQueries(join(folder, "library"), [QUERY]);
const federation = new Federation({ command, folder, group: GROUP, offlineAfter: 3600, library });
let practices: Practice[] = [];

t.before(async () => {
  await federation.initHub();
  await federation.startHub();
  practices = NAMES.map((name, i) => {
    const spec = { patients: 150, eventsPerPatient: 50, seed: 21 + i, until: "2026-07-31" };
    return federation.addPractice({ name, ...spec });
  });
  for (const practice of practices) {
    await practice.loadRecords();
    await federation.enrol(practice);
  }
});

t.teardown(async () => {
  await federation.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Read beside the process that owns it. */
function rows<Row>(file: string, sql: string, ...bind: string[]): Row[] {
  const db = openDatabase(file, { readonly: true, check: false });
  try {
    return db.prepare<string[], Row>(sql).all(...bind);
  } finally {
    db.close();
  }
}

function held(practice: Practice): { document: ComparisonDocument; bytes: string } | null {
  const file = join(practice.data, "keeper", "keeper.db");
  const [row] = rows<{ bytes: Buffer }>(file, "SELECT bytes FROM comparison WHERE reference_date = ?", DATE);
  return row ? { document: readDocument(row.bytes), bytes: row.bytes.toString("utf8") } : null;
}

function state(practice: Practice): string {
  const file = join(practice.data, "keeper", "keeper.db");
  return rows<{ state: string }>(file, "SELECT state FROM run")[0]?.state ?? "";
}

function logged(practice: Practice, kind: string): Record<string, unknown>[] {
  const file = join(practice.data, "keeper", "keeper.db");
  const sql = "SELECT body FROM log_entry WHERE kind = ? ORDER BY position";
  return rows<{ body: string }>(file, sql, kind).map(
    ({ body }) => JSON.parse(body) as Record<string, unknown>,
  );
}

const waited = (what: string, holds: () => boolean): Promise<true> =>
  until(what, holds, () => {
    const logs = practices.map(({ spec, agent }) => `${spec.name}: ${agent?.log ?? "stopped"}`);
    return `${logs.join("\n")}\n${federation.hub?.log}`;
  });

/** Every running practice holds one and the same document, of this revision. */
async function allHold(t: Test, those: readonly Practice[], revision: number): Promise<ComparisonDocument> {
  const isSame = (): boolean =>
    those.every((practice) => held(practice)?.document.revision === revision) &&
    new Set(those.map((practice) => held(practice)?.bytes)).size === 1;
  await waited(`all hold revision ${revision}`, isSame);
  return held(those[0]!)!.document;
}

async function verified(t: Test): Promise<void> {
  const hub = join(folder, "hub.log");
  writeFileSync(hub, await federation.mustHub("hub", "export", "--bytes"));
  const files: string[] = [];
  for (const practice of practices) {
    const file = join(folder, `${practice.spec.name}.log`);
    writeFileSync(file, await practice.must("agent", "log", "--json"));
    files.push(file);
  }
  const given = files.flatMap((file) => ["--practice", file]);
  const done = await cairn(["audit", "verify", "--hub", hub, ...given, "--json"]);
  const account = JSON.parse(done.stdout) as { problem: string | null };
  t.equal(account.problem, null);
}

t.test(
  "when a collection closes every practice gets the same bytes; who was away gets them later",
  async (t) => {
    const [last, away, ...others] = practices as [Practice, Practice, ...Practice[]];
    for (const practice of [away, ...others]) await practice.start(SOON);
    const schedule = { group: GROUP, queries: [QUERY], every: "quarter", periods: 1, until: DATE } as const;
    const when = { cron: null, timezone: "Europe/London", catchUp: "latest" } as const;
    const rest = { catchUpWindow: 0, spread: 0, collectFor: 3_600_000 };
    await federation.atHub((hub) => addSchedule(hub, { ...schedule, ...when, ...rest }));
    await waited("it released", () => state(away) === "acknowledged");
    await away.stop();
    t.equal(held(away), null, "the collection is open");
    await last.start(SOON); // the last that is missing: with it the collection closes
    const document = await allHold(t, [last, ...others], 1);
    t.match(document, { group: GROUP, query: QUERY, date: DATE });
    t.match(document.practices, { asked: 6, answers: { contributing: 6 } });
    for (const { spec } of practices) t.notMatch(held(last)!.bytes, spec.name, "and no practice in it");
    t.equal(held(away), null);
    await away.start(SOON);
    await allHold(t, practices, 1);
    for (const practice of practices) {
      t.match(logged(practice, "comparison-taken"), [{ revision: 1, own: true }], "each found its own dots");
      t.same(logged(practice, "comparison-refused"), []);
    }
    await verified(t);
  },
);

t.test(
  "a withdrawal brings a newer document to all, and a restored hub does not bring the older back",
  async (t) => {
    const backup = join(folder, "backup");
    await federation.mustHub("hub", "backup", "--out", backup);
    const { runs } = JSON.parse(await practices[0]!.must("agent", "status", "--json")) as {
      runs: { run: string }[];
    };
    await practices[0]!.must("agent", "withdraw", runs[0]!.run, "--why", "a test");
    const document = await allHold(t, practices, 2);
    t.ok(document.cells.every(({ dots }) => typeof dots === "string"));
    t.match(document.practices.answers, { states: [{ state: "withdrawn", practices: 1 }] });

    await federation.stopHub();
    renameSync(federation.hubData, `${federation.hubData}-lost`);
    await command.must(["hub", "restore", "--from", backup, "--data", federation.hubData]);
    await federation.startHub();
    for (const practice of practices) {
      await waited("it sees the new log", () => logged(practice, "checkpoint-refused").length > 0);
      await practice.must("agent", "accept-hub-log");
    }
    // The backup holds what was taken down; told anew of the withdrawal, the hub makes the newer one again.
    const offered = (practice: Practice): boolean => {
      const sql = "SELECT value FROM setting WHERE name = 'comparisons-from'";
      const [from] = rows<{ value: string }>(join(practice.data, "keeper", "keeper.db"), sql);
      return Number(from?.value) > indexIn(1, 0);
    };
    for (const practice of practices)
      await waited("it was offered what the restored hub has", () => offered(practice));
    await allHold(t, practices, 2);
    await verified(t);
  },
);
