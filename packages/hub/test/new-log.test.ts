/** A hub that came back from an older state goes on in a new log; the old one stays as it was. */
import { cpSync, renameSync } from "node:fs";
import { join } from "node:path";
import { createHash, randomUUID } from "node:crypto";
import t, { type Test } from "tap";
import { cosign, openCheckpoint, placeOf, readExport, verifyExport, verifyLog } from "@cairn/audit-log";
import {
  backupHub,
  beginNewLog,
  exportForPractice,
  exportLines,
  openHub,
  restoreHub,
  serveHubFolder,
  type Hub,
} from "@cairn/hub";
import { decodeHub, entriesOf, hubLog } from "@cairn/ledger";
import { publicKeyFromRaw, rawPublicKey, type Assignment__Output } from "@cairn/wire";
import { witness } from "../src/link/witness.js";
import { cluster, made } from "./cluster.js";
import type { TestAgent } from "./link/agent.js";
import { story, type Story } from "./story.js";

async function lines(hub: Hub, bytes = false): Promise<string[]> {
  const all: string[] = [];
  for await (const line of exportLines(hub, { bytes })) all.push(line);
  return all;
}

/** The agent's word for the hub's newest checkpoint, given back to it. */
/** No proof is asked for. */
const UNASKED = { unproved: [], unprovedLibrary: "" };

async function countersign(hub: Hub, agent: TestAgent): Promise<void> {
  const [row] = await hub.store.db.selectFrom("agent").selectAll().execute();
  const name = `cairn-practice-${createHash("sha256").update(rawPublicKey(agent.keeper.publicKey)).digest("hex").slice(0, 16)}`;
  const { checkpoint } = await witness(hub, row!, { seenSize: 0, cosigned: "", ...UNASKED });
  const cosigned = cosign(checkpoint ?? "", { name, key: agent.keeper.privateKey }, new Date());
  await witness(hub, row!, { seenSize: 0, cosigned, ...UNASKED });
}

interface Lost {
  readonly it: Story;
  readonly agent: TestAgent;
  readonly backup: string;
  readonly size: number; // of its log, in the backup
  readonly runs: readonly Assignment__Output[]; // the first was released after the backup
}

/** A hub with a practice's countersigned checkpoint, backed up; then it takes a release and is stopped. */
async function lostLater(t: Test): Promise<Lost> {
  const it = await story();
  t.teardown(() => it.end());
  const members = await cluster(it, ["Ash"], { periods: 2 });
  const { agent, runs } = members.get("Ash")!;
  const { hub } = it.serving;
  await countersign(hub, agent);
  const backup = join(it.folder, "..", "backup");
  await backupHub(it.folder, backup);
  const { size } = hub.store.log;
  await agent.api.submit({ releases: [made(agent, runs[0]!, 900, 0.5)], idempotencyKey: randomUUID() });
  t.ok(hub.store.log.size > size);
  return { it, agent, backup, size, runs };
}

