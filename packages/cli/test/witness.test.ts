/** An officer's witness and a hub: what is signed, what is refused, and what the hub keeps of it. */
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t, { type Test } from "tap";
import {
  AuditLog,
  cosign,
  peekCheckpoint,
  printWitnessRequest,
  quorum,
  readPolicy,
  readWitnessRequest,
  vkeyOf,
  weigh,
  WITNESS_REQUEST_BYTES,
  type Checkpoint,
  type NoteKey,
} from "@cairn/audit-log";
import { exportLines, initHub, logVkey, serveHubFolder, witnessStates, type Hub } from "@cairn/hub";
import { hubLog } from "@cairn/ledger";
import { openDatabase } from "@cairn/sqlite";
import { publishFolder } from "../../hub/test/publish-folder.js";
import { someQueries } from "../../hub/test/some-queries.js";
import { initWitness, logsOfPolicy, WitnessFolder } from "../src/witness/folder.js";
import { forward, round } from "../src/witness/round.js";

const dir = mkdtempSync(join(tmpdir(), "cairn-witness-"));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
let made = 0;
const newPlace = (): string => join(dir, String((made += 1)));
const clock = { now: Date.parse("2026-06-01T12:00:00Z") };
const now = (): Date => new Date(clock.now);

async function newHub(t: Test): Promise<{ hub: Hub; pages: string; grow: () => Promise<void> }> {
  const folder = newPlace();
  await initHub(folder, ["localhost"]);
  const serving = await serveHubFolder({
    ...{ folder, host: "127.0.0.1", port: 0, grpcHost: "127.0.0.1", grpcPort: 0, logLevel: "silent" },
    settings: { now: () => clock.now },
  });
  t.teardown(() => serving.stop());
  const { hub, pages } = serving;
  const grow = async (): Promise<void> => {
    await hub.store.unheard(
      async ({ note }) => void note(hubLog.agentRenewed, { agent: "a", generation: 1 }),
    );
  };
  await grow();
  return { hub, pages, grow };
}

function newWitness(
  t: Test,
  name: string,
  log: string,
): { vkey: string; folder: WitnessFolder; place: string } {
  const place = newPlace();
  const vkey = initWitness(place, name, [log]);
  const folder = new WitnessFolder(place);
  t.teardown(() => folder.close());
  return { vkey, folder, place };
}

/** Publishes a library that names a policy of witnesses. */
async function signPolicy(hub: Hub, policy: string): Promise<void> {
  const folder = someQueries(newPlace(), ["hypertension-register"]);
  await publishFolder(hub, folder, undefined, new Map([["witness-policy", Buffer.from(policy)]]));
}

/** The newest checkpoint of a hub's export that reaches the quorum of its policy. */
async function witnessed(hub: Hub, text: string): Promise<number> {
  const read = readPolicy(text);
  let size = 0;
  for await (const line of exportLines(hub, { bytes: false })) {
    const { cosigned } = JSON.parse(line) as { cosigned?: string };
    const verdict = read.ok && cosigned !== undefined && quorum(read.policy, cosigned);
    if (verdict && verdict.ok) size = Math.max(size, verdict.checkpoint.size);
  }
  return size;
}

t.test("two witnesses sign one checkpoint, though the log grows between, and then the next", async (t) => {
  const { hub, pages, grow } = await newHub(t);
  const ann = newWitness(t, "ann.example/w", logVkey(hub));
  const bob = newWitness(t, "bob.example/w", logVkey(hub));
  t.equal((await fetch(`${pages}/checkpoint`)).status, 404, "no policy");
  const policy = `log ${logVkey(hub)}\nwitness A ${ann.vkey}\nwitness B ${bob.vkey}\ngroup both all A B\nquorum both\n`;
  await signPolicy(hub, policy);
  t.same(logsOfPolicy(policy), [logVkey(hub)]);

  const first = await round(ann.folder, pages, now);
  await grow();
  t.equal((await round(ann.folder, pages, now)).size, first.size, "the quorum may still form on it");
  t.equal(await witnessed(hub, policy), 0);
  t.match(await witnessStates(hub), [
    { called: "A", name: "ann.example/w", signedAt: new Date(clock.now) },
    { called: "B", name: "bob.example/w", signedAt: null },
  ]);
  t.equal((await round(bob.folder, pages, now)).size, first.size);
  t.equal(await witnessed(hub, policy), first.size);

  const second = await round(bob.folder, pages, now);
  t.equal(second.size, first.size + 1, "the quorum was reached: the next one");
  t.equal(await witnessed(hub, policy), first.size, "and the one with the quorum is kept");
  await grow();
  clock.now += 61 * 60_000;
  t.equal(
    (await round(ann.folder, pages, now)).size,
    first.size + 2,
    "an hour is enough for those who are not there",
  );
  await t.rejects(signPolicy(hub, "quorum none\n"), { code: "policy-wrong" });
  t.throws(() => new WitnessFolder(ann.place), { code: "running" }, "one process signs");
  t.throws(() => initWitness(ann.place, "ann.example/w", []), { code: "exists" });
});

