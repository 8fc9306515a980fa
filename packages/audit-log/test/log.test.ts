import { generateKeyPairSync, sign } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import t from "tap";
import {
  AuditLog,
  cosign,
  cosignedAt,
  openCheckpoint,
  placeOf,
  ReplayedLog,
  verifyConsistency,
  verifyExport,
  verifyInclusion,
  type Checkpoint,
} from "@cairn/audit-log";
import { openDatabase } from "@cairn/sqlite";
import { consistencyProof, inclusionProof, leafHash, rootHash } from "../src/merkle.js";
import { leafOf } from "../src/entry.js";
import { LEAVES, ROOTS, treeOf } from "./fixtures/test-tree.js";

t.test("roots agree with the published test tree of RFC 6962 logs", async (t) => {
  const tree = treeOf(LEAVES);
  ROOTS.forEach((root, i) => t.equal(rootHash(i + 1, tree).toString("hex"), root, `size ${i + 1}`));
  t.match(rootHash(0, tree).toString("hex"), /^e3b0c442/, "the empty log");
});

t.test("every proof holds, and none holds for another leaf, size or root", async (t) => {
  const leaves = Array.from({ length: 40 }, (_, i) => Buffer.from(`leaf ${i}`));
  const tree = treeOf(leaves);
  const head = (size: number): { size: number; root: Buffer } => ({ size, root: rootHash(size, tree) });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(39), fc.nat(40), (size, at, older) => {
      const index = at % size;
      const proof = inclusionProof(index, size, tree);
      const { root } = head(size);
      const leaf = leafHash(leaves[index] as Buffer);
      const other = leafHash(Buffer.from("another"));
      const from = head(older % (size + 1));
      const extension = consistencyProof(from.size, size, tree);
      return (
        verifyInclusion(leaf, index, size, proof, root) &&
        !verifyInclusion(other, index, size, proof, root) &&
        !verifyInclusion(leaf, index, size, [...proof, other], root) &&
        verifyConsistency(from, head(size), extension) === from.size > 0 && // from an empty log nothing is proved
        (from.size === 0 || !verifyConsistency({ ...from, root: other }, head(size), extension)) &&
        (from.size === 0 || !verifyConsistency(from, { size, root: other }, extension))
      );
    }),
    { numRuns: 400 },
  );
  t.pass("400 random trees");
});

const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const owner = { name: "practice.example/alder", key: publicKey };

function newLog(): { log: AuditLog; db: ReturnType<typeof openDatabase> } {
  const db = openDatabase(join(mkdtempSync(join(tmpdir(), "cairn-log-")), "log.db"));
  let tick = 0;
  const now = (): Date => new Date(Date.UTC(2026, 0, 1) + 1000 * tick++);
  return { db, log: AuditLog.open(db, { origin: owner.name, key: privateKey, now }) };
}

