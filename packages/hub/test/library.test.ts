/** What a hub publishes, every keeper can take in. */
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import t from "tap";
import { vkeyOf } from "@cairn/audit-log";
import { LIBRARY_LOCATION } from "@cairn/library";
import { decodeDelivery, newKey, rootFingerprint, updateLibrary, versionOf } from "@cairn/signed-library";
import { Signers } from "@cairn/testkit";
import { logVkey, onlineKey, publishLibrary } from "@cairn/hub";
import { readLibraryFolder } from "@cairn/query-library/folder";
import { libraryFiles } from "../src/library/repository.js";
import { rootDigest } from "../src/store/library-root.js";
import { GROUP, story } from "./story.js";
import { hubSigners, publishFolder } from "./publish-folder.js";

const DAY_MS = 86_400_000;

t.test(
  "a library with words that do not print is refused where it is published, not at each practice",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const folder = t.testdir();
    cpSync(fileURLToPath(LIBRARY_LOCATION), folder, { recursive: true });
    const file = `${folder}/registers/asthma.yaml`;
    writeFileSync(file, readFileSync(file, "utf8").replace(/^source: (.)/m, "source: $1\u00ad"));
    await t.rejects(publishFolder(it.serving.hub, folder), {
      code: "library-wrong",
      message: /asthma.* do not print .*no practice would take this library/,
    });
  },
);

t.test("a publication that a practice would refuse is refused by name, and nothing changes", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  const signers = hubSigners(hub);
  const now = hub.settings.now();
  const size = hub.store.log.size;
  const refused = async (files: ReadonlyMap<string, Uint8Array>, message: RegExp): Promise<void> => {
    await t.rejects(publishLibrary(hub, files, "Cem"), { code: "library-wrong", message });
  };
  const next = { version: 2, now };
  await refused(signers.publication({}, { ...next, by: [signers.clinical] }), /library-unsigned/);
  await refused(new Signers(hub.files.libraryKey).publication({}, next), /library-unsigned/);
  await refused(signers.publication({}, next), /holds no query/);
  const lacking = new Map(
    [...signers.publication({}, next)].filter(([name]) => !name.endsWith("library.json")),
  );
  await refused(lacking, /library-incomplete/);
  const old = signers.publication({}, { version: 2, now: now - 181 * DAY_MS });
  await refused(old, /library-expired/);
  await refused(
    new Map([
      ["nonsense", Buffer.from("x")],
      ["9.targets.json", Buffer.from("x")],
    ]),
    /library-malformed/,
  );
  t.equal(hub.store.log.size, size);
});

t.test("a hub's key that the root does not name cannot say what is the newest", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  const signers = hubSigners(hub);
  const keys = { ...signers.keys, online: newKey("hub", "online").publicKey };
  const root = signers.signedRoot(keys, 2, hub.settings.now());
  await t.rejects(publishLibrary(hub, new Map([["2.root.json", root]]), "Cem"), {
    message: /timestamp\.json lacks signatures.*library-unsigned/,
  });
  const right = signers.signedRoot({ ...keys, online: onlineKey(hub) }, 2, hub.settings.now());
  t.match(await publishLibrary(hub, new Map([["2.root.json", right]]), "Cem"), { version: "1" });
});

t.test("a root that the one of before did not sign takes its place only by its fingerprint", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  await publishFolder(hub, null);
  const now = hub.settings.now();
  const others = new Signers(hub.files.libraryKey);
  const files = others.publication(readLibraryFolder(fileURLToPath(LIBRARY_LOCATION)), { version: 3, now });
  const fingerprint = rootFingerprint(files.get("1.root.json")!);
  await t.rejects(publishLibrary(hub, files, "Cem"), {
    code: "library-wrong",
    message: new RegExp(`--new-root ${fingerprint}`),
  });
  const second = others.root(2, now);
  const later = new Map([...files].filter(([name]) => name !== "1.root.json")).set("2.root.json", second);
  await t.rejects(
    publishLibrary(hub, later, "Cem"),
    { message: new RegExp(`--new-root ${rootFingerprint(second)}`) },
    "also where its number is the next",
  );
  await t.rejects(publishLibrary(hub, files, "Cem", "0000-0000-0000-0000-0000"), {
    code: "library-wrong",
    message: new RegExp(`its root has the fingerprint ${fingerprint}`),
  });
  const before = await libraryFiles(hub.store.db);
  t.match(await publishLibrary(hub, files, "Cem", fingerprint), { version: "3" });
  const after = await libraryFiles(hub.store.db);
  t.ok(
    versionOf(after.get("timestamp.json")!) > versionOf(before.get("timestamp.json")!),
    "statements go on",
  );
  t.match(updateLibrary(new Map([["root", files.get("1.root.json")!]]), after, now), { version: 3 });
  t.throws(() => updateLibrary(new Map([["root", before.get("1.root.json")!]]), after, now), {
    code: "library-unsigned",
  });
  t.match([...hub.store.log.entries()].find(({ kind }) => kind === "library-root-replaced")?.body, {
    library_root: rootDigest(files.get("1.root.json")!).toString("hex"),
    by: "Cem",
  });
});

