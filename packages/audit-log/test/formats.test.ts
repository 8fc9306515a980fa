/** The C2SP texts that logs, witnesses and verifiers exchange: read strictly, and what is read is what is written. */
import { generateKeyPairSync } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import t from "tap";
import {
  cosign,
  printWitnessRequest,
  printEntryProof,
  proves,
  quorum,
  readWitnessRequest,
  readPolicy,
  readEntryProof,
  readVkey,
  vkeyOf,
  type NoteKey,
  type Policy,
} from "@cairn/audit-log";
import { inclusionProof, leafHash, nodeHash, rootHash, type SubtreeHash } from "../src/merkle.js";
import { signCheckpoint } from "../src/note.js";
import { rawKey } from "../src/vkey.js";

const keyCalled = (name: string): NoteKey => ({ name, key: generateKeyPairSync("ed25519").privateKey });
const hub = keyCalled("cairn-hub/hub.example");
const [ann, bob, cat, dan] = ["ann.example/w", "bob.example/w", "cat.example/w", "dan.example/w"].map(
  keyCalled,
) as [NoteKey, NoteKey, NoteKey, NoteKey];
const root = Buffer.alloc(32, 7);
const head = signCheckpoint({ origin: hub.name, size: 9, root }, hub);
const at = new Date("2026-06-01T12:00:00Z");
const signedBy = (...witnesses: NoteKey[]): string =>
  witnesses.reduce((note, who) => cosign(note, who, at), head);

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes));
const hashes = fc.array(hash, { maxLength: 63 });

/** The text with one byte changed; null where that is not UTF-8. */
function changed(text: string, place: number, by: number): string | null {
  const bytes = Buffer.from(text);
  const i = place % bytes.length;
  bytes[i] = (bytes[i] as number) ^ by;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

t.test(
  "a witness's request is read as it was written, and a changed byte as what it then says",
  async (t) => {
    const request = fc.record({
      old: fc.nat(9),
      proof: hashes,
      note: fc.constantFrom(head, signedBy(ann, bob)),
    });
    const cut = ({ old, proof, note }: { old: number; proof: Buffer[]; note: string }) => {
      return { old, proof: old === 0 ? [] : proof, note };
    };
    fc.assert(
      fc.property(request.map(cut), fc.nat(), fc.integer({ min: 1, max: 255 }), (said, place, by) => {
        const text = printWitnessRequest(said);
        const other = changed(text, place, by);
        const read = other === null ? null : readWitnessRequest(other);
        t.strictSame(readWitnessRequest(text), said);
        return read === null || printWitnessRequest(read) === other;
      }),
      { numRuns: 300 },
    );
  },
);

t.test("a request of another form is none", async (t) => {
  const text = printWitnessRequest({ old: 4, proof: [root, root], note: head });
  const line = `${root.toString("base64")}\n`;
  t.ok(readWitnessRequest(text));
  const others = {
    "an old size beyond the checkpoint's": text.replace("old 4", "old 10"),
    "an old size of 0 with a proof": text.replace("old 4", "old 0"),
    "a leading zero": text.replace("old 4", "old 04"),
    "a size of 2^53": printWitnessRequest({
      old: 2 ** 53,
      proof: [],
      note: head.replace("\n9\n", `\n${2 ** 53}\n`),
    }),
    "64 hashes": text.replace(line, line.repeat(63)),
    "a hash of 31 bytes": text.replace(line, `${Buffer.alloc(31).toString("base64")}\n`),
    "base64 without its padding": text.replace(line, line.replace("=", "")),
    "a carriage return": text.replace("old 4\n", "old 4\r\n"),
    "no empty line": text.replace("\n\n", "\n"),
    "no note": text.slice(0, text.indexOf("\n\n") + 2),
    "a tab in a name": text.replaceAll("hub.example", "hub\texample"),
  };
  for (const [what, other] of Object.entries(others)) t.equal(readWitnessRequest(other), null, what);
});

t.test("a proof file is read as it was written, and a changed byte as what it then says", async (t) => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 40 }).map((each) => Buffer.from(each));
  const file = fc.record(
    {
      ...{
        extra: fc.option(bytes),
        index: fc.nat(8),
        proof: hashes,
        note: fc.constantFrom(head, signedBy(ann)),
      },
    },
    { noNullPrototype: true },
  );
  fc.assert(
    fc.property(file, fc.nat(), fc.integer({ min: 1, max: 255 }), (said, place, by) => {
      const text = printEntryProof(said);
      const other = changed(text, place, by);
      const read = other === null ? null : readEntryProof(other);
      if (!isDeepStrictEqual(readEntryProof(text), said)) return false;
      return read === null || printEntryProof(read) === other;
    }),
    { numRuns: 300 },
  );
  const text = printEntryProof({ extra: null, index: 8, proof: [root], note: head });
  const others = {
    "an entry behind the checkpoint": text.replace("index 8", "index 9"),
    "another version": text.replace("@v1", "@v2"),
    "extra data that are none": text.replace("index", "extra \nindex"),
    "extra data twice": text.replace("index", "extra AAAA\nextra AAAA\nindex"),
    "no index": text.replace("index 8\n", ""),
  };
  for (const [what, other] of Object.entries(others)) t.equal(readEntryProof(other), null, what);
});

