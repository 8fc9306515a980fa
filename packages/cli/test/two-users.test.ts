/** H2: where there are two users, the process that talks to the hub can open no record. */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, lchownSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cairn, command, mustRun } from "./fixtures/command.js";
import t from "tap";

t.setTimeout(600_000);
/** Made-up users of this test alone; none of this machine's accounts is touched. */
const NAMES = { keeper: `cairn-test-k${process.pid}`, courier: `cairn-test-c${process.pid}` };
const isRoot = process.getuid?.() === 0;
const haveUsers = isRoot && Object.values(NAMES).every(made);
const skip: string | false = haveUsers
  ? false
  : "only root, with useradd, can make the two users that this needs";
t.teardown(() => {
  if (isRoot) for (const name of Object.values(NAMES)) spawnSync("userdel", [name], { stdio: "ignore" });
});

function made(name: string): boolean {
  const args = ["--system", "--no-create-home", "--shell", "/usr/sbin/nologin", name];
  return spawnSync("useradd", args, { stdio: "ignore" }).status === 0;
}

function id(which: "-u" | "-g", name: string): number {
  return Number(spawnSync("id", [which, name], { encoding: "utf8" }).stdout);
}

interface Ready {
  readonly pids: { readonly keeper: number; readonly courier: number };
  readonly socket: string;
  readonly network: string;
}

async function agent(owner: string | null): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "cairn-users-"));
  chmodSync(folder, 0o755);
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  const data = join(folder, "agent");
  await mustRun(["agent", "init", "--data", data]);
  if (owner !== null) {
    const { status } = spawnSync("chown", ["-R", owner, data]);
    t.equal(status, 0);
  }
  return data;
}

/** What a process of the courier's user may do: its own user, group and groups, as the agent starts it. */
function asCourier(command: string, ...args: string[]): boolean {
  const ids = { uid: id("-u", NAMES.courier), gid: id("-g", NAMES.courier) };
  return spawnSync(command, args, { ...ids, cwd: "/", stdio: "ignore" }).status === 0;
}

for (const owner of [null, NAMES.keeper]) {
  const whose = owner === null ? "root's folder" : "a folder of the keeper's own user";
  t.test(`two users in ${whose}: the courier opens the socket and no record`, { skip }, async (t) => {
    const data = await agent(owner);
    const args = ["agent", "start", "--data", data, "--page-port", "0", "--json"];
    const start = [...args, "--courier-user", NAMES.courier];
    const { service, ready } = await command.start<Ready>("agent", start, {}, 60);
    t.teardown(() => service.stop());
    const keeper = owner === null ? 0 : id("-u", owner);
    const courier = id("-u", NAMES.courier);
    t.equal(statSync(`/proc/${ready.pids.courier}`).uid, courier);
    t.equal(statSync(`/proc/${ready.pids.keeper}`).uid, keeper);
    t.equal(ready.network, "isolated", "the namespace was made while still root");

    t.equal(statSync(join(data, "keeper")).mode & 0o777, 0o700);
    t.equal(statSync(join(data, "keeper")).uid, keeper);
    t.notOk(asCourier("test", "-x", join(data, "keeper")), "it cannot look into the records' folder");
    t.notOk(asCourier("cat", join(data, "keeper", "keeper.db")));
    t.ok(asCourier("test", "-w", ready.socket), "it may connect to the socket");
    t.ok(asCourier("test", "-w", join(data, "courier")));
    t.equal(statSync(join(data, "courier")).mode & 0o777, 0o700);

    const { stdout } = await cairn(["agent", "doctor", "--data", data, "--json"]);
    const { checks } = JSON.parse(stdout) as { checks: { check: string; holds: boolean | null }[] };
    t.match(
      checks.find(({ check }) => check === "keeper and courier as two users"),
      { holds: true },
    );
    t.match(
      checks.find(({ check }) => check === "the keeper that runs now"),
      { holds: true },
    );
    const left = spawnSync("find", [join(data, "keeper"), "!", "-user", String(keeper)], {
      encoding: "utf8",
    });
    t.equal(left.stdout, "", "nothing in the keeper's folder is another's");
  });
}

t.test(
  "a user that is not there, or is the keeper's own, is named, and nothing is changed",
  { skip },
  async (t) => {
    const data = await agent(NAMES.keeper);
    const before = statSync(data).mode;
    const start = (name: string) =>
      cairn(["agent", "start", "--data", data, "--page-port", "0", "--courier-user", name]);
    t.match(await start("nobody-of-this-name"), {
      code: 2,
      stderr: /^cairn: there is no user nobody-of-this-name/,
    });
    t.match(await start(NAMES.keeper), { code: 2, stderr: /the keeper's folder belongs to/ });
    chmodSync(join(data, ".."), 0o700);
    t.match(await start(NAMES.courier), { code: 2, stderr: /cannot reach/ });
    t.equal(statSync(data).mode, before);
    t.notOk(existsSync(join(data, "courier")));
  },
);

t.test("root changes nothing that the folder only points to", { skip }, async (t) => {
  const data = await agent(NAMES.keeper);
  const outside = mkdtempSync(join(tmpdir(), "cairn-outside-"));
  t.teardown(() => rmSync(outside, { recursive: true, force: true }));
  spawnSync("ln", ["-s", outside, join(data, "courier")]);
  lchownSync(join(data, "courier"), id("-u", NAMES.keeper), id("-g", NAMES.keeper));
  const args = ["agent", "start", "--data", data, "--page-port", "0", "--courier-user", NAMES.courier];
  t.match(await cairn(args), { code: 4, stderr: /courier may not be read by the user/ });
  t.equal(statSync(outside).uid, 0);
});

const two = spawnSync("id", ["cairn-courier"], { stdio: "ignore" }).status === 0;
const one = { skip: two && "this machine has the user cairn-courier, so there are two" };
t.test("one user for both is said plainly by doctor, as what does not hold", one, async (t) => {
  const data = await agent(null);
  const args = ["agent", "start", "--data", data, "--page-port", "0", "--json"];
  const { service } = await command.start<Ready>("agent", args, {}, 60);
  t.teardown(() => service.stop());
  const done = await cairn(["agent", "doctor", "--data", data]);
  t.equal(done.code, 1);
  t.match(
    done.stdout,
    /^does not  keeper and courier as two users: the courier runs as the same user as the keeper and could open the records: /m,
  );
});
