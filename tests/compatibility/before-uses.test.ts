/**
 * Stores and logs made by the version before uses open, go on and verify. `before-uses.tar.br` holds a hub and two
 * practices with invented records as that version left them: 17 releases of two queries, one withdrawn and corrected,
 * and a query that Birch Practice declined after its releases had left. Its keys are for this test alone.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliDecompressSync } from "node:zlib";
import t from "tap";
import { comparisonsJson, exportLines, openHub, type Hub } from "@cairn/hub";
import { keeperStatus, KeeperStore } from "@cairn/keeper/practice";
import { crossCheck, type ExportedLog } from "@cairn/ledger";
import { signatureChecks } from "@cairn/wire";
import { runMessage } from "../../packages/keeper/src/link/run-message.js";
import { allRuns } from "../../packages/keeper/src/runs/run.js";
import { reviewRuns } from "../../packages/keeper/src/review/review.js";
import { practiceExportLines } from "../../packages/keeper/src/export.js";
import { acknowledge } from "../../packages/keeper/src/review/acknowledge.js";
import { report } from "../../packages/hub/src/runs/report.js";

const folder = mkdtempSync(join(tmpdir(), "cairn-before-uses-"));
const now = (): number => Date.parse("2026-11-30T12:00:00Z");
const packed = readFileSync(new URL("before-uses.tar.br", import.meta.url));
writeFileSync(join(folder, "all.tar"), brotliDecompressSync(packed));
execFileSync("tar", ["-xf", "all.tar"], { cwd: folder });
t.teardown(() => rmSync(folder, { recursive: true, force: true }));

function lines(name: string): ExportedLog {
  const text = readFileSync(join(folder, `${name}.ndjson`), "utf8");
  return { name, lines: text.split("\n").filter((line) => line !== "") };
}

/** What a practice's agent says once it has been brought up to this version, and what the hub answers. */
async function say(hub: Hub, store: KeeperStore): Promise<void> {
  const { practice } = keeperStatus(store);
  const agent = await hub.store.db
    .selectFrom("agent")
    .innerJoin("practice", "practice.id", "agent.practice")
    .selectAll("agent")
    .where("practice.name", "=", practice ?? "")
    .executeTakeFirstOrThrow();
  const runs = allRuns(store).map((run) => runMessage(store, run));
  const request = {
    runs: JSON.parse(JSON.stringify(runs), revived) as never,
    consents: [],
    idempotencyKey: "once",
  };
  const { receipts, refusals } = await report(hub, agent, request);
  t.same(refusals, []);
  const asSent = (receipts ?? []).map((receipt) => ({ group: "", ...receipt })); // as the wire fills it in
  acknowledge(store, { receipts: asSent as never, consents: [] });
}

/** Bytes come through JSON as what Buffer.toJSON says of them. */
function revived(_key: string, value: unknown): unknown {
  const bytes = value as { type?: string; data?: number[] } | null;
  return bytes?.type === "Buffer" && Array.isArray(bytes.data) ? Buffer.from(bytes.data) : value;
}

async function states(hub: Hub, query: string): Promise<string[]> {
  const all = await comparisonsJson(hub, "north");
  const totals = all.filter((one) => one.query === query && Object.keys(one.split).length === 0);
  return totals.flatMap(({ practices }) => practices.map(({ practice, state }) => `${practice}: ${state}`));
}

t.test("exports of before verify as they are", (t) => {
  const account = crossCheck(lines("hub"), [lines("alder"), lines("birch")], signatureChecks);
  t.match(account, { verified: true, problem: null, releases: 17 });
  t.end();
});

t.test("a hub and practices of before go on: nothing is shown until each has signed its uses", async (t) => {
  const hub = openHub(join(folder, "hub"), { now, offlineAfter: 7 * 86_400_000 });
  const stores = ["alder", "birch"].map((name) => KeeperStore.open(join(folder, name, "keeper"), { now }));
  t.teardown(async () => {
    for (const store of stores) store.close();
    await hub.store.close();
  });
  t.notMatch((await states(hub, "hypertension-register")).join(), "released");
  for (const store of stores) {
    store.change(reviewRuns);
    await say(hub, store);
  }
  t.same(
    new Set(await states(hub, "hypertension-register")),
    new Set(["Alder Practice: released", "Birch Practice: released"]),
  );
  t.same(
    new Set(await states(hub, "flu-vaccination-uptake")),
    new Set(["Alder Practice: released", "Birch Practice: declined"]),
    "nothing is signed for what was declined since",
  );
  t.match(keeperStatus(stores[0] as KeeperStore).groups, [{ group: "north", state: "joined" }]);

  const exported: string[] = [];
  for await (const line of exportLines(hub, { bytes: true })) exported.push(line);
  const practices = stores.map((store, i) => ({
    name: `practice ${i}`,
    lines: [...practiceExportLines(store)],
  }));
  const account = crossCheck({ name: "hub", lines: exported }, practices, signatureChecks);
  t.same(account.problems, []);
  t.match(account, { verified: true, releases: 17, bytes: 17 });
});
