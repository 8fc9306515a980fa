/** What `cairn agent watch` says of an extract that it took: what it skipped too, counted. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { initKeeper, keeperFolder } from "@cairn/keeper";
import t from "tap";
import { CAIRN } from "./fixtures/command.js";

t.test("rows that were skipped are counted with their reasons", (t) => {
  const dir = mkdtempSync(join(tmpdir(), "cairn-watch-says-"));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  const [data, inbox] = [join(dir, "agent"), join(dir, "inbox")];
  initKeeper(keeperFolder(data));
  mkdirSync(join(inbox, "first"), { recursive: true });
  const write = (name: string, text: string) => writeFileSync(join(inbox, "first", name), text);
  write("patients.csv", "patient_id,sex\na,female\n");
  write("registrations.csv", "patient_id,start\na,2001-01-01\n");
  write(
    "events.csv",
    `patient_id,date,code\n${"a,2024-01-01,22298006\n".repeat(3)}nobody,2024-01-01,22298006\n`,
  );
  write("manifest.json", '{"kind":"bulk","covers_to":"2024-01-02"}');
  const args = ["agent", "watch", inbox, "--once", "--rest", "0", "--data", data, "--format", "journal", "--keep", "0"]; // prettier-ignore
  const { stdout, stderr } = spawnSync(process.execPath, [CAIRN, ...args], { encoding: "utf8" });
  t.match(stdout, /Taken: first, .*\nSkipped:\n {2}1 x events: it points at no patient/, stderr);
  t.match(stdout, /^Deleted, as --keep says: first$/m);
  t.same(readdirSync(inbox), []);
  t.end();
});
