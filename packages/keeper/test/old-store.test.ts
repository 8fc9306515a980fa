/** A store of the version before opens, goes on and replays: who was answered stays a member, by name and in the log. */
import { cpSync, mkdirSync, readFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { verifyExport } from "@cairn/audit-log";
import { openDatabase } from "@cairn/sqlite";
import { publicKeyFromRaw, rawPublicKey, verifyUse } from "@cairn/wire";
import { person } from "../src/store/person.js";
import { trustRoot } from "../src/trust/root.js";
import { keeperStatus } from "../src/status.js";
import {
  assignment,
  bundle,
  DATES,
  GROUP,
  practice,
  receipt,
  runOn,
  signers,
  until,
} from "./fixtures/practice.js";
import { lease, RUN, told } from "./fixtures/released.js";

const MIGRATIONS = new URL("../migrations/keeper/", import.meta.url).pathname;
const BEFORE = ["001-keeper.sql", "002-corrections.sql", "003-opt-outs.sql"];
const AS_THEY_WERE = ["release", "release_history", "withheld", "log_entry", "log_node"];

/** The same store as the version before wrote it: one group a run, its floor beside it, and no uses. */
function asBefore(folder: string, scratch: string): void {
  const [file, now] = [join(folder, "keeper.db"), join(folder, "now.db")];
  const old = join(scratch, "before");
  mkdirSync(old);
  for (const name of BEFORE) cpSync(join(MIGRATIONS, name), join(old, name));
  renameSync(file, now);
  const db = openDatabase(file, { migrations: new URL(`file://${old}/`) });
  const log = new URL("../../audit-log/migrations/log.sql", import.meta.url).pathname;
  db.exec(`ATTACH '${now}' AS now; PRAGMA foreign_keys = OFF`);
  db.exec(readFileSync(log, "utf8"));
  db.exec(`
    INSERT INTO setting SELECT name, value FROM now.setting WHERE name NOT IN ('groups-accepted', 'refusals-noted');
    INSERT INTO library SELECT position, version, digest, bundle, verified_at FROM now.library;
    INSERT INTO rule SELECT grp, rule, days FROM now.rule;
    INSERT INTO offered SELECT digest, grp, query, version, offered_at, accepted_at FROM now.offered;
    INSERT INTO declined VALUES ('another-query', 1);
    INSERT INTO run (run, grp, query, version, digest, reference_date, floor_k, floor_base, floor_midpoint, state, attempt,
                     starts, change, correction)
      SELECT run, '${GROUP}', query, version, digest, reference_date, 8, 5, 0, state, attempt, starts, change, correction
      FROM now.run;`);
  db.exec(`INSERT INTO receipt SELECT run, correction, withdrawn, release_digest, hub_log_index, signature
           FROM now.receipt`);
  for (const table of AS_THEY_WERE) db.exec(`INSERT INTO ${table} SELECT * FROM now.${table}`);
  db.close();
}

t.test("a store of the version before is carried over", async (t) => {
  const home = practice(t);
  const running = await home.start();
  const { api } = running;
  await api.offerLibrary({ bundle: bundle() });
  await api.offerRuns({ assignments: DATES.map((date) => assignment(date)) });
  await api.execute({ leases: [lease(RUN)] });
  await until(api, RUN, "OUTBOX");
  const { release } = await api.takeRelease({ run: RUN });
  await api.acknowledge({ receipts: [receipt(RUN, release!.release)] });
  await running.stop();
  asBefore(home.folder, t.testdir());

  const again = await home.start();
  const { store } = again.keeper;
  const joined = [...store.log.entries()].filter(({ kind }) => kind === "group-joined").at(-1);
  t.match(joined?.body, { group: GROUP, by: "carried over from before groups were accepted" });
  const [mine] = (await told(again)).groups;
  t.match(mine, { group: GROUP, state: "AGENT_RUN_STATE_READY", use: { ended: false } });
  t.ok(mine?.use && verifyUse(mine.use, rawPublicKey(store.key)), "what was answered has its use");
  const status = keeperStatus(store);
  t.match(status.groups, [{ group: GROUP, state: "joined" }]);
  t.match(status.libraryProblem, { words: /cairn agent trust FILE/ }, "one key signed its library");
  trustRoot(store, signers.root(), person("Ann"));
  await again.api.offerLibrary({ bundle: bundle() });
  t.match(keeperStatus(store), { libraryExpires: "2030-01-01", libraryProblem: null });
  t.match(
    store.db.prepare("SELECT grp, said FROM query_said WHERE query = 'another-query'").get(),
    { grp: "", said: "declined" },
    "what was declined stays so, for every group",
  );
  const next = runOn(DATES[1]);
  await again.api.execute({ leases: [lease(next)] });
  await until(again.api, next, "OUTBOX");
  t.match(
    (await again.api.takeRelease({ run: next })).uses,
    [{ group: GROUP, ended: false }],
    "and it goes on",
  );
  const owner = { name: store.log.origin, key: publicKeyFromRaw(rawPublicKey(store.key)) };
  t.ok(verifyExport([...store.log.exportLines()], owner).ok);
});