t.test(
  "what is no proof is refused: empty trees, hashes that are not 32 bytes, sizes that no log has",
  async (t) => {
    const leaves = Array.from({ length: 9 }, (_, i) => Buffer.from(`leaf ${i}`));
    const tree = treeOf(leaves);
    const leaf = (i: number): Buffer => leafHash(leaves[i] as Buffer);
    const root = (size: number): Buffer => rootHash(size, tree);
    const head = (size: number) => ({ size, root: root(size) });
    const wrongLength = (hash: Buffer): Buffer[] => [
      Buffer.alloc(0),
      hash.subarray(0, 31),
      Buffer.concat([hash, Buffer.of(0)]),
      Buffer.concat([hash, hash]),
    ];
    const sizes = [-1, 0.5, NaN, Infinity, 2 ** 53, 2 ** 53 + 2, 2 ** 64];

    const proof = inclusionProof(4, 9, tree);
    t.ok(verifyInclusion(leaf(4), 4, 9, proof, root(9)));
    t.notOk(verifyInclusion(leaf(0), 0, 0, [], root(0)), "nothing is in an empty log");
    t.notOk(verifyInclusion(root(0), 0, 0, [], root(0)), "not even its root");
    t.notOk(verifyInclusion(leaf(0), 9, 9, proof, root(9)), "an index at the size");
    t.notOk(verifyInclusion(leaf(0), 10, 9, proof, root(9)), "an index beyond it");
    for (const size of sizes) {
      t.notOk(verifyInclusion(leaf(4), 4, size, proof, root(9)), `of ${size} entries`);
      t.notOk(verifyInclusion(leaf(4), size, 9, proof, root(9)), `at ${size}`);
      t.notOk(verifyConsistency({ ...head(4), size }, head(9), consistencyProof(4, 9, tree)), `from ${size}`);
      t.notOk(verifyConsistency(head(4), { ...head(9), size }, consistencyProof(4, 9, tree)), `to ${size}`);
      t.notOk(verifyConsistency({ ...head(4), size }, { ...head(4), size }, []), `${size} and ${size}`);
    }
    for (const bad of wrongLength(root(9))) {
      t.notOk(verifyInclusion(leaf(4), 4, 9, proof, bad), `a root of ${bad.length} bytes`);
      t.notOk(verifyInclusion(bad, 4, 9, proof, root(9)), `a leaf of ${bad.length} bytes`);
      t.notOk(verifyInclusion(bad, 0, 1, [], bad), `${bad.length} bytes in a log of one entry`);
      t.notOk(
        verifyConsistency({ size: 9, root: bad }, { size: 9, root: bad }, []),
        `twice ${bad.length} bytes`,
      );
    }

    const extension = consistencyProof(4, 9, tree);
    t.ok(verifyConsistency(head(4), head(9), extension));
    t.ok(verifyConsistency(head(0), head(0), []), "two empty logs are one");
    t.notOk(verifyConsistency(head(0), head(9), []), "from an empty log nothing is proved");
    t.notOk(verifyConsistency(head(0), head(9), extension), "however long the proof");
    t.notOk(verifyConsistency({ size: 0, root: root(4) }, head(9), []), "nor from one with a root");
    t.notOk(verifyConsistency(head(9), head(4), extension), "backwards");
    t.notOk(verifyConsistency(head(4), head(4), extension), "a proof where none is due");
    t.notOk(verifyConsistency(head(4), head(9), []), "no proof where one is due");
    t.notOk(verifyConsistency(head(4), head(9), extension.slice(0, -1)), "a step too few");
    t.notOk(verifyConsistency(head(4), head(9), [...extension, leaf(0)]), "a step too many");
    for (const [i, step] of proof.entries())
      for (const bad of wrongLength(step))
        t.notOk(
          verifyInclusion(leaf(4), 4, 9, proof.with(i, bad), root(9)),
          `step ${i} of ${bad.length} bytes`,
        );
    for (const [i, step] of extension.entries())
      for (const bad of wrongLength(step))
        t.notOk(
          verifyConsistency(head(4), head(9), extension.with(i, bad)),
          `step ${i} of ${bad.length} bytes`,
        );
  },
);

t.test("an entry commits together with its owner's row, or not at all", async (t) => {
  const { db, log } = newLog();
  t.throws(() =>
    db.transaction(() => {
      log.append("released", { run: "a" });
      throw new Error("power cut");
    })(),
  );
  t.equal(log.size, 0);
  t.same(log.append("released", { run: "b" }).index, 0);
  t.equal([...log.entries()].length, 1);
  t.throws(() => db.exec("UPDATE log_entry SET kind = 'x'"), /append-only/);
  t.throws(() => db.exec("DELETE FROM log_entry"), /append-only/);
  db.close();
});

t.test(
  "an exported log replays to its signed head; any altered entry, order, head or key is noticed",
  async (t) => {
    const { db, log } = newLog();
    const positions = Array.from({ length: 21 }, (_, i) =>
      log.append("released", { run: `r${i}`, digest: `d${i}` }),
    );
    const lines = [...log.exportLines()];
    const verdict = verifyExport(lines, owner);
    t.match(verdict, { ok: true, size: 21 });
    t.ok(positions[7]?.root.equals(log.root(8)), "a position names the root at its own moment");
    const at = 5;
    const [entry] = log.entries(at);
    t.ok(entry && verifyInclusion(leafHash(leafOf(entry)), at, 21, log.inclusion(at), log.root()));
    t.ok(
      verifyConsistency({ size: 8, root: log.root(8) }, { size: 21, root: log.root() }, log.consistency(8)),
    );

    const tampered = (change: (lines: string[]) => void): unknown => {
      const copy = [...lines];
      change(copy);
      return verifyExport(copy, owner);
    };
    t.match(
      tampered((l) => (l[6] = (l[6] as string).replace("d5", "d6"))),
      { ok: false, problem: /altered/ },
    );
    t.match(
      tampered((l) => l.splice(6, 1)),
      { ok: false, problem: /20 entries/ },
    );
    t.match(
      tampered((l) => ([l[6], l[7]] = [l[7] as string, l[6] as string])),
      { ok: false, problem: /out of place/ },
    );
    t.match(
      tampered((l) => (l[0] = (l[0] as string).replace("21", "20"))),
      { ok: false, problem: /not signed/ },
    );
    const stranger = { ...owner, key: generateKeyPairSync("ed25519").publicKey };
    t.match(verifyExport(lines, stranger), { ok: false, problem: /not signed/ });
    db.close();
  },
);

