/** A proxy's password is in no word that anybody is shown, whatever becomes of the proxy: the courier's folder alone holds it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { courierFolder, readLinkState, readSettings } from "@cairn/courier";
import { CAIRN, cairn, command, mustRun } from "./fixtures/command.js";
import { publishFirst } from "./fixtures/first-library.js";
import t, { type Test } from "tap";
import { layoutOf } from "@cairn/agent/layout";
import { statusOf } from "@cairn/agent/status";
import { statusWords } from "../src/agent/status.js";

t.setTimeout(900_000);
const folder = mkdtempSync(join(tmpdir(), "cairn-proxy-"));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));
const data = join(folder, "agent");
const hub = join(folder, "hub");

const CANARY = "CANARY7731";
const WHO = `ann:${CANARY}%/x`;
/** As it is typed, and as `Proxy-Authorization` carries it. */
const FORMS = [CANARY, Buffer.from(WHO).toString("base64").slice(0, 16)];

function hidden(t: Test, words: string, where: string): void {
  const [form] = FORMS.filter((each) => words.includes(each));
  t.equal(form, undefined, `${where} holds no password`);
}

/** What the proxy does with a CONNECT, whose head it has read: some send it back, password and all. */
type Mood = (near: net.Socket, head: string) => void;
const answers =
  (status: string): Mood =>
  (near, head) =>
    near.end(`HTTP/1.1 ${status}\r\nX-You-Sent: ${head.replaceAll("\r\n", " ")}\r\n\r\n${head}`);
const SILENT = "is silent";
const MOODS: Readonly<Record<string, readonly [Mood, RegExp]>> = {
  "wants another password": [answers(`407 No ${WHO}`), /wants a user and password, or other ones \(407\)/],
  forbids: [answers("403 Forbidden"), /answers 403 when asked for/],
  "cannot reach the hub": [answers("502 Bad Gateway"), /answers 502 when asked for/],
  "sends it all back": [(near, head) => near.end(`${head}\r\n\r\n`), /something that is not HTTP/],
  "hangs up": [(near) => near.end(), /closed the connection without an answer/],
  "breaks off": [(near, head) => near.end(`HTTP/1.1 200 ${head.slice(0, 20)}`), /closed the connection/],
  "leads to a web page": [
    (near, head) => {
      near.write("HTTP/1.1 200 OK\r\n\r\n");
      near.once("data", () => near.end(`HTTP/1.1 400 Bad Request\r\n\r\n${head}`));
    },
    /not the hub's port for agents/,
  ],
  [SILENT]: [() => undefined, /does not answer|did not answer in time/],
};

const open = new Set<net.Socket>();
t.teardown(() => open.forEach((socket) => socket.destroy()));