const QUERIES = readLibraryFolder(fileURLToPath(LIBRARY_LOCATION));
const BODY_KEYS = [newKey("Lin", "body"), newKey("Lou", "body")];
const ACCEPTANCE = { query: "asthma-register", version: "1.0.0", digest: "a".repeat(64) };

/** A body that accepts something, in a version of its own. */
function ceg(version: number, accepts = [ACCEPTANCE]) {
  return { ceg: { keys: BODY_KEYS, accepts, version } };
}

t.test("a folder that is older than what is published brings no withdrawn acceptance back", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  const now = hub.settings.now();
  const sign = (version: number, bodies = {}, signers = hubSigners(hub)): Map<string, Uint8Array> =>
    signers.publication(QUERIES, { version, now, bodies });
  const [first, withdrawn] = [sign(2, ceg(1)), sign(2, ceg(2, []))];
  await publishLibrary(hub, first, "Cem");
  await publishLibrary(hub, withdrawn, "Cem");
  const root = new Map([["root", first.get("1.root.json")!]]);
  const practice = updateLibrary(root, await libraryFiles(hub.store.db), now);
  t.same(practice.bodies.get("ceg")?.accepts, []);

  const size = hub.store.log.size;
  const others = new Signers(hub.files.libraryKey);
  const fingerprint = rootFingerprint(sign(3, {}, others).get("1.root.json")!);
  const older =
    /it has version 1 of acceptances-ceg\.json, and version 2 .*bring it up to date and publish again/;
  const lacking = /it lacks acceptances-ceg\.json, and version 2 .*bring it up to date/;
  const refused: [Map<string, Uint8Array>, RegExp, newRoot?: string][] = [
    [first, older],
    [sign(3, ceg(1)), older],
    [sign(3), lacking],
    [sign(1, ceg(2, [])), /it has version 1 of targets\.json, and version 2 .*bring it up to date/],
    [sign(3, ceg(1), others), older, fingerprint],
    [sign(3, {}, others), lacking, fingerprint],
  ];
  for (const [files, message, newRoot] of refused)
    await t.rejects(publishLibrary(hub, files, "Cem", newRoot), {
      code: "library-wrong",
      message,
      cause: { code: "library-rollback" },
    });
  t.equal(hub.store.log.size, size, "and nothing changes");
  await publishLibrary(hub, withdrawn, "Cem");
  t.match(updateLibrary(practice.metadata, await libraryFiles(hub.store.db), now), { version: 2 });
  t.match(await publishLibrary(hub, sign(3, ceg(2, []), others), "Cem", fingerprint), { version: "3" });
});

t.test(
  "one version holds the same files for every practice, and what only holds longer is taken",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const { hub } = it.serving;
    const now = hub.settings.now();
    const sign = (note: string, bodies = ceg(1), at = now): Map<string, Uint8Array> =>
      hubSigners(hub).publication(QUERIES, {
        ...{ version: 2, now: at, bodies },
        targets: new Map([...content, ["note", Buffer.from(note)]]),
      });
    const library = hubSigners(hub).publication(QUERIES, { version: 2, now });
    const [, bytes] = [...library].find(([name]) => name.endsWith(".library.json"))!;
    const content = [["library.json", bytes]] as const;
    await publishLibrary(hub, sign("one"), "Cem");
    const rollback = { code: "library-wrong", cause: { code: "library-rollback" } };
    await t.rejects(publishLibrary(hub, sign("two"), "Cem"), {
      ...rollback,
      message: /2\.targets\.json was published before with another content/,
    });
    await t.rejects(publishLibrary(hub, sign("one", ceg(1, [])), "Cem"), {
      ...rollback,
      message: /1\.acceptances-ceg\.json was published before with another content/,
    });
    t.match(await publishLibrary(hub, sign("one", ceg(1), now - DAY_MS), "Cem"), { version: "2" });
  },
);