t.test("a leaf tells that something happened and never what", async (t) => {
  const { db, log } = newLog();
  log.append("released", { run: "secret-run", people: 5 });
  log.append("released", { run: "secret-run", people: 5 });
  const [first, second] = [...log.entries()].map((entry) => leafOf(entry).toString());
  t.notMatch(first, /secret-run|people/);
  t.not(first?.split('"').at(-2), second?.split('"').at(-2), "the same body twice has two commitments");
  db.close();
});

t.test("a witness's line can be checked, and stands for exactly one note", async (t) => {
  const { db, log } = newLog();
  log.append("published", { version: 1 });
  const note = log.checkpoint();
  t.match(openCheckpoint(note, owner), { origin: owner.name, size: 1 });
  const witness = generateKeyPairSync("ed25519");
  const when = new Date("2026-11-23T10:00:00Z");
  const cosigned = cosign(note, { name: "officer", key: witness.privateKey }, when);
  t.same(cosignedAt(cosigned, { name: "officer", key: witness.publicKey }), when);
  t.match(openCheckpoint(cosigned, owner), { size: 1 }, "the owner's signature is still there");
  t.equal(cosignedAt(cosigned, { name: "officer", key: publicKey }), null);
  t.equal(cosignedAt(cosigned.replace(/\n1\n/, "\n2\n"), { name: "officer", key: witness.publicKey }), null);
  db.close();
});

t.test("a note is read strictly, and a bad signature of a known key refuses it whole", async (t) => {
  const { db, log } = newLog();
  log.append("published", { version: 1 });
  const note = log.checkpoint();
  const signature = note.split("\n").at(-2) as string;
  const [, , base64 = ""] = signature.split(" ");
  const resigned = (change: (text: string) => string): string => {
    const text = change(note.slice(0, note.indexOf("\n\n") + 1));
    const id = Buffer.from(base64, "base64").subarray(0, 4);
    const blob = Buffer.concat([id, sign(null, Buffer.from(text), privateKey)]);
    return `${text}\n\u2014 ${owner.name} ${blob.toString("base64")}\n`;
  };
  t.match(openCheckpoint(resigned(String), owner), { size: 1 }, "so it is signed");
  const root = log.root().toString("base64");
  const bad: Record<string, string> = {
    "a root of 31 bytes": resigned((text) => text.replace(root, log.root().subarray(1).toString("base64"))),
    "a root of 33 bytes": resigned((text) => text.replace(root, Buffer.alloc(33).toString("base64"))),
    "a root without its padding": resigned((text) => text.replace("=\n", "\n")),
    "a root that is not the shortest way to write it": resigned((text) => text.replace(root, nudged(root))),
    "a size with a nought before it": resigned((text) => text.replace("\n1\n", "\n01\n")),
    "a size of 2^53": resigned((text) => text.replace("\n1\n", `\n${2 ** 53}\n`)),
    "a size that is none": resigned((text) => text.replace("\n1\n", "\n-1\n")),
    "a control character": resigned((text) => text.replace("\n1\n", "\u001b\n1\n")),
    "a carriage return": resigned((text) => text.replace("\n1\n", "\r\n1\n")),
    "another line": resigned((text) => `${text}and more\n`),
    "a line too few": resigned((text) => text.split("\n").slice(1).join("\n")),
    "text after it": `${note}and more\n`,
    "no newline at its end": note.slice(0, -1),
    "a signature that is no base64": note.replace(base64, `${base64}*`),
    "no signature": note.slice(0, note.indexOf("\n\n") + 2),
    nothing: "",
  };
  for (const [label, text] of Object.entries(bad)) t.equal(openCheckpoint(text, owner), null, label);

  const blob = Buffer.from(base64, "base64");
  blob[40] = (blob[40] as number) ^ 1;
  const badLine = `\u2014 ${owner.name} ${blob.toString("base64")}\n`;
  t.equal(openCheckpoint(note + badLine, owner), null, "a bad signature beside a good one");
  const stranger = generateKeyPairSync("ed25519").privateKey;
  const other = cosign(note, { name: "somebody", key: stranger }, new Date());
  t.match(openCheckpoint(other, owner), { size: 1 }, "what a stranger adds does no harm");
  const witness = generateKeyPairSync("ed25519");
  const good = cosign(note, { name: "officer", key: witness.privateKey }, new Date(0));
  const line = good.split("\n").at(-2) as string;
  const spoilt = Buffer.from(line.split(" ")[2] as string, "base64");
  spoilt[70] = (spoilt[70] as number) ^ 1;
  const both = `${good}\u2014 officer ${spoilt.toString("base64")}\n`;
  t.equal(cosignedAt(both, { name: "officer", key: witness.publicKey }), null, "of a witness too");
  db.close();
});