t.test("the hub keeps what its policy's witnesses signed, and answers nothing else", async (t) => {
  const { hub, pages } = await newHub(t);
  const ann = newWitness(t, "ann.example/w", logVkey(hub));
  const policy = `log ${logVkey(hub)}\nwitness A ${ann.vkey}\nquorum A\n`;
  await signPolicy(hub, policy);
  const post = async (body: string): Promise<number> =>
    (
      await fetch(`${pages}/cosignatures`, {
        method: "POST",
        body,
        headers: { "content-type": "text/plain" },
      })
    ).status;
  const { note = "" } = readWitnessRequest(await (await fetch(`${pages}/checkpoint?from=0`)).text()) ?? {};
  const stranger = { name: "ann.example/w", key: generateKeyPairSync("ed25519").privateKey };
  t.equal(await post(cosign(note, stranger, now())), 403);
  t.equal(await post("no note"), 409);
  const good = cosign(note, ann.folder.key, now());
  t.equal(await post(good.replace(/\n(\d+)\n/, "\n9$1\n")), 409, "another checkpoint");
  const line = good.slice(note.length);
  const bytes = Buffer.from(line.split(" ")[2] ?? "", "base64");
  bytes[40] = (bytes[40] as number) ^ 1;
  const bad = `\u2014 ann.example/w ${bytes.toString("base64")}\n`;
  t.equal(await post(good + bad), 409, "a bad one beside");
  t.equal(await witnessed(hub, policy), 0);
  t.equal(await post(cosign(good, { ...stranger, name: "x.example" }, now())), 200);
  t.equal(await post(good), 200, "the same again");
  const kept = hub.store.log.cosigned().filter((each) => each.includes("ann.example"));
  t.notOk(
    kept.some((each) => each.includes("x.example")),
    "an unknown line is not kept",
  );
  t.equal(await post("x".repeat(WITNESS_REQUEST_BYTES + 1)), 413);
  t.equal((await fetch(`${pages}/checkpoint?from=-1`)).status, 400);
  const statuses = new Set<number>();
  for (let i = 0; i < 60; i++) statuses.add((await fetch(`${pages}/checkpoint?from=0`)).status);
  t.same([...statuses], [200, 429], "one address is not answered without end");
});

/** A log of its own with the pages of a hub; what it answers to signatures can be set. */
async function fakeHub(
  t: Test,
  key: NoteKey,
): Promise<{ log: AuditLog; url: string; back: { status: number; notes: string[]; at: () => void } }> {
  const log = AuditLog.open(openDatabase(`${newPlace()}.db`), { origin: key.name, key: key.key });
  const back = { status: 200, notes: [] as string[], at: (): void => undefined };
  const server = createServer((request, reply) => {
    const from = Number(new URL(request.url ?? "", "http://x").searchParams.get("from"));
    if (request.method === "GET") {
      const old = Math.min(from, log.size);
      reply.end(printWitnessRequest({ old, proof: log.consistency(old), note: log.checkpoint() }));
      return;
    }
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      back.notes.push(body);
      back.at();
      reply.writeHead(back.status).end();
    });
  });
  return { log, url: await listening(t, server), back };
}

