/** A hub's folder: made once, never half, and nothing made in the place of what was lost. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { backupHub, initHub, openHub, restoreHub } from "@cairn/hub";
import t, { type Test } from "tap";

const HOSTS = ["localhost"];

async function made(t: Test): Promise<string> {
  const folder = join(t.testdir({}), "hub");
  await initHub(folder, HOSTS);
  return folder;
}

/** Every file of a folder with its bytes. */
function content(folder: string): Record<string, string> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name }) => [name, readFileSync(join(parentPath, name)).toString("hex")]),
  );
}

t.test("a hub's database that is gone or empty is not made anew, and what to do is said", async (t) => {
  const losses: Record<string, (file: string) => void> = {
    deleted: (file) => rmSync(file),
    empty: (file) => truncateSync(file, 0),
    "gone, with its journal left": (file) => renameSync(file, `${file}-wal`),
  };
  for (const [how, lose] of Object.entries(losses)) {
    await t.test(how, async (t) => {
      const folder = await made(t);
      lose(join(folder, "hub.db"));
      const before = content(folder);
      const words = {
        code: "incomplete",
        kind: "unavailable",
        message: /hub\.db is missing or empty.*cairn hub restore/,
      };
      t.throws(() => openHub(folder), words);
      await t.rejects(initHub(folder, HOSTS), { code: "exists" });
      t.same(content(folder), before, "left as it was");
    });
  }
});

t.test("a hub without its manifest is told from no hub, and its keys are not made anew", async (t) => {
  for (const also of [[], ["hub.db"]]) {
    const folder = await made(t);
    for (const name of ["hub.json", ...also]) rmSync(join(folder, name));
    const before = content(folder);
    t.throws(() => openHub(folder), { code: "incomplete", message: /hub\.json is missing.*backup/ });
    await t.rejects(initHub(folder, HOSTS), { code: "exists" });
    t.same(content(folder), before);
  }
});

t.test("init that was interrupted at any step is given again", async (t) => {
  const steps: Record<string, (folder: string) => Promise<void>> = {
    begun: async (folder) => {
      mkdirSync(join(folder, "keys"), { recursive: true });
      writeFileSync(join(folder, "hub.json.new"), "{");
    },
    "all but the manifest's name is there": async (folder) => {
      await initHub(folder, HOSTS);
      renameSync(join(folder, "hub.json"), join(folder, "hub.json.new"));
    },
    "the database is begun": async (folder) => {
      await initHub(folder, HOSTS);
      renameSync(join(folder, "hub.json"), join(folder, "hub.json.new"));
      truncateSync(join(folder, "hub.db"), 0);
    },
  };
  for (const [step, leave] of Object.entries(steps)) {
    await t.test(step, async (t) => {
      const folder = join(t.testdir({}), "hub");
      await leave(folder);
      t.throws(() => openHub(folder), { code: "no-hub", message: /interrupted.*give it again/ });
      await initHub(folder, HOSTS);
      await openHub(folder).store.close();
      t.notOk(existsSync(join(folder, "hub.json.new")));
    });
  }
});

t.test("a backup goes into a new or empty folder outside of the hub's, and comes back", async (t) => {
  const folder = await made(t);
  const beside = join(folder, "..");
  const before = content(folder);
  for (const out of [folder, join(folder, "backup"), join(folder, "..", "hub", "keys", "x")])
    await t.rejects(backupHub(folder, out), { code: "backup-place", kind: "wrong-use" }, out);
  mkdirSync(join(beside, "used"));
  writeFileSync(join(beside, "used", "letter.txt"), "Dear all");
  await t.rejects(backupHub(folder, join(beside, "used")), { code: "backup-place", message: /not empty/ });
  t.same(content(folder), before);
  t.same(readdirSync(join(beside, "used")), ["letter.txt"]);

  mkdirSync(join(beside, "empty"));
  await backupHub(folder, join(beside, "empty"));
  await t.rejects(backupHub(folder, join(beside, "empty")), { code: "backup-place" }, "nor over a backup");
  rmSync(join(folder, "hub.db"));
  renameSync(folder, join(beside, "aside"));
  await restoreHub(join(beside, "empty"), folder);
  await openHub(folder).store.close();
  truncateSync(join(beside, "empty", "hub.db"), 0);
  await t.rejects(restoreHub(join(beside, "empty"), join(beside, "other")), { code: "backup-unsound" });
  t.notOk(existsSync(join(beside, "other", "hub.db")));
});
