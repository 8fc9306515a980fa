/** Where root gives a command about the folder of another user, what it makes there is that user's. */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import t from "tap";
import { CAIRN, cairn, mustRun } from "./fixtures/command.js";

const OWNER = 61_234; // of no account of this machine
const NOBODY = 65_534;
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
  const asInstalled = `${dirname(CAIRN)}/../bin/cairn.js`; // the package's own command names it by such a way
  spawnSync(process.execPath, [asInstalled, "agent", "pause", "--data", data]);
  t.strictSame(owners(join(data, "keeper")), new Set([OWNER]));
  t.match(await mustRun(["agent", "log", "--data", data]), /paused; by root/);
  const { code } = await cairn(["agent", "init", "--data", data]);
  t.not(code, 0, "an exit code comes back: there is a keeper already");
});

t.test("a program that decrypts is not given root's leave to read", { skip }, async (t) => {
  const { data } = folders();
  mkdirSync(join(data, "keeper"), { recursive: true });
  chownSync(join(data, "keeper"), OWNER, OWNER);
  await mustRun(["agent", "init", "--data", data]);
  const extract = join(data, "..", "extract"); // root's alone, and read all the same
  mkdirSync(extract, { mode: 0o700 });
  writeFileSync(join(extract, "patients.csv.gpg"), "patient_id\nA\n");
  writeFileSync(join(extract, "events.csv.gpg"), "patient_id,date,code\nA,2015-01-01,1\n");
  const seen = join(data, "keeper", "seen");
  const program = join(data, "..", "decrypt");
  writeFileSync(
    program,
    `#!/bin/sh\ncat\ngrep -E '^(Cap(Inh|Prm|Eff|Amb)|Uid)' /proc/self/status > ${seen}\n`,
    {
      mode: 0o755,
    },
  );
  const load = [
    "agent",
    "import",
    "--data",
    data,
    "--format",
    "journal",
    "--registered-from",
    "first-record",
  ];
  const importing = (decrypt: string): string[] => [
    ...load,
    "--complete-to",
    "2015-01-02",
    "--decrypt",
    decrypt,
    extract,
  ];
  await mustRun(importing(program));
  const none = "0".repeat(16);
  const uids = `Uid:${`\t${OWNER}`.repeat(4)}\n`;
  const capabilities = ["Inh", "Prm", "Eff", "Amb"].map((name) => `Cap${name}:\t${none}\n`).join("");
  t.equal(readFileSync(seen, "utf8"), uids + capabilities);
  t.match(await cairn(importing(`${program}-that-is-not-there`)), {
    code: 4,
    stderr: /there is no program .*-that-is-not-there that this user can start/,
  });
});

t.test("who gave a command is believed of root's own command alone", { skip }, async (t) => {
  const { data } = folders();
  const pretending = { env: { CAIRN_GIVEN_BY: "ann" } };
  await mustRun(["agent", "init", "--data", data]);
  await mustRun(["agent", "pause", "--data", data], pretending); // the folder is root's: nobody else goes on
  const log = (): Promise<string> => mustRun(["agent", "log", "--data", data]);
  t.match(await log(), /paused; by root/);
  chmodSync(data, 0o711);
  chownSync(join(data, "keeper"), NOBODY, NOBODY);
  for (const name of readdirSync(join(data, "keeper"))) chownSync(join(data, "keeper", name), NOBODY, NOBODY);
  const as = [`--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", "--"];
  const resume = [process.execPath, CAIRN, "agent", "resume", "--data", data];
  const env = { ...process.env, CAIRN_GIVEN_BY: "ann" };
  const { status, stderr } = spawnSync("setpriv", [...as, ...resume], {
    env,
    encoding: "utf8",
  });
  t.equal(status, 0, stderr); // its parent is root's, and is no command of ours
  t.match(await log(), /resumed; by nobody/);
  const evil = join(data, "evil"); // of as many words as those behind which root starts it
  const options = "--no-warnings --no-deprecation --stack-trace-limit=10";
  const words = `#!/bin/sh\nexec env CAIRN_GIVEN_BY=ann ${process.execPath} ${options} ${CAIRN} "$@"\n`;
  writeFileSync(evil, words, { mode: 0o755 });
  const args = ["-u", "nobody", "--", evil, "agent", "pause", "--data", data];
  const again = spawnSync("runuser", args, { encoding: "utf8" });
  t.equal(again.status, 0, again.stderr);
  t.match(await log(), /paused; by nobody/);
});

t.test("a hub's folder is its owner's", { skip }, async (t) => {
  const { data } = folders();
  mkdirSync(data);
  chownSync(data, OWNER, OWNER);
  await mustRun(["hub", "init", "--data", data]);
  t.strictSame(owners(data), new Set([OWNER]));
});