t.test("a proof file proves its entry, and no other", async (t) => {
  const leaves = Array.from({ length: 9 }, (_, i) => Buffer.from(`leaf ${i}`));
  const tree: SubtreeHash = (level, i) =>
    level === 0
      ? leafHash(leaves[i] as Buffer)
      : nodeHash(tree(level - 1, 2 * i), tree(level - 1, 2 * i + 1));
  const note = signCheckpoint({ origin: hub.name, size: 9, root: rootHash(9, tree) }, hub);
  const read = readEntryProof(
    printEntryProof({ extra: null, index: 4, proof: inclusionProof(4, 9, tree), note }),
  );
  t.ok(read && proves(read, leafHash(leaves[4] as Buffer)));
  t.notOk(read && proves(read, leafHash(leaves[5] as Buffer)));
  t.notOk(read && proves({ ...read, index: 5 }, leafHash(leaves[4] as Buffer)));
});

t.test("a key is read as it was written, for its own use only", async (t) => {
  // The key of the specification's own example.
  const published = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
  const peter = readVkey(published, "log");
  t.equal(peter && vkeyOf(peter, "log"), published);
  const text = vkeyOf(ann, "witness");
  const read = readVkey(text, "witness");
  t.ok(read?.name === ann.name && rawKey(read.key).equals(rawKey(ann.key)));
  t.equal(readVkey(text, "log"), null, "a witness's key signs no log");
  const others = Array.from({ length: text.length }, (_, i) => changed(text, i, 1) ?? "");
  t.ok(
    others.every((other) => readVkey(other, "witness") === null),
    "a changed byte",
  );
  t.equal(readVkey(text.toUpperCase(), "witness"), null);
});

const lines = {
  log: `log ${vkeyOf(hub, "log")} https://hub.example/`,
  witnesses: [ann, bob, cat, dan].map((key, i) => `witness ${"ABCD"[i]} ${vkeyOf(key, "witness")}`),
};
function policyOf(...last: string[]): Policy {
  const read = readPolicy(`${[lines.log, ...lines.witnesses, ...last].join("\n")}\n`);
  if (!read.ok) throw new Error(read.problem);
  return read.policy;
}

t.test("a quorum is reached by as many witnesses as its groups need, and says who is missing", async (t) => {
  const nested = policyOf(
    "# two of one house, and one of the other",
    "group X 2 A B C",
    "\tgroup all all X  D ",
    "quorum all",
  );
  t.match(quorum(nested, signedBy(ann, cat, dan)), {
    ok: true,
    by: ["A", "C", "D"],
    checkpoint: { size: 9 },
  });
  t.match(quorum(nested, signedBy(ann, cat)), { ok: false, why: "quorum-missing", missing: ["B", "D"] });
  t.match(quorum(nested, signedBy(ann, dan)), { ok: false, why: "quorum-missing", missing: ["B", "C"] });
  t.match(quorum(policyOf("group any any A B", "quorum any"), signedBy(bob)), { ok: true });
  t.match(quorum(policyOf("quorum D"), signedBy(ann)), { ok: false, missing: ["D"] });
  t.match(quorum(policyOf("quorum none"), head), { ok: true, by: [] });
  t.match(quorum(policyOf("quorum A"), signedBy(ann, ann)), { ok: true }, "twice is once");

  fc.assert(
    fc.property(fc.subarray([0, 1, 2, 3]), fc.integer({ min: 1, max: 4 }), (who, needed) => {
      const keys = [ann, bob, cat, dan].filter((_, i) => who.includes(i));
      return (
        quorum(policyOf(`group G ${needed} A B C D`, "quorum G"), signedBy(...keys)).ok ===
        who.length >= needed
      );
    }),
    { numRuns: 40 },
  );
});

t.test("a checkpoint counts only with good signatures of keys that the policy names", async (t) => {
  const policy = policyOf("quorum A");
  const stranger = keyCalled("stranger.example/w");
  t.match(quorum(policy, signedBy(stranger, ann)), { ok: true }, "an unknown signature counts for nothing");
  t.match(
    quorum(policy, signedBy(keyCalled(ann.name))),
    { ok: false, why: "quorum-missing" },
    "nor one of her name",
  );
  const forged = signedBy(ann).replace("\n9\n", "\n8\n");
  t.match(quorum(policy, forged), { ok: false, why: "signature-bad" });
  const note = signedBy(ann, bob);
  const [line = ""] = /\u2014 bob.*\n/.exec(note) ?? [];
  const bytes = Buffer.from(line.split(" ")[2] ?? "", "base64");
  bytes[40] = (bytes[40] as number) ^ 1;
  const bad = note.replace(line, `\u2014 ${bob.name} ${bytes.toString("base64")}\n`);
  t.match(quorum(policy, bad), { ok: false, why: "signature-bad" }, "also where she is not needed");
  const other = keyCalled("cairn-hub/other.example");
  const elsewhere = cosign(signCheckpoint({ origin: other.name, size: 9, root }, other), ann, at);
  t.match(quorum(policy, elsewhere), { ok: false, why: "log-unknown" });
  const borrowed = cosign(signCheckpoint({ origin: other.name, size: 9, root }, hub), ann, at);
  t.match(quorum(policy, borrowed), { ok: false, why: "log-unknown" }, "a log signs under its own name only");
  t.match(quorum(policy, "none"), { ok: false, why: "not-a-checkpoint" });
});

