/**
 * The 196 published vectors for verifiers of Merkle proofs, 98 of inclusion and 98 of consistency (transparency-dev/merkle,
 * `testdata`). They are made here by the rules that they were made by: five proofs of each kind over the test tree,
 * each whole and damaged in every way, and small trees of which nothing can be proved.
 */
import t from "tap";
import { verifyConsistency, verifyInclusion } from "@cairn/audit-log";
import { consistencyProof, inclusionProof, leafHash } from "../src/merkle.js";
import { LEAVES, ROOTS, treeOf } from "./fixtures/test-tree.js";

type Proof = readonly Uint8Array[];
/** A proof, damaged or whole; what was done to it; whether it holds. */
type Vector<Claim> = readonly [what: string, claim: Claim, holds: boolean];
type Inclusion = { leaf: Uint8Array; index: number; size: number; proof: Proof; root: Uint8Array };
type Head = { size: number; root: Uint8Array };
type Consistency = { from: Head; to: Head; proof: Proof };

const bytes = (hex: string): Buffer => Buffer.from(hex, "hex");
const rootOf = (size: number): Buffer => bytes(ROOTS[size - 1] as string);
const tree = treeOf(LEAVES);

const NOTHING = Buffer.alloc(0);
const EMPTY = bytes("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
const SOME = bytes("abacaba000000000000000000000000000000000000000000060061e00123456");
const OTHER = bytes("0bacaba000000000000000000000000000000000000000000060061e00123456");
const SHORT = Buffer.from("WrongHash");

/** The proofs that the published vectors begin with, by the entry or older size and the size, in hexadecimal. */
const N = {
  leaf1: "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
  leaf4: "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
  leaf6: "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f",
  from2: "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
  from4: "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
  both45: "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
  both67: "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
};
const [first, two, , four] = ROOTS as [string, string, string, string];
const INCLUDED: [entry: number, size: number, proof: string[]][] = [
  [1, 1, []],
  [1, 8, [N.leaf1, N.from2, N.from4]],
  [6, 8, [N.leaf4, N.both67, four]],
  [3, 3, [two]],
  [2, 5, [first, N.from2, N.leaf4]],
];
const EXTENDED: [from: number, to: number, proof: string[]][] = [
  [1, 1, []],
  [1, 8, [N.leaf1, N.from2, N.from4]],
  [6, 8, [N.both45, N.both67, four]],
  [2, 5, [N.from2, N.leaf4]],
  [6, 7, [N.both45, N.leaf6, four]],
];

/** Each of a proof's steps with one bit of its first byte turned over. */
function turned(proof: Proof, bit: number): [what: string, proof: Proof][] {
  return proof.map((step, i) => {
    const wrong = Buffer.from(step);
    wrong[0] = (wrong[0] as number) ^ (1 << bit);
    return [`step ${i} with bit ${bit} turned`, proof.with(i, wrong)];
  });
}

function* damagedInclusions(whole: Inclusion): Generator<[string, Inclusion]> {
  const { index, size, proof, root } = whole;
  for (const other of [index - 1, index + 1, index ^ 2]) yield [`at ${other}`, { ...whole, index: other }];
  for (const other of [size * 2, Math.floor(size / 2)]) yield [`of ${other}`, { ...whole, size: other }];
  yield ["another leaf", { ...whole, leaf: SHORT }];
  for (const other of [EMPTY, SOME]) yield [`another root`, { ...whole, root: other }];
  for (const step of [NOTHING, root]) {
    yield [`${step.length} bytes behind`, { ...whole, proof: [...proof, step] }];
    yield [`${step.length} bytes before`, { ...whole, proof: [step, ...proof] }];
  }
  for (const [what, wrong] of turned(proof, 3)) yield [what, { ...whole, proof: wrong }];
  if (proof.length > 0) yield ["the last step away", { ...whole, proof: proof.slice(0, -1) }];
  if (proof.length > 1)
    yield ["a step between", { ...whole, proof: [proof[0] as Uint8Array, SOME, ...proof.slice(1)] }];
}

function* damagedConsistencies(whole: Consistency): Generator<[string, Consistency]> {
  const { from, to, proof } = whole;
  for (const size of [from.size - 1, from.size + 1, from.size ^ 2])
    yield [`from ${size}`, { ...whole, from: { ...from, size } }];
  for (const size of [to.size * 2, Math.floor(to.size / 2)])
    yield [`to ${size}`, { ...whole, to: { ...to, size } }];
  yield ["another older root", { ...whole, from: { ...from, root: SHORT } }];
  yield ["another newer root", { ...whole, to: { ...to, root: SHORT } }];
  yield ["the roots exchanged", { from: { ...from, root: to.root }, to: { ...to, root: from.root }, proof }];
  yield ["no proof", { ...whole, proof: [] }];
  for (const step of [NOTHING, from.root, to.root]) {
    yield [`${step.length} bytes behind`, { ...whole, proof: [...proof, step] }];
    yield [`${step.length} bytes before`, { ...whole, proof: [step, ...proof] }];
  }
  yield ["the first step twice", { ...whole, proof: [proof[0] as Uint8Array, ...proof] }];
  yield ["the last step away", { ...whole, proof: proof.slice(0, -1) }];
  for (const [what, wrong] of turned(proof, 4)) yield [what, { ...whole, proof: wrong }];
}

function* inclusions(): Generator<Vector<Inclusion>> {
  for (const [entry, size, steps] of INCLUDED) {
    const leaf = leafHash(LEAVES[entry - 1] as Buffer);
    const whole = { leaf, index: entry - 1, size, proof: steps.map(bytes), root: rootOf(size) };
    yield [`entry ${entry} of ${size}`, whole, true];
    for (const [what, damaged] of damagedInclusions(whole))
      yield [`entry ${entry} of ${size}, ${what}`, damaged, false];
  }
  const one = leafHash(Buffer.from("data"));
  for (const leaf of [one, NOTHING])
    for (const root of [one, NOTHING]) {
      const lengths = `a leaf of ${leaf.length} bytes, a root of ${root.length}`;
      yield [
        `the only entry: ${lengths}`,
        { leaf, index: 0, size: 1, proof: [], root },
        leaf === root && leaf === one,
      ];
    }
  for (const [index, size] of [
    [0, 0],
    [0, 1],
    [1, 0],
    [2, 1],
  ] as const)
    // prettier-ignore
    for (const [leaf, root] of [[SOME, NOTHING], [NOTHING, EMPTY], [SOME, EMPTY]] as const) // prettier-ignore
      yield [
        `${index} of ${size}: a leaf of ${leaf.length} bytes, a root of ${root.length}`,
        { leaf, index, size, proof: [], root },
        false,
      ];
}

function* consistencies(): Generator<Vector<Consistency>> {
  for (const [older, newer, steps] of EXTENDED) {
    const from = { size: older, root: rootOf(older) };
    const to = { size: newer, root: rootOf(newer) };
    const whole = { from, to, proof: steps.map(bytes) };
    yield [`from ${older} to ${newer}`, whole, true];
    if (steps.length === 0) continue;
    for (const [what, damaged] of damagedConsistencies(whole))
      yield [`from ${older} to ${newer}, ${what}`, damaged, false];
  }
  const small: [from: number, to: number, older: Buffer, newer: Buffer, proof: Proof, holds: boolean][] = [
    [0, 0, SOME, OTHER, [], false],
    [1, 1, SOME, OTHER, [], false],
    [0, 0, SOME, SOME, [], true],
    [0, 1, SOME, OTHER, [], false],
    [1, 1, OTHER, OTHER, [], true],
    [1, 0, SOME, OTHER, [], false],
    [2, 1, SOME, OTHER, [], false],
    [1, 2, SOME, OTHER, [], false],
    [0, 0, EMPTY, OTHER, [], false],
    [1, 1, EMPTY, OTHER, [], false],
    [0, 1, EMPTY, EMPTY, [], false],
    [0, 0, EMPTY, EMPTY, [EMPTY], false],
    [0, 1, EMPTY, EMPTY, [EMPTY], false],
    [1, 1, EMPTY, EMPTY, [EMPTY], false],
  ];
  for (const [from, to, older, newer, proof, holds] of small) {
    const claim = { from: { size: from, root: older }, to: { size: to, root: newer }, proof };
    yield [`from ${from} to ${to}, small, ${proof.length} steps`, claim, holds];
  }
}

t.test("the proofs that we make are the published ones", async (t) => {
  for (const [entry, size, steps] of INCLUDED)
    t.same(inclusionProof(entry - 1, size, tree), steps.map(bytes), `entry ${entry} of ${size}`);
  for (const [from, to, steps] of EXTENDED)
    t.same(consistencyProof(from, to, tree), steps.map(bytes), `from ${from} to ${to}`);
});

t.test("each of the 98 vectors of inclusion is decided as published", async (t) => {
  const vectors = [...inclusions()];
  t.equal(vectors.length, 98);
  for (const [what, { leaf, index, size, proof, root }, holds] of vectors)
    t.equal(verifyInclusion(leaf, index, size, proof, root), holds, what);
});

t.test("each of the 98 vectors of consistency is decided as published", async (t) => {
  const vectors = [...consistencies()];
  t.equal(vectors.length, 98);
  for (const [what, { from, to, proof }, holds] of vectors)
    t.equal(verifyConsistency(from, to, proof), holds, what);
});