/** The same bytes in base64, with bits set that no byte takes. */
function nudged(base64: string): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const last = alphabet.indexOf(base64.at(-2) as string);
  return `${base64.slice(0, -2)}${alphabet[last + 1]}=`;
}

t.test("a log that is over stays as it was, and the next one begins with its last checkpoint", async (t) => {
  const { db, log } = newLog();
  for (let i = 0; i < 5; i++) log.append("released", { run: `r${i}` });
  const [size, root] = [log.size, log.root()];
  const first = ({ origin, size, root }: Checkpoint) => ({
    kind: "log-continues",
    body: { old_origin: origin, size, root: root.toString("hex") },
  });
  t.throws(() => log.continueAs(owner.name, first), /needs a new name/);
  const { index } = log.continueAs(`${owner.name}/2`, first);
  t.same(placeOf(index), { number: 1, position: 0 });
  t.equal(log.origin, `${owner.name}/2`);
  t.equal(log.size, 1);
  t.match(
    [...log.entries()],
    [{ kind: "log-continues", body: { old_origin: owner.name, size, root: root.toString("hex") } }],
  );
  log.append("released", { run: "r9" });
  t.throws(() => db.exec("UPDATE log_entry_0 SET kind = 'x'"), /append-only/);
  t.throws(() => db.exec("DELETE FROM log_entry_0"), /append-only/);
  t.throws(() => db.exec("INSERT INTO log_entry_0 VALUES (99, '', '', '', x'')"), /over/);
  t.throws(() => db.exec("DELETE FROM log_entry"), /append-only/);
  const lines = [...log.exportLines()];
  t.match(verifyExport(lines, { ...owner, name: `${owner.name}/2` }), { ok: true, size: 2 });
  const altered = lines.map((line) => line.replace('"r3"', '"r4"'));
  t.match(verifyExport(altered, { ...owner, name: `${owner.name}/2` }), { ok: false, problem: /altered/ });
  const beside = AuditLog.open(db, { origin: owner.name, key: privateKey });
  t.equal(beside.origin, `${owner.name}/2`, "whoever opens it goes on with the new one");
  log.continueAs(`${owner.name}/3`, first);
  t.match(verifyExport(log.exportLines(), { ...owner, name: `${owner.name}/3` }), { ok: true, size: 1 });
  db.close();
});

t.test("every root that a log ever had is known from one pass over its entries", async (t) => {
  const { db, log } = newLog();
  for (let i = 0; i < 37; i++) log.append("released", { run: `r${i}` });
  const replayed = new ReplayedLog([...log.entries()]);
  for (let size = 0; size <= 37; size++) t.ok(replayed.rootAt(size).equals(log.root(size)), `size ${size}`);
  t.throws(() => replayed.rootAt(38), RangeError);
  db.close();
});

t.test("an export says when it was made, under the owner's signature", async (t) => {
  const { db, log } = newLog();
  log.append("released", { run: "a" });
  const lines = [...log.exportLines()];
  t.match(verifyExport(lines, owner), { ok: true, signedAt: new Date("2026-01-01T00:00:01.000Z") });
  const moved = lines.map((line) => line.replace("00:00:01", "00:00:02"));
  t.match(verifyExport(moved, owner), { ok: false }, "nobody else can move that");
  db.close();
});