t.test("a policy of another form is refused with its line", async (t) => {
  const [a = "", b = ""] = lines.witnesses;
  const again = `witness Z ${vkeyOf(ann, "witness")}`;
  const others: Record<string, [string[], RegExp]> = {
    "no quorum": [[a], /no quorum line/],
    "two quorums": [[a, "quorum A", "quorum A"], /line 3: there is a quorum/],
    "a quorum of nobody": [[a, "quorum B"], /line 2: a quorum is none, or/],
    "a quorum before its witness": [["quorum A", a], /line 1/],
    "a quorum of two": [[a, b, "quorum A B"], /line 3/],
    "a log's key for a witness": [[`witness A ${vkeyOf(ann, "log")}`, "quorum A"], /no key of a witness/],
    "a witness's key for a log": [[`log ${vkeyOf(ann, "witness")}`, "quorum none"], /no key of a log/],
    "one key for two witnesses": [[a, again, "quorum A"], /line 2: the key of this witness is there twice/],
    "one log twice": [[lines.log, lines.log, "quorum none"], /line 2: the key of this log/],
    "one name twice": [[a, b.replace(" B ", " A "), "quorum A"], /the name A is taken/],
    "the name none": [[a.replace(" A ", " none "), "quorum none"], /the name none is taken/],
    "a group without members": [[a, "group G all", "quorum G"], /line 2: a group has members/],
    "a group of what comes later": [["group G any A", a, "quorum G"], /line 1: a group has members/],
    "none as a member": [[a, "group G any A none", "quorum G"], /line 2: a group has members/],
    "a member twice": [[a, "group G any A A", "quorum G"], /line 2: A is a member twice/],
    "a member of two groups": [
      [a, "group G any A", "group H any A", "quorum H"],
      /line 3: A is a member twice/,
    ],
    "more than it has": [[a, b, "group G 3 A B", "quorum G"], /from 1 to 2/],
    "a need of 0": [[a, b, "group G 0 A B", "quorum G"], /from 1 to 2/],
    "a need of 01": [[a, b, "group G 01 A B", "quorum G"], /from 1 to 2/],
    "another word": [[a, "Quorum A"], /line 2: "Quorum" is none of/],
    "words behind": [[`${a} https://a.example/ more`, "quorum A"], /line 1: a witness has/],
    "a carriage return": [[`${a}\r`, "quorum A"], /control character/],
    "a control character in a comment": [[a, "# \u0007", "quorum A"], /control character/],
    "too many lines": [[...Array.from({ length: 201 }, () => "x")], /is none of/],
  };
  for (const [what, [text, words]] of Object.entries(others))
    t.match(readPolicy(`${text.join("\n")}\n`), { ok: false, problem: words }, what);
  t.match(readPolicy(`${a}\nquorum A`), { ok: false, problem: /last line does not end/ });
  const many = Array.from(
    { length: 200 },
    (_, i) => `witness w${i} ${vkeyOf(keyCalled(`w${i}`), "witness")}`,
  );
  t.match(readPolicy(`${many.join("\n")}\nquorum w0\n`), { ok: false, problem: /line 201: more than 200/ });
});

t.test("a policy is read as it was written", async (t) => {
  const word = fc.stringMatching(/^[!-~\u00A1-\u024F]{1,12}$/).filter((each) => each !== "none");
  const blank = fc.constantFrom(" ", "\t", "  ", " \t");
  const keys = [ann, bob, cat, dan];
  const written = fc.record({
    names: fc.uniqueArray(word, { minLength: 4, maxLength: 4 }),
    ...{ group: word, count: fc.constantFrom("any", "all", "1", "3"), url: fc.option(word), gap: blank },
  });
  fc.assert(
    fc.property(written, ({ names, group, count, url, gap }) => {
      fc.pre(!names.includes(group));
      const said = [
        ["log", vkeyOf(hub, "log"), ...(url === null ? [] : [url])],
        ...names.map((name, i) => ["witness", name, vkeyOf(keys[i] as NoteKey, "witness")]),
        ["group", group, count, ...names],
        ["quorum", group],
      ];
      const read = readPolicy(said.map((items) => `${gap}${items.join(gap)}\n`).join(`${gap}#\n`));
      const needed = count === "any" ? 1 : count === "all" ? 4 : Number(count);
      t.match(read, {
        ok: true,
        policy: {
          logs: [{ name: hub.name, url }],
          witnesses: names.map((called, i) => ({ called, name: keys[i]?.name })),
          quorum: { called: group, needed, members: names.map((called) => ({ called })) },
        },
      });
    }),
    { numRuns: 60 },
  );
});
