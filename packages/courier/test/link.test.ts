import { createHash, generateKeyPairSync } from "node:crypto";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import t, { type Test } from "tap";
import { UnreachableError, encodeRelease, type SignedRelease__Output } from "@cairn/wire";
import { Backoff } from "../src/backoff.js";
import { explained } from "../src/link/explain.js";
import { HubLink } from "../src/link/hub-link.js";
import { findPinnedRoot } from "../src/link/pin.js";
import { openRoute } from "../src/link/route.js";
import { openTunnel, parseProxy } from "../src/link/tunnel.js";
import { passSecondGate } from "../src/work/second-gate.js";
import { Tracker } from "../src/work/tracker.js";

/** A folder with a path that is short enough for a socket in it. */
function courierFolder(t: Pick<Test, "teardown">): string {
  const folder = mkdtempSync(join(tmpdir(), "courier-"));
  t.teardown(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function listening(server: net.Server, t: { teardown(undo: () => unknown): void }): Promise<number> {
  const open = new Set<net.Socket>();
  server.on("connection", (socket) => open.add(socket.on("error", () => undefined)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return (server.address() as net.AddressInfo).port;
}

t.test("waiting doubles up to a bound, and is anything below it", async (t) => {
  const longest = new Backoff({ baseMs: 100, mostMs: 1000, random: () => 0.999999 });
  t.same(
    [longest.next(), longest.next(), longest.next(), longest.next(), longest.next()],
    [99, 199, 399, 799, 999],
  );
  longest.reset();
  t.equal(longest.next(), 99);
  t.equal(new Backoff({ random: () => 0 }).next(), 0);
});

t.test("a connection that is taken and then silent is dialled anew", async (t) => {
  let dialled = 0;
  let second = (): void => undefined;
  const again = new Promise<void>((resolve) => (second = resolve));
  const port = await listening(
    net.createServer(() => {
      dialled += 1;
      if (dialled === 2) second();
    }),
    t,
  );
  const route = await openRoute(`127.0.0.1:${port}`, null, "");
  const reasons: string[] = [];
  const link = new HubLink({
    route,
    identity: { caBundle: "" },
    connectMs: 100,
    onRedial: (why) => reasons.push(why),
  });
  t.teardown(() => link.close());
  const call = link.call((hub) => hub.claim({ runs: [], idempotencyKey: "k" }, { deadlineMs: 20_000 }));
  await t.rejects(call, { name: "CourierError", code: "hub-unreachable", kind: "unavailable" });
  const next = link.call((hub) => hub.claim({ runs: [], idempotencyKey: "k" }, { deadlineMs: 20_000 }));
  next.catch(() => undefined);
  await again;
  t.match(reasons[0], /no connection after 0.1 s/);
});

t.test(
  "two deadlines missed in a row, and the channel is dialled anew; an answer in between starts over",
  async (t) => {
    const route = await openRoute("127.0.0.1:1", null, "");
    let redialled = 0;
    const link = new HubLink({ route, identity: { caBundle: "" }, onRedial: () => (redialled += 1) });
    t.teardown(() => link.close());
    const late = () =>
      link
        .call(() => Promise.reject(new UnreachableError("deadline", "the hub did not answer")))
        .catch(() => undefined);
    await late();
    await link.call(() => Promise.resolve("an answer"));
    await late();
    t.equal(redialled, 0);
    await late();
    t.equal(redialled, 1);
  },
);

t.test("what is wrong on the way is named", async (t) => {
  const route = { hub: { host: "hub.example", port: 443 }, problem: () => null };
  const code = (words: string) =>
    (explained(new UnreachableError("unavailable", words), route) as { code: string }).code;
  t.equal(code("connect ECONNREFUSED 10.0.0.1:443"), "hub-unreachable");
  t.equal(code("Name resolution failed for target dns:hub.example:443"), "hub-name-unknown");
  t.equal(code("self-signed certificate in certificate chain"), "intercepted");
  t.equal(code("Hostname/IP does not match certificate's altnames"), "intercepted");
  t.equal(code("certificate is not yet valid"), "intercepted");
});

t.test("a deadline is a deadline, and no fault of names", async (t) => {
  const route = { hub: { host: "hub.example", port: 443 }, problem: () => null };
  const words =
    "Deadline exceeded after 20.001s,name resolution: 0.002s,metadata filters: 0.001s,Waiting for LB pick";
  const told = explained(new UnreachableError("deadline", words), route);
  t.match(told, { code: "hub-unreachable", message: /hub\.example:443 did not answer in time/ });
});

t.test("a web page in the hub's place is named, before enrolment and after", async (t) => {
  const page = net.createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
  const route = await openRoute(`localhost:${await listening(page, t)}`, null, "");
  await t.rejects(findPinnedRoot(route, ["00"]), { message: /not the hub's port for agents/ });
  const link = new HubLink({ route, identity: { caBundle: "" } });
  t.teardown(() => link.close());
  const enrol = link.call((hub) => hub.poll({}, { deadlineMs: 5000 }));
  await t.rejects(enrol, { message: /not the hub's port for agents/ });
});

t.test("a host's name may hold an underscore", async (t) => {
  t.same((await openRoute("cairn_hub.example:443", null, "")).hub, { host: "cairn_hub.example", port: 443 });
});

const CANARY = "CANARY7731";

t.test("a proxy's password may hold any sign, and no message holds it", async (t) => {
  const asked: string[] = [];
  const port = await listening(proxyThatSays("HTTP/1.1 407 No\r\n\r\n", asked), t);
  const passwords = [
    `${CANARY}%`,
    `${CANARY}/x`,
    `%zz${CANARY}`,
    `${CANARY}@x`,
    `a:${CANARY}`,
    `${CANARY}#?`,
    `${CANARY}%25`,
  ];
  const folder = courierFolder(t);
  for (const password of passwords) {
    const route = await openRoute("hub.example:443", `http://ann:${password}@127.0.0.1:${port}`, folder);
    const told = await findPinnedRoot(route, ["00"]).catch((error: unknown) => error);
    route.close();
    t.match(told, { code: "proxy-authentication" }, password);
    t.notMatch(String(told), CANARY);
    const [, sent = ""] = /^Proxy-Authorization: Basic (.*)$/m.exec(asked.at(-1) ?? "") ?? [];
    const meant = password.endsWith("%25") ? password.replace("%25", "%") : password;
    t.equal(Buffer.from(sent.trim(), "base64").toString(), `ann:${meant}`);
  }
  for (const wrong of [
    `ann:${CANARY}@proxy:3128`,
    `https://ann:${CANARY}@proxy:3128`,
    `http:/ann:${CANARY}@proxy:3128`,
    `http://ann:${CANARY}@proxy:3128/path`,
    `http://ann:${CANARY}@`,
    `http://ann:${CANARY}`,
    `http://ann:${CANARY}@proxy:99999`,
    `socks5://ann:${CANARY}@proxy`,
    `${CANARY}`,
  ]) {
    const told = (): unknown => parseProxy(wrong);
    t.throws(told, { code: "proxy-wrong", kind: "wrong-use" }, wrong);
    try {
      told();
    } catch (error) {
      t.notMatch(String(error), CANARY, wrong);
    }
    const asHub = await openRoute(wrong, null, "").catch((error: unknown) => error);
    t.equal((asHub as { code: string }).code, "address-wrong");
    if (wrong.includes("@")) t.notMatch(String(asHub), CANARY, "given as the hub by mistake");
  }
});

/** Answers every CONNECT alike, and keeps what it was asked. */
function proxyThatSays(answer: string, asked: string[] = [], onward?: number): net.Server {
  return net.createServer((near) => {
    near.on("error", () => undefined);
    near.once("data", (head) => {
      asked.push(head.toString());
      near.write(answer);
      if (onward === undefined) return void near.end();
      const far = net.connect(onward, "127.0.0.1");
      far.on("error", () => undefined);
      far.pipe(near);
      near.pipe(far);
    });
  });
}

async function throughTunnel(t: Test, proxy: number): Promise<{ heard: string; code: string | undefined }> {
  const through = parseProxy(`http://ann:pa%3Ass@127.0.0.1:${proxy}`);
  const tunnel = await openTunnel(through, "hub.example:443", courierFolder(t));
  t.teardown(() => tunnel.close());
  const socket = net.connect(tunnel.path);
  let heard = "";
  socket.on("data", (chunk) => (heard += chunk.toString()));
  socket.on("error", () => undefined);
  socket.write("hello");
  await new Promise((resolve) => socket.once("close", resolve));
  return { heard, code: tunnel.problem()?.code };
}

t.test("a proxy that says no is named, and nothing goes direct", async (t) => {
  const says = async (answer: string) => throughTunnel(t, await listening(proxyThatSays(answer), t));
  t.equal((await says("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")).code, "proxy-authentication");
  t.equal((await says("HTTP/1.1 502 Bad Gateway\r\n\r\n")).code, "proxy-refused");
  t.equal((await says("SSH-2.0-OpenSSH\r\n\r\n")).code, "proxy-refused");
  t.equal((await says("")).code, "proxy-unreachable");
  t.equal((await throughTunnel(t, 1)).code, "proxy-unreachable");
});

t.test("through a proxy the bytes go both ways, with Basic authentication", async (t) => {
  const echo = await listening(
    net.createServer((socket) => socket.once("data", (chunk) => socket.end(`heard ${chunk.toString()}`))),
    t,
  );
  const asked: string[] = [];
  const proxy = await listening(proxyThatSays("HTTP/1.1 200 Connection established\r\n\r\n", asked, echo), t);
  t.same(await throughTunnel(t, proxy), { heard: "heard hello", code: undefined });
  t.match(asked[0], /^CONNECT hub\.example:443 HTTP\/1\.1\r\n/);
  t.match(asked[0], `Proxy-Authorization: Basic ${Buffer.from("ann:pa:ss").toString("base64")}\r\n`);
});

t.test("the tunnel is a socket for its owner alone, gone at the end and after a kill", async (t) => {
  const folder = courierFolder(t);
  writeFileSync(join(folder, "ca.pem"), "");
  const open = (): ReturnType<typeof openTunnel> =>
    openTunnel(parseProxy("http://127.0.0.1:1"), "hub.example:443", folder);
  const sockets = (): string[] => readdirSync(folder).filter((name) => name !== "ca.pem");
  const killed = `require("net").createServer().listen("${folder}/tunnel-000000.sock", () => process.kill(process.pid, "SIGKILL"))`;
  t.equal(spawnSync(process.execPath, ["-e", killed]).signal, "SIGKILL");
  t.same(sockets(), ["tunnel-000000.sock"], "as a courier leaves it that was killed");
  const first = await open();
  t.same(sockets(), [basename(first.path)]);
  t.equal(statSync(first.path).mode & 0o777, 0o600);
  const second = await open();
  t.equal(sockets().length, 2, "one that is in use stays");
  first.close();
  second.close();
  t.same(readdirSync(folder), ["ca.pem"]);
  const deep = openTunnel(parseProxy("http://127.0.0.1:1"), "hub.example:443", `/${"a".repeat(100)}`);
  await t.rejects(deep, { code: "tunnel-unusable", message: /too long for a Unix socket/ });
});

t.test("a 407 on the way is what the person reads, also before anything is enrolled", async (t) => {
  const proxy = await listening(proxyThatSays("HTTP/1.1 407 No\r\n\r\n"), t);
  const route = await openRoute("hub.example:443", `http://ann:wrong@127.0.0.1:${proxy}`, courierFolder(t));
  t.teardown(() => route.close());
  await t.rejects(findPinnedRoot(route, ["00"]), { code: "proxy-authentication" });
  const link = new HubLink({ route, identity: { caBundle: "" } });
  t.teardown(() => link.close());
  const call = link.call((hub) => hub.claim({ runs: [], idempotencyKey: "k" }, { deadlineMs: 10_000 }));
  await t.rejects(call, { code: "proxy-authentication", kind: "unavailable" });
});

t.test("a proxy setting that would go direct is refused, without repeating its password", (t) => {
  for (const text of [
    "https://proxy:8080",
    "proxy:8080",
    "socks5://proxy:1",
    "http://ann:secret@proxy:1/path",
    "",
  ]) {
    t.throws(() => parseProxy(text), { code: "proxy-wrong", kind: "wrong-use" });
  }
  t.throws(() => parseProxy("https://ann:secret@proxy:1"), { message: /^(?!.*secret)/ });
  t.end();
});

t.test("the second gate lets a strict release of the right length pass and nothing else", (t) => {
  const bytes = encodeRelease({ denominator: [46, 0], numerator: [21, 0], carried: [] });
  const digest = createHash("sha256").update(bytes).digest();
  const good: SignedRelease__Output = {
    run: "r1",
    release: bytes,
    queryDigest: digest,
    libraryDigest: digest,
    referenceDate: "2025-03-31",
    policy: { k: 8, base: 5, midpoint: 0 },
    logIndex: 1,
    logSize: 2,
    logRoot: digest,
    recordBasis: "RECORD_BASIS_REGISTRATIONS",
    correction: 0,
    optOuts: "OPT_OUTS_LEFT_OUT",
    signature: Buffer.alloc(64),
  };
  t.equal(passSecondGate(good, "r1", 2), good);
  const stopped = (change: Partial<SignedRelease__Output>, run = "r1", cells = 2) =>
    t.throws(() => passSecondGate({ ...good, ...change }, run, cells), { code: "release-malformed" });
  stopped({}, "r2");
  stopped({}, "r1", 3);
  stopped({}, "r1", 0);
  const text = Buffer.concat([bytes, Buffer.from([0x22, 5]), Buffer.from("alice")]); // field 4, a string
  stopped({ release: text });
  stopped({ release: Buffer.concat([bytes, bytes]) });
  stopped({ referenceDate: "Alice Smith" });
  stopped({ correction: 19310227 });
  stopped({ logRoot: Buffer.from("a name that is no digest") });
  t.throws(() => passSecondGate(null, "r1", 2), { code: "release-malformed" });
  t.end();
});

t.test("the tracker hands out a query's batch together, oldest date first, and waits between tries", (t) => {
  const tracker = new Tracker(() => new Backoff({ random: () => 0 }));
  const note = (run: string, query: string, referenceDate: string) =>
    tracker.note({
      run,
      query,
      referenceDate,
      state: "AGENT_RUN_STATE_READY",
      attempt: 0,
      refusal: null,
      change: 1,
      groups: [],
      withdrawal: null,
    });
  note("1", "b", "2025-03-31");
  note("2", "a", "2025-06-30");
  note("3", "a", "2025-03-31");
  t.same(tracker.due("AGENT_RUN_STATE_READY", 0), ["3", "2", "1"]);
  tracker.tried(["3", "2"], 0);
  t.same(tracker.due("AGENT_RUN_STATE_READY", 500), ["1"]);
  t.same(tracker.due("AGENT_RUN_STATE_READY", 1000), ["3", "2", "1"]);
  note("2", "a", "2025-06-30");
  tracker.tried(["1", "3"], 0, 60_000);
  t.same(tracker.due("AGENT_RUN_STATE_READY", 500), ["2"], "a change is tried at once");
  t.equal(tracker.nextDue("AGENT_RUN_STATE_READY"), 0);
  t.end();
});

t.test("only the root that the join code names is taken", async (t) => {
  const { default: tls } = await import("node:tls");
  const { makeTestRoot } = await import("./fixtures/certificates.js");
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const { pem, der } = await makeTestRoot(privateKey);
  const key = privateKey.export({ type: "pkcs8", format: "pem" });
  const port = await listening(tls.createServer({ key, cert: pem, ALPNProtocols: ["h2"] }), t);
  const route = await openRoute(`127.0.0.1:${port}`, null, "");
  const found = await findPinnedRoot(route, [createHash("sha256").update(der).digest("hex")]);
  t.equal(found.replaceAll(/\s/g, ""), pem.replaceAll(/\s/g, ""));
  await t.rejects(findPinnedRoot(route, ["07"]), { code: "ca-differs", kind: "refused" });
});
