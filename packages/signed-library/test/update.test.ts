/** What a practice takes of a delivery, and what it refuses by name. */
import t from "tap";
import { Signers } from "@cairn/testkit";
import { acceptancesText } from "../src/acceptances.js";
import { delegationsTo } from "../src/delegation.js";
import {
  decodeDelivery,
  encodeDelivery,
  LibraryRefusal,
  makeTargets,
  metadataBytes,
  newKey,
  readRoot,
  signMetadata,
  signOnline,
  targetFiles,
  updateLibrary,
  type SigningKey,
  type TrustedFiles,
} from "@cairn/signed-library";

type Files = Map<string, Uint8Array>;

const DAY = 86_400_000;
const NOW = Date.parse("2025-03-01T00:00:00Z");
const FILES = { "a.yaml": "query: a" };
const signers = new Signers();
const trusted: TrustedFiles = new Map([["root", signers.root(1, NOW)]]);

const delivered = (version: number, now = NOW, timestamp = version): Files =>
  signers.delivered(FILES, { version, now, timestamp });

/** The files with the hub's statements over the targets of `version` among them. */
function online(
  files: Files,
  version: number,
  stated: number,
  now = NOW,
  key: SigningKey = signers.online,
): Files {
  const targets = new Map([["targets", files.get(`${version}.targets.json`)!]]);
  return new Map([...files, ...signOnline({ snapshot: stated, timestamp: stated }, targets, key, now)]);
}

/** The code by which a delivery is refused, with the words; "taken" where it is not. */
function outcome(files: Files, before: TrustedFiles = trusted, now = NOW): string {
  try {
    updateLibrary(before, files, now);
    return "taken";
  } catch (error) {
    if (!(error instanceof LibraryRefusal)) throw error;
    return `${error.code}: ${error.message}`;
  }
}

t.test("a delivery is taken, with who signed it and when it ends", async (t) => {
  const library = updateLibrary(trusted, delivered(3), NOW);
  t.match(library, { version: 3, rootVersion: 1, timestampVersion: 3 });
  t.same(library.signers, ["Dr Clara Clinical", "Gil Governance"]);
  t.equal(library.expires, NOW + 7 * DAY, "the hub's timestamp ends first");
  t.match(Buffer.from(library.targets.get("library.json")!).toString(), /"a.yaml":"query: a"/);
  t.equal(outcome(new Map(decodeDelivery(encodeDelivery(delivered(3))))), "taken");
});

t.test("signatures: one, two of one kind, a stranger's, none", async (t) => {
  const other = newKey("Dr Otto Other", "clinical");
  const { clinical, governance } = signers;
  const by = (...keys: SigningKey[]): string => outcome(signers.delivered(FILES, { now: NOW, by: keys }));
  t.match(by(clinical), /^library-unsigned: 1\.targets\.json lacks signatures .*1\/2/);
  t.match(by(), /^library-unsigned: .*0\/2/);
  t.match(by(clinical, other), /^library-unsigned: .*1\/2/);
  t.equal(by(governance, clinical), "taken");
  const both = new Signers();
  const keys = { ...both.keys, targets: [...both.keys.targets, other.publicKey] };
  const root: TrustedFiles = new Map([["root", both.signedRoot(keys, 1, NOW)]]);
  const two = both.delivered(FILES, { now: NOW, by: [both.clinical, other] });
  t.match(outcome(two, root), /^library-unsigned: targets\.json bears no signature of a governance key/);
  t.equal(outcome(both.delivered(FILES, { now: NOW }), root), "taken");
});

t.test("one byte changed, in any signed file, is refused", async (t) => {
  const codes = new Set<string>();
  for (const [name, bytes] of delivered(2)) {
    if (name === "1.root.json") continue; // trusted already, and not read again
    for (let at = 0; at < bytes.length; at += 61) {
      // The layout of the timestamp is no part of what is signed, and nothing else names its bytes.
      if (name === "timestamp.json" && /\s/.test(String.fromCharCode(bytes[at]!))) continue;
      const altered = Uint8Array.from(bytes);
      altered[at] = altered[at]! ^ 1;
      const words = outcome(new Map([...delivered(2), [name, altered]]));
      t.not(words, "taken", `${name} at ${at}`);
      codes.add(words.split(":")[0]!);
    }
  }
  t.ok(codes.has("library-unsigned") && codes.has("library-mixed"), [...codes].join(" "));
});