t.test("a witness policy that asks nobody but the hub itself is not published", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  const own = vkeyOf({ name: "w.example/own", key: createPublicKey(hub.files.logKey) }, "witness");
  const other = generateKeyPairSync("ed25519").privateKey;
  const witness = `witness A ${vkeyOf({ name: "a.example/w", key: other }, "witness")}\n`;
  const publish = (...lines: string[]) => {
    const policy = `log ${logVkey(hub)}\n${lines.join("")}`;
    return publishFolder(hub, null, "Cem", new Map([["witness-policy", Buffer.from(policy)]]));
  };
  await t.rejects(publish(witness, "quorum none\n"), { code: "policy-wrong", message: /quorum is none/ });
  for (const quorum of ["quorum B\n", "group one any A B\nquorum one\n"])
    await t.rejects(publish(witness, `witness B ${own}\n`, quorum), {
      code: "policy-wrong",
      message: /witness B has the key of a log/,
    });
  t.match(await publish(witness, "quorum A\n"), { version: "2" });
});

t.test("a body that was late when it was published stops no practice the day after", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  const agent = await it.member("Alder", GROUP);
  const { now } = it.clock;
  const bodies = { ceg: { keys: BODY_KEYS, accepts: [ACCEPTANCE], version: 1, expires: now - 1000 } };
  const files = hubSigners(hub).publication(QUERIES, { version: 2, now, bodies });
  t.match(await publishLibrary(hub, files, "Cem"), { late: ["ceg"] });
  const root = new Map([["root", files.get("1.root.json")!]]);
  const { metadata } = updateLibrary(root, await libraryFiles(hub.store.db), now);
  it.clock.now += DAY_MS;
  await agent.poll([]);
  const next = updateLibrary(metadata, await libraryFiles(hub.store.db), it.clock.now);
  t.match(next, { version: 2, timestampVersion: 3 });
  t.match(next.bodies.get("ceg"), { accepts: [], lapsed: { code: "library-expired" } });
});

t.test("the root that is trusted is not replaced by itself", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  const now = hub.settings.now();
  const signers = hubSigners(hub);
  const files = signers.publication(QUERIES, { version: 2, now });
  const same = { code: "library-wrong", message: /one that practices trust already.*without --new-root/ };
  const first = files.get("1.root.json")!;
  await t.rejects(publishLibrary(hub, files, "Cem", rootFingerprint(first)), same);
  await publishLibrary(hub, new Map([...files, ["2.root.json", signers.root(2, now)]]), "Cem");
  await t.rejects(publishLibrary(hub, files, "Cem", rootFingerprint(first)), same, "nor by one before it");
  t.notOk([...hub.store.log.entries()].some(({ kind }) => kind === "library-root-replaced"));
});

t.test(
  "each day the hub says anew that its library is the newest, and an agent fetches only that",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const agent = await it.member("Alder", GROUP);
    const root = hubSigners(it.serving.hub).root(1, it.clock.now);
    const first = await agent.delivery();
    const library = updateLibrary(new Map([["root", root]]), decodeDelivery(first), it.clock.now);
    t.match(await agent.poll([], { libraryEdition: "1.1" }), { libraryEdition: "1.1" });
    it.clock.now += DAY_MS;
    const reply = await agent.poll([], { libraryEdition: "1.1" });
    t.match(reply, { libraryVersion: "1", libraryEdition: "1.2" });
    const again = decodeDelivery(await agent.delivery([...library.targets.values()]));
    t.notOk(
      [...again.keys()].some((name) => name.endsWith("library.json")),
      "what it holds is left out",
    );
    const held = [...decodeDelivery(first)].filter(([name]) => name.endsWith("library.json"));
    const renewed = updateLibrary(library.metadata, new Map([...held, ...again]), it.clock.now);
    t.match(renewed, { version: 1, timestampVersion: 2 });
    t.equal(versionOf(again.get("timestamp.json")!), 2);
    await t.rejects(agent.api.fetchLibrary({ version: "1.1", offset: 0 }), { code: "query-unknown" });
  },
);