async function listening(t: Test, server: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.teardown(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

t.test("another history is refused by name, and both checkpoints are kept", async (t) => {
  const key = { name: "cairn-hub/x", key: generateKeyPairSync("ed25519").privateKey };
  const [one, other] = [await fakeHub(t, key), await fakeHub(t, key)];
  const { folder, place } = newWitness(t, "ann.example/w", vkeyOf(key, "log"));
  for (const each of [one, other]) for (let i = 0; i < 4; i++) each.log.append("x", { i });
  await round(folder, one.url, now);
  const signed = readFileSync(join(place, "witness.json"), "utf8");
  await t.rejects(
    round(folder, other.url, now),
    { code: "another-history", kind: "does-not-hold" },
    "of one length",
  );
  other.log.append("x", {});
  await t.rejects(round(folder, other.url, now), {
    code: "another-history",
    message: /shows 5 entries.*the 4 .*evidence/,
  });
  t.same(other.back.notes, [], "nothing was signed");
  t.equal(readFileSync(join(place, "witness.json"), "utf8"), signed, "nor forgotten");
  const files = readdirSync(join(place, "evidence")).map(
    (name) =>
      JSON.parse(readFileSync(join(place, "evidence", name), "utf8")) as { signed: string; shown: string },
  );
  const heads = (notes: string[]): string[] =>
    notes.map((note) => note.slice(0, note.indexOf("\n\n"))).toSorted();
  t.same(files.map((each) => peekCheckpoint(each.shown)?.size).toSorted(), [4, 5]);
  t.same(heads(files.map((each) => each.signed)), heads([one.log.checkpoint(), one.log.checkpoint()]));

  const short = await fakeHub(t, key);
  short.log.append("x", {});
  await t.rejects(round(folder, short.url, now), { code: "another-history", message: /shows 1 entries/ });
  one.log.append("x", {});
  t.equal((await round(folder, one.url, now)).size, 5, "the first goes on");
});

t.test("a signature that the hub was not given is of a checkpoint that the witness stays with", async (t) => {
  const key = { name: "cairn-hub/x", key: generateKeyPairSync("ed25519").privateKey };
  const [one, other] = [await fakeHub(t, key), await fakeHub(t, key)];
  const { folder, place } = newWitness(t, "ann.example/w", vkeyOf(key, "log"));
  one.log.append("x", { one: true });
  other.log.append("x", { one: false });
  one.back.status = 500;
  let recorded = "";
  one.back.at = () => void (recorded = readFileSync(join(place, "witness.json"), "utf8"));
  await t.rejects(round(folder, one.url, now), { code: "hub-unavailable" });
  t.ok(
    recorded.includes(JSON.stringify(one.log.checkpoint())),
    "on the disk before anybody has the signature",
  );
  await t.rejects(round(folder, other.url, now), { code: "another-history" });
  one.back.status = 200;
  t.equal((await round(folder, one.url, now)).size, 1);
});

t.test("a log that the witness was not told of, or a key that is not its own, is refused", async (t) => {
  const key = { name: "cairn-hub/x", key: generateKeyPairSync("ed25519").privateKey };
  const { folder } = newWitness(t, "ann.example/w", vkeyOf(key, "log"));
  const renamed = await fakeHub(t, { ...key, name: "cairn-hub/y" });
  await t.rejects(round(folder, renamed.url, now), { code: "log-unknown", message: /cairn-hub\/y/ });
  const forged = await fakeHub(t, { ...key, key: generateKeyPairSync("ed25519").privateKey });
  await t.rejects(round(folder, forged.url, now), { code: "not-signed" });
  await t.rejects(round(folder, "http://127.0.0.1:9/", now), {
    code: "hub-unavailable",
    kind: "unavailable",
  });
});

t.test(
  "an address that is none, and a witness's files that are none, are named with what to do",
  async (t) => {
    const key = { name: "cairn-hub/x", key: generateKeyPairSync("ed25519").privateKey };
    const { folder, place } = newWitness(t, "ann.example/w", vkeyOf(key, "log"));
    for (const address of ["notaurl", "ftp://hub.example.org", "localhost:8443", ""]) {
      const wrong = { code: "address-wrong", kind: "wrong-use", message: /https:\/\/hub\.example\.org/ };
      await t.rejects(round(folder, address, now), wrong, address);
      await t.rejects(forward(address, "http://127.0.0.1:9/"), wrong, address);
    }
    folder.close();
    const [state, keyFile] = [join(place, "witness.json"), join(place, "witness.key")];
    const good = readFileSync(state, "utf8");
    const unreadable = { code: "witness-unreadable", kind: "unavailable", message: /cairn witness init/ };
    for (const bad of [
      "",
      "{",
      "[]",
      "null",
      '{"name":"x"}',
      '{"name":"x","logs":[{"vkey":1,"note":null}]}',
    ]) {
      writeFileSync(state, bad);
      t.throws(() => new WitnessFolder(place), unreadable, bad);
    }
    writeFileSync(state, good);
    writeFileSync(keyFile, "no key");
    t.throws(() => new WitnessFolder(place), unreadable, "the key");
    t.throws(() => new WitnessFolder(place), unreadable, "and the folder is not held");
  },
);

t.test("any witness that speaks tlog-witness can serve", async (t) => {
  const { hub, pages, grow } = await newHub(t);
  const witness = { name: "standard.example/w", key: generateKeyPairSync("ed25519").privateKey };
  const log = { name: hub.store.log.origin, key: hub.files.logKey };
  const policy = `log ${logVkey(hub)}\nwitness S ${vkeyOf(witness, "witness")}\nquorum S\n`;
  await signPolicy(hub, policy);
  let last: Checkpoint | null = null;
  const server = createServer((request, reply) => {
    let body = "";
    request.on("data", (part: Buffer) => (body += part.toString()));
    request.on("end", () => {
      const said = readWitnessRequest(body);
      const verdict = said && request.url === "/base/add-checkpoint" ? weigh(said, log, last) : null;
      if (!said || !verdict) return reply.writeHead(400).end();
      if (!verdict.ok && verdict.why === "other-size")
        return reply.writeHead(409, { "content-type": "text/x.tlog.size" }).end(`${last?.size ?? 0}\n`);
      if (!verdict.ok) return reply.writeHead(422).end();
      last = verdict.checkpoint;
      return reply.end(cosign(said.note, witness, now()).slice(said.note.length));
    });
  });
  const to = `${await listening(t, server)}/base`;
  const { size } = await forward(pages, to);
  t.equal(await witnessed(hub, policy), size);
  await grow();
  t.equal(
    (await forward(pages, to)).size,
    size + 1,
    "it says where it stands, and is given the proof from there",
  );
  t.equal(await witnessed(hub, policy), size + 1);
});