t.test("an older library, and metadata of two publications", async (t) => {
  const { metadata } = updateLibrary(trusted, delivered(5), NOW);
  t.match(outcome(delivered(4), metadata), /^library-rollback: timestamp\.json is older/);
  t.equal(outcome(delivered(5), metadata), "taken", "the same again");
  t.equal(
    outcome(online(delivered(5), 5, 6, NOW + DAY), metadata, NOW + DAY),
    "taken",
    "the next day's statement",
  );
  const mixed = new Map([...delivered(6), ["6.targets.json", delivered(7).get("7.targets.json")!] as const]);
  t.match(outcome(mixed, metadata), /^library-mixed: 6\.targets\.json/);
  const older = new Map([
    ...delivered(6),
    ["6.snapshot.json", delivered(4).get("4.snapshot.json")!] as const,
  ]);
  t.match(outcome(older, metadata), /^library-mixed: 6\.snapshot\.json/);
  const lower = online(delivered(4), 4, 9);
  t.match(
    outcome(lower, metadata),
    /^library-rollback: 9\.snapshot\.json/,
    "a new statement over an old library",
  );
  const stated = (snapshot: number, timestamp: number): Files => {
    const targets = new Map([["targets", delivered(5).get("5.targets.json")!]]);
    return new Map([...delivered(5), ...signOnline({ snapshot, timestamp }, targets, signers.online, NOW)]);
  };
  const ahead = updateLibrary(trusted, stated(6, 7), NOW).metadata;
  t.match(
    outcome(stated(6, 6), ahead),
    /^library-rollback: timestamp\.json/,
    "an older statement of the same",
  );
  t.match(
    outcome(stated(5, 8), ahead),
    /^library-rollback: timestamp\.json/,
    "a new one of an older snapshot",
  );
});

t.test("other bytes under the number of a signed file are of another publication", async (t) => {
  const others: Record<string, Files> = {
    "6.targets.json": signers.delivered({ "a.yaml": "query: b" }, { version: 6, now: NOW }),
    "6.snapshot.json": online(delivered(6), 6, 6, NOW + DAY),
  };
  for (const [name, other] of Object.entries(others))
    t.match(outcome(new Map([...delivered(6), [name, other.get(name)!]])), /^library-mixed: /, name);
});

t.test("a missing file is named", async (t) => {
  for (const name of delivered(1).keys()) {
    if (name === "1.root.json") continue;
    const files = delivered(1);
    files.delete(name);
    t.match(outcome(files), /^library-incomplete: .* is missing/, name);
  }
});

t.test("expired: timestamp, targets, root", async (t) => {
  t.match(outcome(delivered(1), trusted, NOW + 7 * DAY), /^library-expired: timestamp\.json/);
  const late = (days: number): Files => online(delivered(1), 1, 1, NOW + days * DAY);
  t.equal(outcome(late(179), trusted, NOW + 179 * DAY), "taken");
  t.match(outcome(late(180), trusted, NOW + 180 * DAY), /^library-expired: targets\.json has expired/);
  t.match(outcome(late(365), trusted, NOW + 365 * DAY), /^library-expired: root\.json has expired/);
  const { metadata } = updateLibrary(trusted, delivered(1), NOW);
  t.match(
    outcome(delivered(1), metadata, NOW + 8 * DAY),
    /^library-expired: timestamp\.json/,
    "offered again",
  );
});

