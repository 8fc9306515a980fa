/** What is there is told from what is not: an agent that runs already, a folder that this user may not read. */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CAIRN, cairn, command, mustRun } from "./fixtures/command.js";
import t from "tap";

t.setTimeout(300_000);
const folder = mkdtempSync(join(tmpdir(), "cairn-what-is-"));
chmodSync(folder, 0o755);
t.teardown(() => rmSync(folder, { recursive: true, force: true }));
const data = join(folder, "agent");

t.test("an agent that is started twice is told that it runs, and the first goes on", async (t) => {
  await mustRun(["agent", "init", "--data", data]);
  const args = ["agent", "start", "--data", data, "--json"];
  const { service, ready } = await command.start<{ page: string }>("agent", [...args, "--page-port", "0"]);
  t.teardown(() => service.stop());
  const port = new URL(ready.page).port;
  for (const again of [port, "0"]) {
    const second = await cairn([...args, "--page-port", again]);
    t.match(second, { code: 4, stderr: /^cairn: the agent of [^\n]* runs already[^\n]*\n$/ });
  }
  t.equal((await fetch(ready.page)).status, 200);
  await mustRun(["agent", "person", "add", "Ada", "--role", "clinician", "--data", data]);
  const link = await mustRun(["agent", "person", "link", "Ada", "--data", data]);
  t.match(link, new RegExp(`^http://localhost:${port}/first-visit/`), "where its page is");
});

const hub = join(folder, "hub");
const PORTS = ["--port", "0", "--grpc-port", "0"];

t.test("a hub that is served twice is told that it runs, and the first goes on", async (t) => {
  await mustRun(["hub", "init", "--data", hub]);
  const args = ["hub", "serve", "--data", hub, "--json"];
  const { service, ready } = await command.start<{ pages: string }>("hub", [...args, ...PORTS]);
  t.teardown(() => service.stop());
  for (const ports of [["--port", new URL(ready.pages).port, "--grpc-port", "0"], PORTS]) {
    const second = await cairn([...args, ...ports]);
    t.match(second, { code: 4, stderr: /^cairn: the hub of [^\n]* runs already[^\n]*\n$/ });
  }
  t.equal((await fetch(ready.pages)).status, 200);
  await mustRun(["hub", "person", "add", "Ada", "--role", "hub-operator", "--data", hub]);
  const link = await mustRun(["hub", "person", "link", "Ada", "--data", hub]);
  t.match(
    link,
    new RegExp(`^http://localhost:${new URL(ready.pages).port}/first-visit/`),
    "where its pages are",
  );
});

t.test("a folder is one thing: no hub is made in an agent's, and no agent in a hub's", async (t) => {
  const inAgent = await cairn(["hub", "init", "--data", data]);
  t.match(inAgent, {
    code: 2,
    stdout: "",
    stderr: /holds a practice's agent: give the hub a folder of its own/,
  });
  const inHub = await cairn(["agent", "init", "--data", hub]);
  t.match(inHub, { code: 2, stdout: "", stderr: /holds a hub: give the agent a folder of its own/ });
});

const skip: string | false =
  process.getuid?.() === 0 ? false : "only root can give a command as another user";
t.test("a folder that another user may not read is said to be that, and not to be absent", { skip }, (t) => {
  const commands = [
    ...["status", "doctor", "pause", "start", "init", "courier"].map((one) => `agent ${one} --data ${data}`),
    ...["practices", "serve", "init", "invite --practice A"].map((one) => `hub ${one} --data ${hub}`),
    `hub library-key --data ${hub}`,
  ];
  for (const command of commands) {
    const args = [CAIRN, ...command.split(" ")];
    const done = spawnSync(process.execPath, args, { uid: 65_534, gid: 65_534, cwd: "/", encoding: "utf8" });
    const words = done.stdout + done.stderr;
    t.match(words, /may not be read by the user [^\n]*: give the command as its owner, or as root/, command);
    t.notMatch(words, /there is no keeper|holds no hub|say --data|unforeseen|waiting for/, command);
  }
  t.end();
});
