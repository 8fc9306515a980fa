/** A hub and a practice's agent are each set up by one command: asked, by flags, a second time, and after it stopped half way. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import t from "tap";
import { courierFolder, readSettings } from "@cairn/courier";
import { readWatchSettings, writeWatchSettings } from "../src/setup/watch-conf.js";
import { CAIRN, cairn, command, mustRun } from "./fixtures/command.js";
import { publishFirst } from "./fixtures/first-library.js";

t.setTimeout(300_000);
const folder = mkdtempSync(join(tmpdir(), "cairn-setup-"));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));
const hub = join(folder, "hub");
const [data, asked] = [join(folder, "agent"), join(folder, "asked")];
const extract = join(folder, "extract");
mkdirSync(extract);
writeFileSync(join(extract, "patients.csv"), "patient_id,sex,date_of_birth\nA,female,1960-01-01\n");
writeFileSync(join(extract, "events.csv"), "patient_id,date,code\nA,2015-01-01,1\n");
const RECORDS = [
  "--format",
  "journal",
  "--extract",
  extract,
  "--complete-to",
  "2015-01-02",
  "--registered-from",
  "birth",
];

/** A proxy whose every tunnel leads to one place. @returns its host:port */
async function proxyTo(hub: string): Promise<string> {
  const { hostname, port } = new URL(`http://${hub}`);
  const server = createServer().on("connect", (_request, near) => {
    const far = connect(Number(port), hostname, () => near.write("HTTP/1.1 200 OK\r\n\r\n"));
    near.pipe(far).pipe(near);
    near.on("error", () => far.destroy());
    far.on("error", () => near.destroy());
  });
  await once(server.listen(0, "127.0.0.1").unref(), "listening");
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Answers a command's questions at a terminal, each when it is asked. @returns all that the screen showed */
async function atTerminal(
  args: readonly string[],
  answers: readonly (readonly [RegExp, string])[],
): Promise<string> {
  const line = [process.execPath, CAIRN, ...args].join(" ");
  const typing = spawn("timeout", ["60", "script", "-qec", line, "/dev/null"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const waiting = [...answers];
  let [screen, from] = ["", 0];
  typing.stdout.setEncoding("utf8").on("data", (text: string) => {
    screen += stripVTControlCharacters(text);
    const [question, answer] = waiting[0] ?? [];
    if (question === undefined || !question.test(screen.slice(from))) return;
    from = screen.length;
    waiting.shift();
    typing.stdin.write(`${answer}\r`);
  });
  await once(typing, "close");
  t.same(waiting, [], `every question is asked\n${screen}`);
  return screen;
}

t.test("without a terminal the flags that lack are named at once, and nothing is made", async (t) => {
  t.match(await cairn(["agent", "setup", "--data", data]), {
    code: 2,
    stderr: /no terminal to ask at: say --hub and --join too$/m,
  });
  t.match(await cairn(["hub", "setup", "--data", hub]), {
    code: 2,
    stderr: /no terminal to ask at: say --host too$/m,
  });
  const wrong = await cairn(["agent", "setup", "--data", data, "--hub", "hub:1", "--join", "cairn-half"]);
  t.match(wrong, { code: 2, stderr: /^cairn: --join: this is not a whole join code/m });
  for (const host of [
    "hub.example.org:8443",
    "http://hub.example.org",
    "",
    "*.x",
    "hub_x",
    "fe80::1%e",
    "1.2",
  ])
    for (const made of ["setup", "init"])
      t.match(
        await cairn(["hub", made, "--data", hub, "--host", "localhost", "--host", host]),
        { code: 2, stderr: /^cairn: [^\n]* is not a host: give a DNS name [^\n]* without a port$/m },
        `hub ${made} --host ${host}`,
      );
  t.notOk(existsSync(data) || existsSync(hub));
});

t.test("a hub is made with its first person, and a second time it stands", async (t) => {
  const args = ["hub", "setup", "--data", hub, "--host", "127.0.0.1", "--port", "9090", "--person", "Olive"];
  t.match(await cairn(args), {
    code: 0,
    stdout:
      /A hub for 127\.0\.0\.1 is in [^]*Olive is added as governance officer[^]*^http:\/\/localhost:9090\/first-visit\/[^]*cairn hub serve .* --port 9090$[^]*To do:/m,
  });
  const before = readFileSync(join(hub, "hub.json"), "utf8");
  const again = await cairn(args);
  t.match(again, {
    code: 0,
    stdout: /stands\. Its names stay[^]*^http:\/\/localhost:9090\/first-visit\/[^]*To do:/m,
  });
  t.notMatch(again.stdout, /is added/);
  t.equal(readFileSync(join(hub, "hub.json"), "utf8"), before);
  const stranger = ["hub", "setup", "--data", hub, "--person", "Pat", "--as", "Olive"];
  t.match(
    await cairn(stranger),
    { code: 3, stderr: /hub person is still to do/ },
    "who is named is asked for",
  );
  t.notMatch(await mustRun(["hub", "person", "list", "--data", hub]), "Pat");
});

t.test("a practice", async (t) => {
  await publishFirst(hub);
  const invite = (name: string) => mustRun(["hub", "invite", "--data", hub, "--practice", name]);
  const [code, gone] = [(await invite("Ash")).trim(), (await invite("Oak")).trim()];
  const other = (await invite("Oak")).trim(); // ends the code before it
  const serving = ["hub", "serve", "--data", hub, "--port", "0", "--grpc-port", "0", "--json", "--tied"];
  const { service, ready } = await command.start<{ grpc: string }>("hub", serving);
  t.teardown(() => service.stop());
  const args = ["agent", "setup", "--data", data, "--hub", ready.grpc];

  await t.test("whose code does not count stops half way, and goes on by the same command", async (t) => {
    const stopped = await cairn([...args, "--join", gone, ...RECORDS]);
    t.match(stopped, { code: 3, stderr: /agent enrol is still to do\..*give the same command again/ });
    t.notMatch(stopped.stdout, /^Loaded/m);
    t.equal(readSettings(courierFolder(data))?.joinCode, gone, "the only one there is");
    const done = await cairn([...args, "--join", code, ...RECORDS]);
    t.match(done, {
      code: 0,
      stdout:
        /^fingerprint [^]*^Loaded\.$[^]*^Start the agent: cairn agent start[^]*^holds +a keeper without a network/m,
    });
    t.notMatch(done.stdout, /is made/, "the agent of the first time");
    const taken = readSettings(courierFolder(data));
    t.match(await cairn([...args, "--join", gone]), { code: 3, stderr: /agent enrol is still to do/ });
    t.strictSame(
      readSettings(courierFolder(data)),
      taken,
      "one that the hub takes stays until it takes another",
    );
    for (const secret of [code, gone])
      t.notMatch(stopped.stdout + stopped.stderr + done.stdout + done.stderr, secret);
  });

  await t.test("says a second time what stands, and changes what is answered otherwise alone", async (t) => {
    const [, shown = ""] =
      /^fingerprint (\S+)/m.exec((await cairn(["agent", "setup", "--data", data])).stdout) ?? [];
    await mustRun(["hub", "admit", "--data", hub, "Ash", "--fingerprint", shown]);
    await mustRun(["agent", "setup", "--data", data]);
    const before = readSettings(courierFolder(data));
    t.match(before, { practice: "Ash", joinCode: null, proxy: null });
    for (const to of [
      ["--hub", "127.0.0.1:1"],
      ["--proxy", "http://ann:CANARY7731@127.0.0.1:1"],
    ]) {
      const refused = await cairn(["agent", "setup", "--data", data, ...to]);
      t.match(refused, {
        code: 4,
        stderr: /^cairn: the way to the hub stays as it was: .* cannot be reached/,
      });
      t.notMatch(refused.stdout + refused.stderr, /CANARY7731|still to do/);
    }
    t.strictSame(readSettings(courierFolder(data)), before, "what does not answer is not kept");
    const proxy = `http://ann:CANARY7731@${await proxyTo(ready.grpc)}`;
    const changed = await cairn([
      ...args,
      "--join",
      code,
      "--proxy",
      proxy,
      "--opt-outs",
      "counted",
      "--yes",
    ]);
    t.match(changed, {
      code: 0,
      stdout:
        /is enrolled at .* as Ash, and has records\.[^]*reached at .*, by the proxy, from the agent's next start on: [^]*type 1/,
      stderr: /enrolled already: the join code is not needed/,
    });
    t.notMatch(changed.stdout + changed.stderr, "CANARY7731");
    t.strictSame(readSettings(courierFolder(data)), { ...before, proxy });
    const none = join(folder, "none");
    for (const watch of [
      ["setup", "--inbox", none],
      ["watch", none, "--format", "journal"],
    ])
      t.match(await cairn(["agent", ...watch, "--data", data]), {
        code: 2,
        stderr: /^cairn: .*no such folder/,
      });
    const rest = await cairn(["agent", "setup", "--data", data]);
    t.match(
      rest,
      { code: 0, stdout: /What is not answered otherwise stays\.\nStart the agent/ },
      "nothing is done anew",
    );
    t.notMatch(rest.stdout, "Take in what comes", "a folder that is not there is not noted");
    await mustRun(["agent", "setup", "--data", data, "--proxy", "none"]);
    t.strictSame(readSettings(courierFolder(data)), before);
  });

  await t.test(
    "is asked at a terminal, where a wrong answer is asked for again and no secret is shown",
    async (t) => {
      const screen = await atTerminal(
        ["agent", "setup", "--data", asked, "--registered-from", "birth"],
        [
          [/Where the hub is[^]*: $/, "https://hub"],
          [/is not an address[^]*Where the hub is[^]*: $/, ready.grpc],
          [/join code[^]*: $/, other],
          [/proxy[^]*\[none\]: $/i, ""],
          [/format of your records[^]*: $/, "Journal"],
          [/first extract[^]*: $/, extract],
          [/last day[^]*: $/, "2015-01-02"],
          [/extracts come by themselves[^]*: $/, ""],
          [/deprivation[^]*: $/, ""],
          [/opt-out[^]*\[left-out\]: $/, ""],
        ],
      );
      t.match(screen, /fingerprint [^]*Loaded\.[^]*Start the agent: [^]*holds +a keeper without a network/);
      t.notMatch(screen, other);
      t.match(readSettings(courierFolder(asked)), { practice: "Oak", proxy: null });
    },
  );
});

t.test("the watch's settings keep every line and option that is not asked about", async (t) => {
  const file = join(folder, "watch.conf");
  writeFileSync(file, readFileSync(new URL("../../../deploy/agent/watch.conf", import.meta.url)));
  const text = readFileSync(file, "utf8");
  t.strictSame(readWatchSettings(file), { format: null, deprivation: null });
  writeWatchSettings(file, { format: "emis", deprivation: "/etc/cairn/imd.csv" });
  t.strictSame(readWatchSettings(file), { format: "emis", deprivation: "/etc/cairn/imd.csv" });
  t.match(
    readFileSync(file, "utf8"),
    /^CAIRN_WATCH_OPTIONS=--keep 14 --deprivation \/etc\/cairn\/imd\.csv$/m,
  );
  writeWatchSettings(file, { format: null, deprivation: null });
  t.equal(readFileSync(file, "utf8"), text);
});