t.test("roots: rotated, skipped, with one key, signed by too few", async (t) => {
  const next = newKey("hub", "online");
  const keys = { ...signers.keys, online: next.publicKey };
  const with2 = (root: Uint8Array, key = next): Files =>
    new Map([...online(signers.publication(FILES, { now: NOW }), 1, 1, NOW, key), ["2.root.json", root]]);
  t.equal(outcome(with2(signers.signedRoot(keys, 2, NOW))), "taken");
  t.match(
    outcome(with2(signers.signedRoot(keys, 2, NOW), signers.online)),
    /^library-unsigned: timestamp\.json/,
  );
  t.match(outcome(with2(signers.signedRoot(keys, 3, NOW))), /^library-rollback: 2\.root\.json/);
  const few = signers.signedRoot(keys, 2, NOW, signers.roots.slice(0, 1));
  t.match(outcome(with2(few)), /^library-unsigned: 2\.root\.json .*1\/2/);
  const stranger = new Signers();
  t.match(outcome(with2(stranger.signedRoot(stranger.keys, 2, NOW))), /^library-unsigned: 2\.root\.json/);
  const handedOn = signers.signedRoot({ ...keys, root: stranger.keys.root }, 2, NOW);
  t.match(outcome(with2(handedOn)), /^library-unsigned: 2\.root\.json/, "not signed by those whom it names");
  // Two root keys sign a root under which one key, or one kind of key, could sign the library.
  const alone = { ...keys, targets: [signers.clinical.publicKey] };
  t.match(
    outcome(with2(signers.signedRoot(alone, 2, NOW))),
    /^library-unsigned: the root lets fewer than 2 keys sign targets/,
  );
  const oneKind = { ...keys, targets: [signers.clinical.publicKey, newKey("Dr Otto", "clinical").publicKey] };
  t.match(
    outcome(with2(signers.signedRoot(oneKind, 2, NOW))),
    /^library-unsigned: the root names no clinical or no governance key/,
  );
  const oneRoot = { ...keys, root: [signers.roots[0]!.publicKey] };
  t.throws(() => readRoot(signers.signedRoot(oneRoot, 1, NOW)), { code: "library-unsigned" });
  const [ann, ben] = signers.roots.map(({ publicKey }) => publicKey);
  const twice = { ...keys, root: [ann!, { ...ann!, name: "Another Ann" }, ben!] };
  t.throws(
    () => readRoot(signers.signedRoot(twice, 1, NOW)),
    { code: "library-unsigned" },
    "one key, two names",
  );
  const hubs = {
    ...keys,
    targets: [signers.clinical.publicKey, { ...next.publicKey, kind: "governance" } as const],
  };
  t.throws(
    () => readRoot(signers.signedRoot(hubs, 1, NOW)),
    { code: "library-unsigned" },
    "the hub's own key",
  );
  const asPerson = {
    ...signers.online,
    publicKey: { ...signers.online.publicKey, kind: "governance" } as const,
  };
  const byHub = { ...signers.keys, targets: [signers.clinical.publicKey, asPerson.publicKey] };
  t.match(
    outcome(
      signers.delivered(FILES, { now: NOW, by: [signers.clinical, asPerson] }),
      new Map([["root", signers.signedRoot(byHub, 1, NOW)]]),
    ),
    /^library-unsigned: the root lets the hub's own key sign/,
    "also where that root is trusted already",
  );
  t.equal(readRoot(signers.root(1, NOW)).version, 1);
});

t.test("version numbers that a thief ran up are left behind when the hub's key is rotated", async (t) => {
  const { metadata } = updateLibrary(trusted, online(delivered(1), 1, 2 ** 40), NOW);
  t.match(outcome(delivered(2), metadata), /^library-rollback/);
  const next = newKey("hub", "online");
  const rotated = signers.signedRoot({ ...signers.keys, online: next.publicKey }, 2, NOW);
  const after = online(signers.publication(FILES, { version: 2, now: NOW }), 2, 2, NOW, next);
  t.equal(outcome(new Map([...after, ["2.root.json", rotated]]), metadata), "taken");
});

t.test("what cannot be read is malformed, and never trusted", async (t) => {
  for (const name of ["timestamp.json", "1.snapshot.json", "1.targets.json"])
    for (const text of ["", "{", "[]", "null", '{"signed":{},"signatures":[]}'])
      t.match(
        outcome(new Map([...delivered(1), [name, Buffer.from(text)]])),
        /^library-(malformed|mixed): /,
        name + text,
      );
  for (const text of ["", "[]", "null", "{}", '{"format":"cairn-library-delivery-1","files":{"a":1}}'])
    t.throws(() => decodeDelivery(Buffer.from(text)), { code: "library-malformed" }, text);
  const huge = Buffer.alloc(20_000, 0x20);
  t.match(
    outcome(new Map([...delivered(1), ["timestamp.json", huge]])),
    /^library-malformed: timestamp\.json is larger/,
  );
});

t.test("a body that is late does not stop the library: what it signed does not count", async (t) => {
  const people = [newKey("Lin Member", "body"), newKey("Lou Member", "body")];
  const accepts = Buffer.from(acceptancesText([{ query: "q", version: "1.0.0", digest: "ab".repeat(32) }]));
  const body = makeTargets(1, new Map([["acceptances/lmc.json", accepts]]), NOW - 170 * DAY);
  for (const key of people) signMetadata(body, key);
  const to = delegationsTo(new Map([["lmc", people.map(({ publicKey }) => publicKey)]]));
  const made = makeTargets(1, new Map([["library.json", Buffer.from("{}")]]), NOW, to);
  for (const key of [signers.clinical, signers.governance]) signMetadata(made, key);
  const files = new Map([
    ...targetFiles(new Map([["library.json", Buffer.from("{}")]])),
    ...targetFiles(new Map([["acceptances/lmc.json", accepts]])),
    ["1.targets.json", metadataBytes(made)] as const,
    ["1.acceptances-lmc.json", metadataBytes(body)] as const,
  ]);
  const stated = (now: number): Files => {
    const roles = new Map([
      ["targets", files.get("1.targets.json")!],
      ["acceptances-lmc", files.get("1.acceptances-lmc.json")!],
    ]);
    return new Map([...files, ...signOnline({ snapshot: 1, timestamp: 1 }, roles, signers.online, now)]);
  };
  const taken = updateLibrary(trusted, stated(NOW), NOW);
  t.same([...taken.targets.keys()], ["library.json", "acceptances/lmc.json"]);
  t.match(taken.bodies.get("lmc"), { lapsed: null, threshold: 2, accepts: [{ query: "q" }] });
  const late = NOW + 11 * DAY;
  const without = updateLibrary(trusted, stated(late), late);
  t.same([...without.targets.keys()], ["library.json"]);
  t.match(without.bodies.get("lmc"), { lapsed: { code: "library-expired" }, accepts: [] });
});

