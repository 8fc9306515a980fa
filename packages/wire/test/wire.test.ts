import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import protobuf from "protobufjs";
import t from "tap";
import {
  carriedAt,
  decodeRelease,
  encodeRelease,
  fingerprint,
  makeJoinCode,
  parseJoinCode,
  publicKeyFromRaw,
  rawPublicKey,
  OptOuts,
  RecordBasis,
  releaseDigest,
  signReceipt,
  signRelease,
  signUse,
  UnreachableError,
  verifyReceipt,
  verifySignedRelease,
  verifyUse,
  WireRefusal,
  type KeeperHandlers,
} from "@cairn/wire";
import { connectKeeper, serveKeeper } from "@cairn/wire/grpc";

const codes = { denominator: [0, 1, 81], numerator: [0, 1, 11], carried: [] };

t.test("a release survives its bytes, and withheld, zero and a number stay three things", async (t) => {
  const back = decodeRelease(encodeRelease(codes), 3);
  t.same(back, codes);
  t.same(back.denominator, [0, 1, 81], "withheld is 0, zero is 1, eighty is 81");
});

t.test("the two counts of a cell can be carried from different periods", async (t) => {
  const ago = (carried: number[], position: number): number[] => {
    const back = decodeRelease(encodeRelease({ ...codes, carried }), 3);
    return (["denominator", "numerator"] as const).map((side) => carriedAt(back, position, side));
  };
  t.same(ago([], 2), [0, 0]);
  t.same(ago([0, 0, 4], 2), [4, 4], "one mark for both");
  t.same(ago([0, 0, 4, 0, 0, 1], 2), [4, 1], "denominators first, then numerators");
  for (const length of [1, 4, 5, 7])
    t.throws(() => decodeRelease(encodeRelease({ ...codes, carried: Array<number>(length).fill(1) }), 3), {
      code: "release-malformed",
    });
});

t.test("the second gate refuses anything that is not exactly integers by position", async (t) => {
  const bytes = encodeRelease(codes);
  const withText = Buffer.concat([bytes, Buffer.from([0x22, 3, 0x41, 0x42, 0x43])]); // field 4, "ABC"
  const refused = (b: Uint8Array, cells: number, words: string): unknown =>
    t.throws(() => decodeRelease(b, cells), { code: words }, words);
  refused(withText, 3, "release-malformed");
  refused(bytes, 4, "release-malformed");
  refused(bytes.subarray(0, bytes.length - 1), 3, "release-malformed");
  refused(Buffer.from([0x0a, 0x02, 0x81, 0x00, 0x12, 0x01, 0x01]), 1, "release-malformed"); // an overlong varint
  refused(Buffer.alloc(1024 * 1024 + 1), 3, "release-too-large");
  t.throws(() => decodeRelease(encodeRelease({ ...codes, carried: [1] }), 3), { code: "release-malformed" });
});

t.test("releases that were signed before verify, whatever they say of opt-outs", async (t) => {
  const key = Buffer.from("6kpsY+KcUgq+9VB7Ey7F+ZVHdq6+vnuSQh7qaRRG0iw=", "base64");
  const release = {
    run: "r1",
    release: Buffer.from("CgIVABICEAA=", "base64"),
    queryDigest: Buffer.alloc(32, 1),
    libraryDigest: Buffer.alloc(32, 2),
    referenceDate: "2026-09-30",
    policy: { k: 8, base: 5, midpoint: 0 },
    logIndex: 4,
    logSize: 5,
    logRoot: Buffer.alloc(32, 3),
    recordBasis: RecordBasis.RECORD_BASIS_REGISTRATIONS,
    correction: 0,
  };
  const recorded = {
    OPT_OUTS_COUNTED:
      "VFhJfBu8JS68CuR2biT7kiclyEncD7exqrC4cR2AYPNTCXL7VrFTbRDxhHEx60f4B7Zk45ajTBzqyqyWhYHeBg==",
    OPT_OUTS_LEFT_OUT:
      "kW4QMTHt+BLWa1tREmEo9P0uWtXn6KdjBAHvcXYaOrrLwLkaaRZQ1b+W7zHF0oB/YP2OvzC6IVLFqw0ZSxYdAA==",
    OPT_OUTS_COUNTED_BY_CHOICE:
      "2Lcj7gSiqgEgSv5E8wJDOQziusQl3vKS1RiIg1nohusMTj/XJ7tYW2OGC0B6dYFtvaj54Vm+9PpdjNBbHQitCA==",
  } as const;
  t.same(Object.keys(recorded), Object.keys(OptOuts), "in the order of their numbers, which stores hold");
  for (const [optOuts, signature] of Object.entries(recorded)) {
    const said = { ...release, optOuts: optOuts as keyof typeof recorded };
    t.ok(verifySignedRelease({ ...said, signature: Buffer.from(signature, "base64") }, key), optOuts);
  }
});