t.test("a restored hub begins a new log with the last checkpoint of the old, and exports both", async (t) => {
  const { agent, backup, size, it } = await lostLater(t);
  const folder = join(it.folder, "..", "restored");
  const anew = await restoreHub(backup, folder);
  t.match(anew, { after: { origin: it.serving.hub.files.origin, size } });
  const hub = openHub(folder);
  t.teardown(() => hub.store.close());
  const { log } = hub.store;
  t.equal(log.origin, anew.origin);
  t.match([...log.entries()], [{ kind: "log-continues", body: { size, root: anew.after.root } }]);
  t.match(
    verifyExport(
      (await lines(hub)).filter((line) => !/^\{"(cosigned|library)"/.test(line)),
      { name: log.origin, key: hub.files.logKey },
    ),
    {
      ok: true,
      size: 1,
    },
  );
  t.equal(
    (await lines(hub)).filter((line) => line.startsWith('{"cosigned"')).length,
    1,
    "with what was countersigned",
  );

  const [row] = await hub.store.db.selectFrom("agent").selectAll().execute();
  const reply = await witness(hub, row!, { seenSize: size + 5, cosigned: "", ...UNASKED });
  t.same(reply.consistency, [], "a practice that saw more is shown the new log, and decides");
  const key = publicKeyFromRaw(rawPublicKey(hub.files.logKey));
  t.match(openCheckpoint(reply.checkpoint ?? "", { name: log.origin, key }), { size: 1 });
  await countersign(hub, agent);
  t.equal((await lines(hub)).filter((line) => line.startsWith('{"cosigned"')).length, 2, "one of each log");
});

t.test("what comes after a restore has its place in the new log, after all that went before", async (t) => {
  const { agent, it, runs } = await lostLater(t);
  const { hub } = it.serving;
  const [before] = await hub.store.db.selectFrom("release").select("hub_log_index").execute();
  await beginNewLog(hub);
  const { receipts } = await agent.api.submit({
    releases: [made(agent, runs[1]!, 900, 0.5)],
    idempotencyKey: randomUUID(),
  });
  const index = Number(receipts[0]?.hubLogIndex);
  t.same(placeOf(index), { number: 1, position: 1 });
  t.ok(index > before!.hub_log_index);
  const { held } = await agent.api.giveBack({ after: 0 });
  t.equal(held.length, 2, "both are given back");
  t.equal((await lines(hub, true)).filter((line) => line.startsWith('{"release"')).length, 2, "and exported");
});

t.test(
  "a backup that was only copied into its place says so, and its log goes on as a new one, once",
  async (t) => {
    const { backup, it } = await lostLater(t);
    const folder = join(it.folder, "..", "copied");
    cpSync(backup, folder, { recursive: true });
    const serve = () =>
      serveHubFolder({
        folder,
        host: "127.0.0.1",
        port: 0,
        grpcHost: "127.0.0.1",
        grpcPort: 0,
        logLevel: "silent",
      });
    const first = await serve();
    const { origin } = first.hub.store.log;
    t.not(origin, first.hub.files.origin);
    await first.stop();
    const second = await serve();
    t.equal(second.hub.store.log.origin, origin);
    await second.stop();
    const another = await restoreHub(backup, join(it.folder, "..", "again"));
    t.not(another.origin, origin, "two restores of one backup never share a log");
    renameSync(folder, `${folder}-done`);
  },
);

t.test(
  "an export for one practice seals what concerns the others, and leads to the signed head",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const members = await cluster(it, ["Ash", "Birch"], { periods: 1 });
    const { hub } = it.serving;
    for (const { agent, runs } of members.values())
      await agent.api.submit({ releases: [made(agent, runs[0]!, 900, 0.5)], idempotencyKey: randomUUID() });
    for (const { agent } of members.values()) {
      const key = rawPublicKey(agent.keeper.publicKey);
      const name = `cairn-practice-${createHash("sha256").update(key).digest("hex").slice(0, 16)}`;
      hub.store.log.keepCosigned(
        name,
        cosign(hub.store.log.checkpoint(), { name, key: agent.keeper.privateKey }, new Date()),
        1,
      );
    }
    const sealed: string[] = [];
    for await (const line of exportForPractice(hub, "Ash", { bytes: true })) sealed.push(line);
    const read = readExport(sealed, ["library", "release"], { sealed: true });
    if (!read.ok) throw new Error(read.problem);
    const [log] = read.said.logs;
    const owner = { name: hub.store.log.origin, key: publicKeyFromRaw(rawPublicKey(hub.files.logKey)) };
    t.match(log && verifyLog(log, owner), { ok: true, size: hub.store.log.size });
    t.equal(read.said.beside.get("release")?.length, 1, "its own release alone");
    const libraries = (read.said.beside.get("library") ?? []).map((bytes) =>
      createHash("sha256")
        .update(Buffer.from(bytes as string, "base64"))
        .digest("hex"),
    );
    const published = [...entriesOf(hub.store.log.entries(), decodeHub, hubLog.libraryPublished)];
    t.same(libraries, [published.at(-1)?.body.digest], "the queries, as the log names their library");
    t.equal(read.said.cosigned.length, 1, "and its own countersignature");
    const kinds = (closed: boolean): string[] =>
      (log?.entries ?? []).flatMap((entry) => ("commitment" in entry === closed ? entry.kind : []));
    for (const kind of ["agent-enrolled", "agent-admitted", "release-received"]) {
      t.equal(kinds(true).filter((each) => each === kind).length, 1, `${kind} of Birch is sealed`);
      t.equal(kinds(false).filter((each) => each === kind).length, 1, `${kind} of Ash is open`);
    }
    t.notMatch(sealed.join("\n"), /Birch/);
    await t.rejects(exportForPractice(hub, "Elm", { bytes: false }).next(), { code: "practice-unknown" });
  },
);