t.test("what a body accepts comes out of its own role, signed by two of its own people", async (t) => {
  const [lin, lou, eve, eva] = ["Lin", "Lou", "Eve", "Eva"].map((name) => newKey(name, "body"));
  const accepts = Buffer.from(acceptancesText([{ query: "q", version: "1.0.0", digest: "ab".repeat(32) }]));
  const bodies = new Map([
    ["bma", [eve!.publicKey, eva!.publicKey]],
    ["lmc", [lin!.publicKey, lou!.publicKey]],
  ]);
  interface Forgery {
    readonly by?: readonly SigningKey[]; // who signs for lmc; nobody where empty
    readonly bma?: ReadonlyMap<string, Uint8Array>; // what the other body signs
    readonly top?: boolean; // whether the library names the file too
    readonly change?: (delegations: ReturnType<typeof delegationsTo>) => void;
  }
  const lmcOf = ({ by = [lin!, lou!], bma = new Map(), top = false, change }: Forgery) => {
    const own = new Map([["acceptances/lmc.json", accepts]]);
    const library = new Map([["library.json", Buffer.from("{}")], ...(top ? own : [])]);
    const to = delegationsTo(bodies);
    change?.(to);
    const made = makeTargets(1, library, NOW, to);
    const roles = new Map([
      ["targets", { made, by: [signers.clinical, signers.governance] }],
      ["acceptances-lmc", { made: makeTargets(1, by.length === 0 ? new Map() : own, NOW), by }],
      ["acceptances-bma", { made: makeTargets(1, bma, NOW), by: [eve!, eva!] }],
    ]);
    const signed = new Map(
      [...roles].map(([role, { made, by }]) => {
        for (const key of by) signMetadata(made, key);
        return [role, metadataBytes(made)] as const;
      }),
    );
    const named = [...signed].map(([role, bytes]) => [`1.${role}.json`, bytes] as const);
    const files = new Map([...named, ...targetFiles(library), ...targetFiles(own), ...targetFiles(bma)]);
    const stated = signOnline({ snapshot: 1, timestamp: 1 }, signed, signers.online, NOW);
    return updateLibrary(trusted, new Map([...files, ...stated]), NOW).bodies.get("lmc");
  };
  t.match(lmcOf({}), { lapsed: null, accepts: [{ query: "q" }] });
  const forged: Record<string, Forgery> = {
    "one of its people alone": { by: [lin!] },
    "one of its people twice": { by: [lin!, lin!] },
    "another body's people": { by: [eve!, eva!] },
    "the library's people": { by: [signers.clinical, signers.governance] },
    "nobody, and another body names its file": {
      by: [],
      bma: new Map([["acceptances/lmc.json", accepts]]),
      change: (to) =>
        Object.assign(Object.values(to!["roles"] as object[])[0]!, { paths: ["acceptances/*"] }),
    },
    "nobody, and the library names its file": { by: [], top: true },
    "its people, and the library names its file too": { top: true },
    "a role that asks for one": {
      by: [lin!],
      change: (to) => Object.assign(Object.values(to!["roles"] as object[])[1]!, { threshold: 1 }),
    },
  };
  for (const [who, forgery] of Object.entries(forged)) t.same(lmcOf(forgery)?.accepts, [], who);
});

t.test("targets beside the library are carried, and each is checked", async (t) => {
  const targets = new Map([
    ["library.json", Buffer.from("{}")],
    ["charters/glen.json", Buffer.from("{}")],
  ]);
  const made = makeTargets(1, targets, NOW);
  for (const key of [signers.clinical, signers.governance]) signMetadata(made, key);
  const files = online(
    new Map([...delivered(1), ["1.targets.json", metadataBytes(made)], ...targetFiles(targets)]),
    1,
    1,
  );
  t.same([...updateLibrary(trusted, files, NOW).targets.keys()], ["library.json", "charters/glen.json"]);
  const charter = [...files.keys()].find((name) => name.startsWith("charters/"))!;
  files.set(charter, Buffer.from("[]"));
  t.match(outcome(files), /^library-mixed: charters\/glen\.json is not the file that was signed/);
});