/** @returns the proxy's host:port */
async function proxyThat(does: Mood): Promise<string> {
  const server = net.createServer((near) => {
    open.add(near.on("error", () => undefined));
    near.once("data", (head) => does(near, head.toString()));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => server.close());
  return `127.0.0.1:${(server.address() as net.AddressInfo).port}`;
}

const tunnelTo =
  (port: number): Mood =>
  (near) => {
    const far = net.connect(port, "127.0.0.1");
    open.add(far.on("error", () => near.destroy()));
    near.write("HTTP/1.1 200 Connection established\r\n\r\n");
    far.pipe(near);
    near.pipe(far);
  };

await mustRun(["hub", "init", "--data", hub, "--host", "127.0.0.1"]);
await publishFirst(hub);
await mustRun(["agent", "init", "--data", data]);
const code = (await mustRun(["hub", "invite", "--data", hub, "--practice", "A"])).trim();
const serving = ["hub", "serve", "--data", hub, "--port", "0", "--grpc-port", "0", "--json", "--tied"];
const { service: hubService, ready } = await command.start<{ grpc: string }>("hub", serving);
t.teardown(() => hubService.stop());
const enrolling = ["agent", "enrol", "--data", data, "--join", code, "--hub", ready.grpc];

t.test("typed in any wrong place or way", async (t) => {
  const typed = `http://${WHO}@127.0.0.1:1`;
  const enrol = ["agent", "enrol", "--data", data];
  const wrong = [
    [...enrolling, "--proxy", `${WHO}@127.0.0.1:1`],
    [...enrolling, "--proxy", `https://${WHO}@127.0.0.1:1`],
    [...enrolling, "--proxy", `http://${WHO}@127.0.0.1:99999`],
    [...enrolling, `--proxi=${typed}`],
    [...enrolling, typed],
    [...enrol, "--join", code, "--hub", typed],
    [...enrol, "--join", typed, "--hub", ready.grpc],
    [typed],
    ["agent", "start", "--data", data, "--page-port", typed],
  ];
  for (const words of wrong) {
    const { code, stdout, stderr } = await cairn(words);
    t.ok(code === 2 || code === 3, `${words.slice(-2).join(" ")}: ${code}`);
    hidden(t, stdout + stderr, words.slice(-2).join(" "));
  }
});

t.test("given to cairn agent enrol, whatever the proxy says", async (t) => {
  const proxies = Object.entries(MOODS).map(
    async ([name, [does, says]]) => [name, await proxyThat(does), says] as const,
  );
  const gone = ["127.0.0.1:1", "no-such-proxy.invalid:3128"].map(
    (proxy) => [proxy, proxy, `the proxy ${proxy} cannot be reached`] as const,
  );
  const tried = [...(await Promise.all(proxies)), ...gone].map(async ([name, proxy, says]) => {
    const { code, stdout, stderr } = await cairn([...enrolling, "--proxy", `http://${WHO}@${proxy}`]);
    t.match({ code, stderr }, { code: 4, stderr: says }, name);
    hidden(t, stdout + stderr, name);
  });
  await Promise.all(tried);
});

t.test("of an agent that runs: in no process, log, state or command", async (t) => {
  const proxy = await proxyThat(tunnelTo(Number(ready.grpc.split(":").at(-1))));
  const said = await cairn([...enrolling, "--proxy", `http://${WHO}@${proxy}`, "--json"]);
  t.equal(said.code, 0, said.stderr);
  hidden(t, said.stdout + said.stderr, "enrolled");
  const { fingerprint } = JSON.parse(said.stdout) as { fingerprint: string };
  await mustRun(["hub", "admit", "A", "--data", hub, "--fingerprint", fingerprint]);

  const starting = ["agent", "start", "--data", data, "--page-port", "0", "--json"];
  const { service: agent } = await command.start("agent", starting, { env: LOUD });
  await until(() => readLinkState(courierFolder(data))?.heard, "the hub is heard through the tunnel");
  const seen = readdirSync("/proc").flatMap((pid) => procOf(pid, "cmdline").concat(procOf(pid, "environ")));
  const ours = seen.filter((words) => words.includes(data));
  t.ok(ours.length >= 3, "the agent, its keeper and its courier are seen");
  for (const words of ours) hidden(t, words, "a process");
  hidden(t, (await agent.stop()).stderr, "its log");

  const keeping = ["agent", "keeper", "--data", data, "--tied"];
  const { service: keeper } = await command.start("keeper", keeping);
  t.teardown(() => keeper.stop());
  for (const [name, [does, says]] of Object.entries(MOODS))
    await told(t, name, `http://${WHO}@${await proxyThat(does)}`, says);
  await told(t, "gone", `http://${WHO}@127.0.0.1:1`, /cannot be reached/);
});

t.test("where the courier's settings were changed by hand", async (t) => {
  const file = join(courierFolder(data), "settings.json");
  const whole = readFileSync(file, "utf8");
  for (const text of [
    whole.replace("http://ann", "ann"),
    whole.slice(0, whole.indexOf(CANARY) + CANARY.length),
  ]) {
    writeFileSync(file, text);
    for (const command of ["courier", "status", "doctor"]) {
      const { code, stdout, stderr } = await cairn(["agent", command, "--data", data]);
      t.not(code, null);
      t.notMatch(stderr, "unforeseen", command);
      hidden(t, stdout + stderr, `${command} of ${text.slice(0, 40)}`);
    }
  }
});

/** All that the runtime, TLS and gRPC can be made to say of themselves. */
const LOUD = { GRPC_VERBOSITY: "DEBUG", GRPC_TRACE: "all", NODE_DEBUG: "net,tls,http,http2,stream" };

/** Runs a courier until it has told of its trouble; then nothing that was said or written of it holds the password. */
async function told(t: Test, name: string, proxy: string, says: RegExp): Promise<void> {
  const courier = courierFolder(data);
  const settings = JSON.stringify({ ...readSettings(courier), proxy });
  writeFileSync(join(courier, "settings.json"), settings);
  rmSync(join(courier, "link.json"), { force: true });
  const running = spawn(process.execPath, [CAIRN, "agent", "courier", "--data", data, "--tied"], {
    env: { ...process.env, ...LOUD },
  });
  let log = "";
  for (const stream of [running.stdout, running.stderr])
    stream.on("data", (chunk: Buffer) => (log += chunk.toString()));
  await until(() => readLinkState(courier)?.problem, `${name}: ${log.slice(-400)}`);
  running.stdin.end();
  await once(running, "close");
  t.match(readLinkState(courier)?.problem, says, name);
  hidden(t, readFileSync(join(courier, "link.json"), "utf8"), `${name}: link.json`);
  t.match(log, /NET|TLS|HTTP2|transport/, "it says all that it can");
  hidden(t, log, `${name}: the log`);
  const layout = layoutOf({ data });
  const status = statusOf(layout); // what `agent status` prints, and with --json: in this process
  for (const printed of [statusWords(status, layout), JSON.stringify(status)]) {
    t.match(printed, says, `${name}: status`);
    hidden(t, printed, `${name}: status`);
  }
  if (name === SILENT) return;
  const { stdout, stderr } = await cairn(["agent", "doctor", "--json", "--data", data]);
  t.match(stdout, says, `${name}: doctor`);
  hidden(t, stdout + stderr, `${name}: doctor`);
}

async function until(holds: () => unknown, what: string): Promise<void> {
  for (const end = Date.now() + 120_000; !holds(); await wait(100))
    if (Date.now() > end) throw new Error(`it did not come about: ${what}`);
}

/** Nothing of a process that has just ended, or is another user's. */
function procOf(pid: string, file: string): string[] {
  try {
    return /^\d+$/.test(pid) ? [readFileSync(`/proc/${pid}/${file}`, "utf8").replaceAll("\0", " ")] : [];
  } catch {
    return [];
  }
}
