/**
 * A charter that asks for witnesses, with real processes: a question waits at the practice until an officer's witness has
 * countersigned the hub's log with the library that holds it, and then runs without anybody's doing.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { withHub } from "@cairn/hub";
import { Federation } from "@cairn/demo";
import { addToNext } from "@cairn/signed-library/signing";
import { charterBytes, parseCharter, PRESETS_LOCATION } from "@cairn/charters";
import { until } from "@cairn/testkit";
import { command } from "../../packages/cli/test/fixtures/command.js";
import { someQueries } from "../../packages/hub/test/some-queries.js";

const GROUP = "cluster";
const QUERY = "hypertension-register";
const PRESET = "scottish-cluster";
const CHARTER = `charter: ${GROUP}
extends: ${PRESET}
new_query: accept-signed
purpose: Practices of the glen learn from one another.
controller: Each practice for what it releases.
lawful_basis: UK GDPR article 6(1)(e).
keep_for: 60 months
review: 2027-09-30
`;
const folder = mkdtempSync(join(tmpdir(), "cairn-witness-"));
const library = someQueries(join(folder, "library"), [QUERY]);
const federation = new Federation({
  command,
  folder,
  group: GROUP,
  offlineAfter: 3600,
  library,
  witness: true,
});

t.teardown(async () => {
  await federation.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Status {
  readonly witness_wait: { readonly code: string } | null;
  readonly runs: readonly { readonly state: string }[];
}

t.test("a question runs once an officer's witness has signed, and not before", async (t) => {
  await federation.initHub();
  const preset = readFileSync(new URL(`${PRESET}.yaml`, PRESETS_LOCATION), "utf8");
  const parsed = parseCharter(CHARTER, { file: "cluster.yaml", presets: { [PRESET]: preset } });
  if (!("charter" in parsed)) throw new Error(JSON.stringify(parsed.problems));
  const charters = new Map([[GROUP, Buffer.from(charterBytes(parsed.charter)).toString("utf8")]]);
  addToNext(federation.signers.library, { charters }, Date.now());
  await federation.signers.sign(library);
  await withHub(federation.hubData, (hub) => federation.signers.publish(hub));
  await federation.startHub();
  const spec = { name: "Ash Surgery", patients: 150, eventsPerPatient: 50, seed: 21, until: "2026-07-31" };
  const practice = federation.addPractice(spec);
  await practice.loadRecords();
  await federation.enrol(practice);
  await practice.start();
  const status = async (): Promise<Status> =>
    JSON.parse(await practice.must("agent", "status", "--json")) as Status;
  const states = async (): Promise<string> => (await status()).runs.map(({ state }) => state).join(" ");
  const asked = ["--group", GROUP, "--query", QUERY, "--periods", "1", "--until", "2026-06-30"];
  await federation.mustHub("schedule", "add", ...asked);
  await until("the run is offered", async () => (await status()).runs.length > 0);
  await practice.join(); // accepts the charter, which came with the library
  await until("it waits", async () => (await states()) === "waiting-for-witness");
  t.equal((await status()).witness_wait?.code, "waiting-for-witness");
  const atHub = async () =>
    federation.atHub((hub) => hub.store.db.selectFrom("run").select("state").executeTakeFirst());
  await until("the hub hears of it", async () => (await atHub())?.state === "waiting-for-witness");

  federation.startWitness();
  await until("it is answered", async () => (await states()) === "acknowledged");
  t.equal((await status()).witness_wait, null);
  t.match(await practice.must("agent", "log", "--json"), /"kind":"publication-witnessed"/);
});
