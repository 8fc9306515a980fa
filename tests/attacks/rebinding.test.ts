/**
 * Attacker 10, a page elsewhere: it has a name of its own point to 127.0.0.1 and reads, in a browser at the hub or at
 * a practice, what is shown there without a sign-in. Beside it, a machine in the same network that asks by itself.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, createServer, type AddressInfo } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import { CAIRN, mustRun } from "../../packages/cli/test/fixtures/command.js";
import { GROUP, story } from "../../packages/hub/test/story.js";

/** What a server says to these very bytes, and what it tells of the practices behind it. */
async function said(port: number, request: string): Promise<{ status: number; text: string }> {
  const socket = connect(port, "127.0.0.1");
  const parts: Buffer[] = [];
  socket.on("data", (part) => parts.push(part));
  socket.write(request); // and is not ended here: the server would answer nobody
  await once(socket, "close");
  const text = Buffer.concat(parts).toString();
  return { status: Number(/^HTTP\/1\.[01] (\d{3})/.exec(text)?.[1] ?? 0), text };
}

async function holdsOut(t: Test, port: number, path: string, shown: RegExp): Promise<void> {
  const ask = (headers: readonly string[], target = path, version = "1.1"): ReturnType<typeof said> =>
    said(port, [`GET ${target} HTTP/${version}`, ...headers, "Connection: close", "", ""].join("\r\n"));
  for (const name of ["localhost", "127.0.0.1", "[::1]", "LOCALHOST"]) {
    const { status, text } = await ask([`Host: ${name}:${port}`]);
    t.equal(status, 200, name);
    t.match(text, shown);
  }
  const own = `localhost:${port}`;
  const tries: [string, number, readonly string[], string?, string?][] = [
    ["another name", 421, ["Host: rebound.example"]],
    ["another name, right port", 421, [`Host: rebound.example:${port}`]],
    ["a name that begins like ours", 421, [`Host: localhost.rebound.example:${port}`]],
    ["our name, another port", 421, [`Host: localhost:${port === 65_535 ? 1 : port + 1}`]],
    ["our name, no port", 421, ["Host: localhost"]],
    [
      "a forwarded name",
      421,
      ["Host: rebound.example", `X-Forwarded-Host: ${own}`, `Forwarded: host=${own}`],
    ],
    ["no name", 400, []],
    ["no name, an older protocol", 400, [], path, "1.0"],
    ["an empty name", 400, ["Host: "]],
    ["two names", 400, [`Host: ${own}`, "Host: rebound.example"]],
    ["the same name twice", 400, [`Host: ${own}`, `Host: ${own}`]],
    ["a name in the target", 400, [`Host: ${own}`], `http://rebound.example${path}`],
    ["our name in the target", 400, ["Host: rebound.example"], `http://${own}${path}`],
    ["an address that cannot be read", 421, ["Host: rebound.example"], "/%ff"],
    ["a page that is not there", 421, ["Host: rebound.example"], "/nowhere"],
    ["a sheet", 421, ["Host: rebound.example"], "/assets/cairn.css"],
  ];
  for (const [name, expected, headers, target, version] of tries) {
    const { status, text } = await ask(headers, target, version);
    t.equal(status, expected, name);
    t.notMatch(text, shown, name);
  }
}

t.test("the hub's pages answer under their own names only", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  await it.member("Alder");
  await holdsOut(t, Number(new URL(it.serving.pages).port), "/", new RegExp(GROUP));
});

t.test("a practice's own pages answer under their own names only", async (t) => {
  const { port, keeper } = await keeperWithPages(t, "127.0.0.1");
  await once(keeper.stdout as NodeJS.EventEmitter, "data"); // it is ready
  await holdsOut(t, port, "/", /Our questions/);
});

t.test("a socket that other machines reach is refused for a practice's pages", async (t) => {
  const { keeper } = await keeperWithPages(t, "0.0.0.0");
  const heard: Buffer[] = [];
  keeper.stderr?.on("data", (part: Buffer) => heard.push(part));
  const [code] = (await once(keeper, "close", { signal: AbortSignal.timeout(30_000) })) as [number];
  t.equal(code, 4);
  t.match(Buffer.concat(heard).toString(), /listens on 0\.0\.0\.0: hand in one on 127\.0\.0\.1/);
});

t.test("the hub's pages stay on this machine whatever address is asked for", async (t) => {
  for (const host of ["0.0.0.0", "::", ...addresses()]) {
    const it = await story({}, host);
    t.teardown(() => it.end());
    t.equal(new URL(it.serving.pages).hostname, "127.0.0.1", host);
    t.ok(it.serving.pagesKeptHere, "and it says so");
    const port = Number(new URL(it.serving.pages).port);
    for (const address of addresses()) await t.rejects(reached(port, address), `${address} answers nothing`);
  }
});

/** Of this machine's in a network. */
function addresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return all.filter(({ internal, family }) => !internal && family === "IPv4").map(({ address }) => address);
}

async function reached(port: number, address: string): Promise<void> {
  const socket = connect(port, address);
  t.teardown(() => socket.destroy());
  await once(socket, "connect");
}

/** A keeper with a listening socket handed in, as the service manager does. */
async function keeperWithPages(t: Test, host: string): Promise<{ port: number; keeper: ChildProcess }> {
  const data = mkdtempSync(join(tmpdir(), "cairn-")); // short: the path of a Unix socket may have 107 bytes
  await mustRun(["agent", "init", "--data", data]);
  const listening = createServer().listen(0, host);
  await once(listening, "listening");
  const { port } = listening.address() as AddressInfo;
  const { fd } = (listening as unknown as { _handle: { fd: number } })._handle;
  const args = ["agent", "keeper", "--data", data, "--socket", join(data, "k.sock"), "--page-fd", "3"];
  const keeper = spawn(process.execPath, [CAIRN, ...args], { stdio: ["pipe", "pipe", "pipe", fd] });
  listening.close();
  t.teardown(async () => {
    keeper.kill("SIGTERM");
    if (keeper.exitCode === null && keeper.signalCode === null) await once(keeper, "exit");
    rmSync(data, { recursive: true });
  });
  return { port, keeper };
}
