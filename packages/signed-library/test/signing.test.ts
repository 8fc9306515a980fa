/** The people who sign a library: from nothing to what a practice takes, and the ways back. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { openContent } from "@cairn/query-library";
import {
  makeRoot,
  makeTargets,
  metadataBytes,
  newKey,
  signMetadata,
  targetFiles,
  type TrustedLibrary,
} from "@cairn/signed-library";
import {
  accept,
  addToNext,
  changes,
  delegateTo,
  initWorkspace,
  openKey,
  publishedRoot,
  pubOf,
  readyToPublish,
  renew,
  requireAsked,
  rotate,
  signNext,
  status,
  writeNewKey,
} from "@cairn/signed-library/signing";
import { Ceremony, DAY, library, NOW } from "./ceremony.js";

function queriesOf({ targets }: TrustedLibrary): string[] {
  const { queries } = openContent(targets.get("library.json")!);
  return [...queries.values()].map(({ query, version }) => `${query}@${version}`).sort();
}

const missingIn = (folder: string): string => {
  const ready = readyToPublish(folder);
  return "missing" in ready
    ? ready.missing.map(({ file, needed, of }) => `${file}: ${needed} of ${of.join(", ")}`).join("; ")
    : "none";
};

t.test("a first library: three keys, two signatures, published and taken", async (t) => {
  const people = new Ceremony().init();
  t.match(status(people.folder, NOW).tasks, [{ do: "sign", file: "1.root.json", needed: 2 }, { do: "add" }]);
  addToNext(people.folder, { files: library() }, NOW);
  t.match(changes(people.folder, NOW), {
    files: ["1.root.json", "1.targets.json"],
    queries: [{ name: "smokers@1.0.0", is: "new", title: "People who smoke" }],
    unchanged: 0,
  });
  t.equal(
    missingIn(people.folder),
    "1.root.json: 2 of Dr Clara Clinical, Gil Governance, Cat Root; 1.targets.json: 1 of Dr Clara Clinical; 1.targets.json: 1 of Gil Governance",
  );
  t.same(signNext(people.folder, people.clinical, NOW), {
    files: ["1.root.json", "1.targets.json"],
    left: null,
  });
  t.equal(
    missingIn(people.folder),
    "1.root.json: 1 of Gil Governance, Cat Root; 1.targets.json: 1 of Gil Governance",
  );
  people.sign(NOW, [people.governance]);
  t.match(status(people.folder, NOW).tasks, [{ do: "publish" }]);
  people.publish();
  t.same(status(people.folder, NOW).tasks, []);
  const taken = people.taken();
  t.match(taken, { version: 1, rootVersion: 1, signers: ["Dr Clara Clinical", "Gil Governance"] });
  t.same(queriesOf(taken), ["smokers@1.0.0"]);
  t.equal(missingIn(people.folder), "none", "the same can be handed to a hub that was lost");
});

t.test("a new version stands beside the one in force, until that is retired", async (t) => {
  const people = new Ceremony().published(library("1.0.0", { register: true }));
  addToNext(people.folder, { files: library("2.0.0") }, NOW);
  const { queries } = changes(people.folder, NOW);
  t.match(queries, [
    { name: "smokers@2.0.0", is: "new-version", was: "smokers@1.0.0" },
    { name: "smokers@1.0.0", is: "kept" },
  ]);
  t.match(
    JSON.stringify(queries[0]!.words),
    /Codes of smoking.*1 added \(160603005\)/,
    "in the words of query diff",
  );
  people.sign();
  people.publish();
  const taken = people.taken();
  t.same(queriesOf(taken), ["smokers@1.0.0", "smokers@2.0.0"]);
  const opened = openContent(taken.targets.get("library.json")!);
  t.equal(opened.queries.get(opened.current.get("smokers")!)!.version, "2.0.0");
  const kept = (JSON.parse(Buffer.from(taken.targets.get("library.json")!).toString()) as { kept: object })
    .kept;
  t.same(
    Object.keys(Object.values(kept)[0] as object).sort(),
    [
      "codelists/conditions/tobacco@2025-01.csv",
      "codelists/conditions/tobacco@2025-01.yaml",
      "codelists/smoking@2025-01.csv",
      "codelists/smoking@2025-01.yaml",
      "registers/smokes.yaml",
      "smokers.yaml",
    ],
    "with the files that it needs",
  );

  addToNext(people.folder, { retire: ["smokers@1.0.0"] }, NOW);
  addToNext(people.folder, { charters: new Map([["glen", "{}"]]) }, NOW);
  t.match(changes(people.folder, NOW), {
    queries: [{ name: "smokers@1.0.0", is: "retired" }],
    unchanged: 1,
    targets: [{ path: "charters/glen.json", is: "new" }],
  });
  people.sign();
  people.publish();
  t.same(queriesOf(people.taken()), ["smokers@2.0.0"], "retired, though something else was added after it");
  t.throws(() => addToNext(people.folder, { retire: ["smokers@1.0.0"] }, NOW), { code: "library-wrong" });
});

t.test("what changed without a new version is refused by name", async (t) => {
  const { folder } = new Ceremony().published();
  t.throws(() => addToNext(folder, { files: library("1.0.0", { age: 16 }) }, NOW), {
    code: "library-wrong",
    message: /^smokers@1\.0\.0 is in force and says something else now: give it a new version/,
  });
  const codes = { ...library(), "codelists/smoking@2025-01.csv": "code,term\n1,Other\n" };
  t.throws(() => addToNext(folder, { files: codes }, NOW), { message: /^smokers@1\.0\.0 / }, "its codes too");
  addToNext(folder, { files: library("1.0.0", { writtenBy: "Bo Author" }) }, NOW);
  t.equal(changes(folder, NOW).unchanged, 1, "who wrote it is no part of what is asked");
  t.throws(() => addToNext(folder, { files: { "a.yaml": "query: a" } }, NOW), { code: "library-wrong" });
  t.throws(() => addToNext(folder, { files: {} }, NOW), { message: /holds no query/ });
});

t.test("charters and the policy stay until they are replaced or retired", async (t) => {
  const people = new Ceremony().init();
  const { folder } = people;
  t.throws(() => addToNext(folder, { policy: "none" }, NOW), { message: /add a folder of queries/ });
  addToNext(
    folder,
    {
      files: library(),
      charters: new Map([
        ["glen", "1"],
        ["loch", "1"],
      ]),
      policy: "p",
    },
    NOW,
  );
  people.sign();
  people.publish();
  addToNext(folder, { charters: new Map([["glen", "2"]]), retire: ["charters/loch.json"] }, NOW);
  t.match(changes(folder, NOW).targets, [
    { path: "charters/glen.json", is: "changed" },
    { path: "charters/loch.json", is: "gone" },
  ]);
  people.sign();
  people.publish();
  const { targets } = people.taken();
  t.same([...targets.keys()].sort(), ["charters/glen.json", "library.json", "witness-policy"]);
  t.equal(Buffer.from(targets.get("charters/glen.json")!).toString(), "2");
  t.throws(() => addToNext(folder, { charters: new Map([["../x", "2"]]) }, NOW), { code: "name-wrong" });
  t.throws(() => addToNext(folder, { retire: ["library.json"] }, NOW), { code: "library-wrong" });
});

t.test("nobody signs what they wrote, what they are not asked to, or twice", async (t) => {
  const people = new Ceremony().published();
  const { folder, clinical, governance } = people;
  for (const writtenBy of [" dr clara CLINICAL", "Ann Author and Dr Clara Clinical"]) {
    addToNext(folder, { files: library("2.0.0", { writtenBy }) }, NOW);
    for (const sign of [
      () => requireAsked(folder, clinical.publicKey),
      () => signNext(folder, clinical, NOW),
    ])
      t.throws(sign, { code: "may-not-sign", message: /wrote smokers@2\.0\.0: somebody else signs/ });
  }
  people.sign(NOW, [governance]);
  t.throws(() => signNext(folder, governance, NOW), {
    code: "may-not-sign",
    message: /has signed it already/,
  });
  for (const key of [
    people.third,
    newKey("Gil Governance", "governance"),
    newKey("Gil Governance", "clinical"),
  ])
    t.throws(() => signNext(folder, key, NOW), { code: "may-not-sign", message: /is not asked to sign/ });
  const other = newKey("Dr Otto Other", "clinical");
  rotate(folder, { signers: [other.publicKey] }, NOW);
  const signed = signNext(folder, clinical, NOW);
  t.same(signed.files, ["2.root.json"], "the root, in which they have no part of their own");
  t.match(signed.left, /wrote smokers@2\.0\.0/);
  people.sign(NOW, [other, people.third]);
  t.equal(missingIn(folder), "none");
  people.publish();
  t.same(people.taken().signers, ["Gil Governance", "Dr Otto Other"]);
  addToNext(folder, { files: library("2.0.0", { writtenBy: "Dr Clara Clinical" }), policy: "p" }, NOW);
  people.sign(NOW, [clinical, governance]);
  t.equal(missingIn(folder), "none", "what is in force already is nobody's own any more");
});

t.test("two of one kind do not sign a library", async (t) => {
  const people = new Ceremony().published();
  const other = newKey("Dr Otto Other", "clinical");
  rotate(people.folder, { signers: [other.publicKey] }, NOW);
  addToNext(people.folder, { policy: "p" }, NOW);
  people.sign(NOW, [people.clinical, other, people.third]);
  t.equal(missingIn(people.folder), "2.targets.json: 1 of Gil Governance");
});

t.test("what is changed after a signature needs it again, and says so", async (t) => {
  const people = new Ceremony().published();
  const { folder } = people;
  addToNext(folder, { files: library("2.0.0") }, NOW);
  people.sign(NOW, [people.clinical]);
  t.same(addToNext(folder, { policy: "p" }, NOW), { dropped: ["Dr Clara Clinical"] });
  t.equal(missingIn(folder), "2.targets.json: 1 of Dr Clara Clinical; 2.targets.json: 1 of Gil Governance");
  t.same(queriesNext(folder), ["smokers@2.0.0", "smokers@1.0.0"], "what was added before waits still");
  const { digest } = changes(folder, NOW);
  addToNext(folder, { policy: "q" }, NOW);
  t.throws(() => signNext(folder, people.clinical, NOW, digest), {
    message: /was changed since you read it/,
  });
  t.same(signNext(folder, people.clinical, NOW, changes(folder, NOW).digest).files, ["2.targets.json"]);
});

const queriesNext = (folder: string): string[] => changes(folder, NOW).queries.map(({ name }) => name);

t.test(
  "a key that was lost: two others replace it, and the library is signed anew where it must be",
  async (t) => {
    const people = new Ceremony().published();
    const { folder, governance, third, clinical } = people;
    const before = people.taken().metadata;
    const next = newKey("Dr Clara Clinical", "clinical");
    rotate(folder, { remove: ["Dr Clara Clinical"], root: [next.publicKey], signers: [next.publicKey] }, NOW);
    t.match(changes(folder, NOW).keys, [
      { name: "Dr Clara Clinical", may: "say who signs", is: "removed" },
      { name: "Dr Clara Clinical", may: "say who signs", is: "added" },
      { name: "Dr Clara Clinical", may: "sign the library", is: "removed" },
      { name: "Dr Clara Clinical", may: "sign the library", is: "added" },
    ]);
    t.same(
      changes(folder, NOW).files,
      ["2.root.json", "2.targets.json"],
      "its signature on the library is gone",
    );
    people.sign(NOW, [next, governance]);
    t.equal(missingIn(folder), "2.root.json: 1 of Dr Clara Clinical, Cat Root", "two of those before");
    people.sign(NOW, [third]);
    people.publish();
    t.match(people.taken(NOW, before), { rootVersion: 2, version: 2 }, "a practice follows by itself");
    rotate(folder, { online: newKey("hub", "online").publicKey }, NOW);
    t.throws(() => signNext(folder, clinical, NOW), { code: "may-not-sign" }, "the key that was lost");
    t.same(changes(folder, NOW).files, ["3.root.json"], "the hub's key alone leaves the library as it is");
    t.throws(() => rotate(folder, { remove: ["Nobody"] }, NOW), { code: "name-wrong" });
    t.throws(() => rotate(folder, { remove: ["Cat Root"] }, NOW), {
      code: "key-wrong",
      message: /three people/,
    });
  },
);

t.test("a hub's key that was stolen is replaced, whatever versions were run up with it", async (t) => {
  const people = new Ceremony().published();
  const before = people.taken().metadata;
  people.online = newKey("hub", "online");
  rotate(people.folder, { online: people.online.publicKey }, NOW);
  people.sign();
  people.publish();
  t.match(people.taken(NOW, before), { rootVersion: 2, version: 1 });
});

t.test(
  "two root keys lost: a new folder takes the library over, and practices are told to trust it",
  async (t) => {
    const lost = new Ceremony().published();
    const before = lost.taken().metadata;
    const people = new Ceremony();
    initWorkspace(people.folder, people.keys, NOW, lost.folder);
    t.match(changes(people.folder, NOW), { files: ["2.root.json", "2.targets.json"] });
    people.sign();
    people.publish();
    t.throws(() => people.taken(NOW, before), { code: "library-unsigned" }, "it is not believed by itself");
    const taken = people.taken();
    t.match(taken, { rootVersion: 2, version: 2 });
    t.same(queriesOf(taken), ["smokers@1.0.0"]);
    addToNext(people.folder, { policy: "p" }, NOW);
    t.same(changes(people.folder, NOW).files, ["3.targets.json"]);
  },
);

t.test("what ends is signed anew, thirty days before", async (t) => {
  const people = new Ceremony().published();
  const { folder } = people;
  t.match(status(folder, NOW), {
    tasks: [],
    version: 1,
    ends: { root: "2026-03-01", library: "2025-08-28" },
    queries: ["smokers@1.0.0"],
  });
  t.same(status(folder, NOW + 149 * DAY).tasks, []);
  t.match(status(folder, NOW + 150 * DAY).tasks, [{ do: "renew", what: "library", by: "2025-08-28" }]);
  const later = NOW + 151 * DAY;
  t.match(renew(folder, later), { root: false });
  t.match(changes(folder, later), {
    files: ["2.targets.json"],
    queries: [],
    unchanged: 1,
    targets: [],
    keys: [],
  });
  t.match(status(folder, later).tasks, [
    { do: "sign", file: "2.targets.json", by: "2025-07-29" },
    { do: "sign", file: "2.targets.json" },
  ]);
  people.sign(later);
  people.publish(later);
  t.same(status(folder, later).tasks, []);
  const year = NOW + 340 * DAY;
  t.match(renew(folder, year), { root: true });
  t.same(changes(folder, year).files, ["2.root.json", "3.targets.json"]);
  people.sign(year);
  people.publish(year);
  t.match(people.taken(year), { rootVersion: 2, version: 3 });
  rotate(folder, { remove: ["Cat Root"], root: [newKey("Dora Root", "root").publicKey] }, year);
  people.sign(year);
  people.publish(year);
  const ages = status(folder, year).keys.map(({ name, since }) => `${name} ${since}`);
  t.equal(ages[0], "Dr Clara Clinical 2025-03-01", "the next to be rotated");
  t.equal(ages.at(-1), "Dora Root 2026-02-04");
});

t.test("a body's acceptances: two of its people sign, and nobody of the library", async (t) => {
  const people = new Ceremony().published();
  const { folder, clinical } = people;
  const [one, two] = [newKey("Lin Member", "body"), newKey("Lou Member", "body")];
  t.throws(() => delegateTo(folder, "lmc", [one.publicKey], NOW), { code: "key-wrong" });
  t.throws(() => delegateTo(folder, "lmc", [one.publicKey, clinical.publicKey], NOW), { code: "key-wrong" });
  t.throws(() => delegateTo(folder, "../lmc", [one.publicKey, two.publicKey], NOW), { code: "name-wrong" });
  delegateTo(folder, "lmc", [one.publicKey, two.publicKey], NOW);
  t.match(changes(folder, NOW), {
    files: ["2.targets.json", "1.acceptances-lmc.json"],
    keys: [
      { name: "Lin Member", may: "accept for lmc", is: "added" },
      { name: "Lou Member", may: "accept for lmc" },
    ],
  });
  people.sign();
  t.equal(missingIn(folder), "1.acceptances-lmc.json: 2 of Lin Member, Lou Member");
  people.sign(NOW, [one, two]);
  people.publish();
  t.same([...people.taken().targets.keys()], ["library.json"]);
  t.throws(() => accept(folder, "lmc", { accepts: ["smokers@9.0.0"] }, NOW), { code: "library-wrong" });
  accept(folder, "lmc", { accepts: ["smokers@1.0.0"] }, NOW);
  t.match(changes(folder, NOW), {
    files: ["2.acceptances-lmc.json"],
    targets: [],
    acceptances: [{ body: "lmc", name: "smokers@1.0.0", is: "accepted", question: "How many adults smoke?" }],
  });
  t.throws(() => people.sign(), { code: "may-not-sign" }, "the library's signers are not asked");
  people.sign(NOW, [one, two]);
  people.publish();
  const { targets, bodies, version } = people.taken();
  t.same([...targets.keys()], ["library.json", "acceptances/lmc.json"]);
  t.equal(version, 2, "of the library, which nobody signed again");
  const accepted = bodies.get("lmc")?.accepts;
  t.match(accepted, [{ query: "smokers", version: "1.0.0", digest: /^[0-9a-f]{64}$/ }]);
  addToNext(folder, { policy: "p" }, NOW);
  people.sign();
  people.publish();
  t.ok(people.taken().targets.has("acceptances/lmc.json"), "it stays with the next library");
  const other = new Ceremony();
  initWorkspace(other.folder, other.keys, NOW, folder);
  other.sign();
  other.publish();
  t.ok(other.taken().targets.has("acceptances/lmc.json"), "and with one under new root keys");
  t.throws(() => accept(folder, "bma", {}, NOW), { code: "name-wrong" });
  t.match(status(folder, NOW).bodies, [
    {
      body: "lmc",
      of: ["Lin Member", "Lou Member"],
      accepts: ["smokers@1.0.0"],
      fingerprint: /^([0-9A-F]{4}-){4}/,
    },
  ]);
  const soon = NOW + 160 * DAY;
  t.match(
    status(folder, soon).tasks.filter((task) => task.do === "accept"),
    [{ body: "lmc", by: "2025-08-28" }],
  );
  accept(folder, "lmc", { noMore: ["smokers@1.0.0"] }, NOW);
  t.match(changes(folder, NOW).acceptances, [{ name: "smokers@1.0.0", is: "no-more" }]);
  people.sign(NOW, [one, two]);
  people.publish();
  t.same(people.taken().bodies.get("lmc")?.accepts, []);
});

t.test("nobody signs for a body what they wrote, or what is not in the library so", async (t) => {
  const people = new Ceremony().published();
  const { folder } = people;
  const [ann, lou, lin] = ["Ann Author", "Lou Member", "Lin Member"].map((name) => newKey(name, "body"));
  delegateTo(
    folder,
    "lmc",
    [ann!, lou!, lin!].map(({ publicKey }) => publicKey),
    NOW,
  );
  accept(folder, "lmc", { accepts: ["smokers@1.0.0"] }, NOW);
  people.sign();
  t.throws(() => signNext(folder, ann!, NOW), {
    code: "may-not-sign",
    message: "Ann Author wrote smokers@1.0.0: somebody else signs what the body accepts",
  });
  const file = [...filesNext(folder)].find((name) => name.endsWith("lmc.json") && /[0-9a-f]{64}/.test(name))!;
  const text = readFileSync(join(folder, "next", file), "utf8");
  const other = new Map([
    ["acceptances/lmc.json", Buffer.from(text.replace(/"digest":"../, '"digest":"00'))],
  ]);
  for (const [name, bytes] of targetFiles(other)) writeFileSync(join(folder, "next", name), bytes);
  writeFileSync(join(folder, "next", "1.acceptances-lmc.json"), metadataBytes(makeTargets(1, other, NOW)));
  t.throws(() => signNext(folder, lou!, NOW), {
    code: "folder-wrong",
    message: /accepts smokers@1\.0\.0, which is not in the library so/,
  });
});

t.test("what is half written, or was not made here, is neither signed nor published", async (t) => {
  const people = new Ceremony().published();
  const { folder, clinical, governance } = people;
  const next = (name: string): string => join(folder, "next", name);
  addToNext(folder, { files: library("2.0.0"), charters: new Map([["glen", "{}"]]) }, NOW);
  people.sign();
  const target = [...filesNext(folder)].find((name) => name.endsWith(".library.json"))!;
  const whole = readFileSync(next(target));
  writeFileSync(next(target), whole.subarray(0, 100));
  t.throws(() => readyToPublish(folder), { code: "folder-wrong", message: /lacks .*library\.json/ });
  t.throws(() => changes(folder, NOW), { code: "folder-wrong" });
  rmSync(next(target));
  t.throws(() => readyToPublish(folder), { code: "folder-wrong" });
  writeFileSync(next(target), whole);
  const targets = readFileSync(next("2.targets.json"), "utf8");
  writeFileSync(next("2.targets.json"), targets.replace("charters/glen.json", "charters/loch.json"));
  t.match(missingIn(folder), /2\.targets\.json: 1 of Dr Clara Clinical/, "the signatures cover every byte");
  writeFileSync(next("2.targets.json"), targets.replace(/"expires": "\d+/, '"expires": "2035'));
  t.throws(
    () => signNext(folder, clinical, NOW),
    { message: /says what none of our commands writes/ },
    "a longer life",
  );
  writeFileSync(next("2.targets.json"), targets.slice(0, 200));
  t.throws(() => readyToPublish(folder), { code: "library-malformed" });
  writeFileSync(next("2.targets.json"), targets);
  const root = makeRoot(2, people.keys, NOW);
  Object.assign(root.signed.roles["targets"]!, { threshold: 1 });
  signMetadata(root, clinical);
  writeFileSync(next("2.root.json"), metadataBytes(root));
  t.throws(
    () => signNext(folder, governance, NOW),
    { message: /says what none of our commands writes/ },
    "a lower threshold",
  );
  rmSync(next("2.root.json"));
  people.publish();
  t.equal(people.taken().version, 2);
  t.notOk(existsSync(join(folder, "next")));
  t.throws(() => changes(folder, NOW), { message: /nothing waits/ });
});

t.test(
  "ended after the hub took it: the same is published again, and what is left behind waits no more",
  async (t) => {
    const people = new Ceremony().published();
    const { folder } = people;
    addToNext(folder, { files: library("2.0.0") }, NOW);
    people.sign();
    const left = new Map(filesNext(folder).map((name) => [name, readFileSync(join(folder, "next", name))]));
    people.publish();
    initNext(folder, left);
    t.same(status(folder, NOW).tasks, [], "a version that is published waits for nobody");
    people.publish();
    t.equal(people.taken().version, 2);
  },
);

function filesNext(folder: string): string[] {
  return readdirSync(join(folder, "next"), { recursive: true, encoding: "utf8" }).filter((name) =>
    statSync(join(folder, "next", name)).isFile(),
  );
}

function initNext(folder: string, files: ReadonlyMap<string, Uint8Array>): void {
  mkdirSync(join(folder, "next"), { recursive: true });
  for (const [name, bytes] of files) writeFileSync(join(folder, "next", name), bytes);
}

t.test("keys that cannot found a library are refused by name", async (t) => {
  const people = new Ceremony();
  const { keys, folder } = people;
  const init =
    (other: object): (() => void) =>
    () =>
      initWorkspace(folder, { ...keys, ...other }, NOW);
  t.throws(init({ root: keys.root.slice(1) }), { code: "key-wrong", message: /three people/ });
  t.throws(init({ root: [keys.root[0]!, keys.root[0]!, keys.root[1]!] }), { code: "key-wrong" });
  t.throws(init({ targets: [keys.targets[0]!, newKey("Otto", "clinical").publicKey] }), {
    message: /a governance key/,
  });
  t.throws(init({ targets: [...keys.targets, people.third.publicKey] }), {
    message: /cannot sign the library/,
  });
  t.throws(init({ online: keys.targets[0]! }), { message: /the hub's key/ });
  t.throws(init({ root: [...keys.root.slice(1), newKey("Dr Clara Clinical", "root").publicKey] }), {
    message: /two keys/,
  });
  people.init();
  t.throws(init({}), { code: "folder-wrong" });
  t.throws(() => status(join(folder, "nowhere"), NOW), { code: "folder-wrong" });
  t.throws(() => publishedRoot(folder), { code: "folder-wrong" });
});

t.test("a person's key: two files, opened by its passphrase alone", async (t) => {
  const dir = mkdtempSync(join(tmpdir(), "cairn-keys-"));
  const words = "four words of mine";
  const { key, pub } = await writeNewKey(dir, "Dr Ann O'Hara", "clinical", words, 2);
  t.equal(statSync(key).mode & 0o777, 0o600);
  t.match(
    readFileSync(key, "utf8"),
    /^-----BEGIN AGE ENCRYPTED FILE-----\n[\s\S]*\n-----END AGE ENCRYPTED FILE-----\n?$/,
  );
  const half = pubOf(key, dir);
  t.match(half, { name: "Dr Ann O'Hara", kind: "clinical" });
  t.match((await openKey(key, words, half)).publicKey, half);
  await t.rejects(openKey(key, "four words of yours", half), { code: "passphrase-wrong" });
  await t.rejects(openKey(key, words, { ...half, public: "0".repeat(64) }), { code: "key-wrong" });
  await t.rejects(openKey(pub, words, half), { code: "key-wrong" });
  await t.rejects(openKey(join(dir, "none.key"), words, half), { code: "key-wrong" });
  await t.rejects(writeNewKey(dir, "Dr Ann O'Hara", "clinical", words, 2), { message: /is there already/ });
  await t.rejects(writeNewKey(dir, "Bea", "clinical", "too short", 2), { code: "passphrase-wrong" });
  await t.rejects(writeNewKey(dir, "../Bea", "clinical", words, 2), { code: "name-wrong" });
});
