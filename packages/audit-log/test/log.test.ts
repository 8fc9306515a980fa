import { generateKeyPairSync } from "node:crypto";
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
  verifyConsistency,
  verifyExport,
  verifyInclusion,
} from "@cairn/audit-log";
import { openDatabase } from "@cairn/sqlite";
import {
  consistencyProof,
  inclusionProof,
  leafHash,
  nodeHash,
  rootHash,
  type SubtreeHash,
} from "../src/merkle.js";
import { leafOf } from "../src/entry.js";

/** The test tree of the Certificate Transparency project: inputs and the roots of its first 1 to 8 leaves. */
const LEAVES = [
  "",
  "00",
  "10",
  "2021",
  "3031",
  "40414243",
  "5051525354555657",
  "606162636465666768696a6b6c6d6e6f",
];
const ROOTS = [
  "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
  "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
  "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
  "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
  "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
  "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
  "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
  "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

function treeOf(leaves: readonly Buffer[]): SubtreeHash {
  return function subtree(level, position): Buffer {
    if (level === 0) return leafHash(leaves[position] as Buffer);
    return nodeHash(subtree(level - 1, 2 * position), subtree(level - 1, 2 * position + 1));
  };
}

t.test("roots agree with the published test tree of RFC 6962 logs", async (t) => {
  const tree = treeOf(LEAVES.map((hex) => Buffer.from(hex, "hex")));
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
        verifyConsistency(from, head(size), extension) &&
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