t.test("a signature covers every field of a release and of a receipt", async (t) => {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const raw = rawPublicKey(publicKey);
  t.equal(raw.length, 32);
  t.ok(publicKeyFromRaw(raw).equals(publicKey));
  const release = signRelease(
    {
      run: "r1",
      release: encodeRelease(codes),
      queryDigest: Buffer.alloc(32, 1),
      libraryDigest: Buffer.alloc(32, 2),
      referenceDate: "2026-09-30",
      policy: { k: 8, base: 5, midpoint: 0 },
      logIndex: 4,
      logSize: 5,
      logRoot: Buffer.alloc(32, 3),
      recordBasis: RecordBasis.RECORD_BASIS_REGISTRATIONS,
      correction: 0,
      optOuts: "OPT_OUTS_LEFT_OUT",
    },
    privateKey,
  );
  t.ok(verifySignedRelease(release, raw));
  const altered = {
    run: "r2",
    release: encodeRelease({ ...codes, numerator: [0, 1, 12] }),
    queryDigest: Buffer.alloc(32, 9),
    libraryDigest: Buffer.alloc(32, 9),
    referenceDate: "2026-06-30",
    policy: { k: 5, base: 5, midpoint: 0 },
    logIndex: 5,
    logSize: 6,
    logRoot: Buffer.alloc(32, 9),
    recordBasis: RecordBasis.RECORD_BASIS_BIRTH,
    correction: 1,
    optOuts: "OPT_OUTS_COUNTED",
  };
  for (const [field, value] of Object.entries(altered)) {
    t.notOk(verifySignedRelease({ ...release, [field]: value }, raw), `an altered ${field} is noticed`);
  }
  for (const optOuts of Object.values(OptOuts)) {
    const alike = signRelease({ ...release, optOuts }, privateKey);
    for (const other of Object.values(OptOuts))
      t.equal(
        verifySignedRelease({ ...alike, optOuts: other }, raw),
        other === optOuts,
        `${optOuts} as ${other}`,
      );
  }
  const receipt = signReceipt(
    {
      run: "r1",
      releaseDigest: releaseDigest(release.release),
      hubLogIndex: 7,
      withdrawn: false,
      correction: 0,
      group: "",
    },
    privateKey,
  );
  t.ok(verifyReceipt(receipt, raw));
  t.notOk(verifyReceipt({ ...receipt, withdrawn: true }, raw));
  t.notOk(verifyReceipt({ ...receipt, hubLogIndex: 8 }, raw));
  t.notOk(verifyReceipt({ ...receipt, withdrawn: true }, raw));
  t.notOk(verifyReceipt({ ...receipt, correction: 1 }, raw));
  t.notOk(verifyReceipt({ ...receipt, group: "north" }, raw));
});

