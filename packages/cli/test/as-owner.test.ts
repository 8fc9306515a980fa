/** Where root gives a command about the folder of another user, what it makes there is that user's. */
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { cairn, mustRun } from "./fixtures/command.js";

const OWNER = 61_234; // of no account of this machine
const skip = process.getuid?.() === 0 ? false : "only root may give a command about another's folder";

function folders(): { data: string } {
  const dir = mkdtempSync(join(tmpdir(), "cairn-owner-"));
  t.teardown(() => rmSync(dir, { recursive: true, force: true }));
  chmodSync(dir, 0o755);
  return { data: join(dir, "agent") };
}

const owners = (folder: string): Set<number> =>
  new Set(readdirSync(folder).map((name) => statSync(join(folder, name)).uid));

t.test("a practice's half is its owner's, and the log says that root decided", { skip }, async (t) => {
  const { data } = folders();
  mkdirSync(join(data, "keeper"), { recursive: true });
  chownSync(join(data, "keeper"), OWNER, OWNER);
  chmodSync(join(data, "keeper"), 0o700);
  await mustRun(["agent", "init", "--data", data]);
  await mustRun(["agent", "pause", "--data", data]);
  t.strictSame(owners(join(data, "keeper")), new Set([OWNER]));
  t.match(await mustRun(["agent", "log", "--data", data]), /paused; by root/);
  const { code } = await cairn(["agent", "init", "--data", data]);
  t.not(code, 0, "an exit code comes back: there is a keeper already");
});

t.test("a hub's folder is its owner's", { skip }, async (t) => {
  const { data } = folders();
  mkdirSync(data);
  chownSync(data, OWNER, OWNER);
  await mustRun(["hub", "init", "--data", data]);
  t.strictSame(owners(data), new Set([OWNER]));
});
