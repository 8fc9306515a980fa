/** What is there is told from what is not: an agent that runs already, a folder that this user may not read. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { cairn, CAIRN, mustRun, Service } from "@cairn/testkit";
import t from "tap";

t.setTimeout(60_000);
const folder = mkdtempSync(join(tmpdir(), "cairn-what-is-"));
chmodSync(folder, 0o755);
t.teardown(() => rmSync(folder, { recursive: true, force: true }));
const data = join(folder, "agent");

t.test("an agent that is started twice is told that it runs, and the first goes on", async (t) => {
  await mustRun(["agent", "init", "--data", data]);
  const args = ["agent", "start", "--data", data, "--json"];
  const { service, ready } = await Service.start<{ page: string }>("agent", [...args, "--page-port", "0"]);
  t.teardown(() => service.stop());
  const port = new URL(ready.page).port;
  for (const again of [port, "0"]) {
    const second = await cairn([...args, "--page-port", again]);
    t.match(second, { code: 4, stderr: /^cairn: the agent of [^\n]* runs already[^\n]*\n$/ });
  }
  t.equal((await fetch(ready.page)).status, 200);
});

const skip: string | false =
  process.getuid?.() === 0 ? false : "only root can give a command as another user";
t.test("a folder that another user may not read is said to be that, and not to be absent", { skip }, (t) => {
  for (const command of ["status", "doctor", "pause", "start", "init"]) {
    const args = [CAIRN, "agent", command, "--data", data];
    const done = spawnSync(process.execPath, args, { uid: 65_534, gid: 65_534, cwd: "/", encoding: "utf8" });
    const words = done.stdout + done.stderr;
    t.match(words, /may not be read by the user [^\n]*: give the command as its owner, or as root/, command);
    t.notMatch(words, /there is no keeper|init first|unforeseen/, command);
  }
  t.end();
});