t.test("a use is its group's alone, and its end is another word than its beginning", (t) => {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  const key = rawPublicKey(publicKey);
  const use = signUse(
    {
      run: "r1",
      correction: 0,
      releaseDigest: Buffer.alloc(32, 1),
      group: "north",
      charterDigest: Buffer.alloc(0),
      ended: false,
      logIndex: 3,
      logSize: 4,
      logRoot: Buffer.alloc(32, 2),
    },
    privateKey,
  );
  t.ok(verifyUse(use, key));
  for (const altered of [
    { run: "r2" },
    { correction: 1 },
    { releaseDigest: Buffer.alloc(32, 3) },
    { group: "board" },
    { charterDigest: Buffer.alloc(32) },
    { ended: true },
    { logIndex: 4 },
    { logSize: 5 },
    { logRoot: Buffer.alloc(32) },
  ])
    t.notOk(verifyUse({ ...use, ...altered }, key), `an altered ${Object.keys(altered)[0]} is noticed`);
  t.end();
});

t.test("a join code comes back whole, and a mistyped one is named", async (t) => {
  const code = {
    secret: Buffer.alloc(16, 1),
    caDigest: Buffer.alloc(32, 2),
    rootDigest: Buffer.alloc(32, 3),
  };
  const text = makeJoinCode(code);
  t.same(parseJoinCode(` ${text}\n`), code);
  t.throws(() => parseJoinCode(text.slice(0, -2)), { code: "join-code-unknown", kind: "refused" });
  t.throws(() => parseJoinCode(text.replace(/.$/, (c) => (c === "A" ? "B" : "A"))), {
    code: "join-code-unknown",
  });
  t.match(
    fingerprint(Buffer.from("a"), Buffer.from("b"), Buffer.from("c")),
    /^([0-9A-F]{4}-){4}[0-9A-F]{4}$/,
  );
});

t.test("a refusal crosses the wire as itself; a fault of the server tells no detail", async (t) => {
  const socket = join(mkdtempSync(join(tmpdir(), "cairn-wire-")), "keeper.sock");
  const handlers = {
    takeRelease: async () => {
      throw new WireRefusal("paused", "the practice has paused: nothing leaves until it resumes");
    },
    describe: async () => {
      throw new Error("patient 123 broke it");
    },
    waitForChanges: async (_request: unknown, context: { signal: AbortSignal }) => {
      await new Promise((resolve) => context.signal.addEventListener("abort", resolve));
      return {};
    },
  } as unknown as KeeperHandlers;
  const server = await serveKeeper(socket, handlers);
  const keeper = connectKeeper(socket);
  t.teardown(() => {
    keeper.close();
    return server.stop(0);
  });
  await t.rejects(keeper.takeRelease({ run: "r" }), { name: "WireRefusal", code: "paused", kind: "refused" });
  const fault = await keeper.describe({}).catch((e: unknown) => e as WireRefusal);
  t.match(fault, { name: "WireRefusal", code: "internal" });
  t.notMatch((fault as Error).message, /123/);
  await t.rejects(keeper.waitForChanges({}, { deadlineMs: 200 }), {
    name: "UnreachableError",
    code: "deadline",
  });
  const nobody = connectKeeper(`${socket}-not-there`);
  t.teardown(() => nobody.close());
  const error = await nobody.describe({}, { deadlineMs: 2000 }).catch((e: unknown) => e);
  t.ok(error instanceof UnreachableError);
});

t.test("the schema of Release has room for packed integers and nothing else", async (t) => {
  const root = new protobuf.Root();
  root.resolvePath = (_o, target) => new URL(`../../../proto/${target}`, import.meta.url).pathname;
  root.loadSync("cairn/v1/release.proto");
  const fields = root.lookupType("cairn.v1.Release").fieldsArray;
  t.ok(fields.length > 0);
  for (const field of fields) {
    t.equal(field.type, "uint32", `${field.name} is an integer`);
    t.ok(field.repeated, `${field.name} is by position`);
  }
});
