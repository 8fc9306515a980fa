import { fileURLToPath } from "node:url";
import protobuf from "protobufjs";
import t from "tap";

const protos = fileURLToPath(new URL("../../proto/", import.meta.url));

function schema(change: (text: protobuf.Root) => void = () => undefined): protobuf.Root {
  const root = new protobuf.Root();
  root.resolvePath = (_origin, target) => `${protos}${target}`;
  root.loadSync("cairn/v1/release.proto");
  change(root);
  return root;
}

const INTEGERS = new Set(["uint32", "uint64", "sint32", "sint64", "int32", "int64", "fixed32", "fixed64"]);

/** What a Release could say beside integers: its fields that are anything else, at any depth. */
function notIntegers(root: protobuf.Root): string[] {
  const release = root.lookupType("cairn.v1.Release");
  return release.fieldsArray
    .filter((field) => !INTEGERS.has(field.type) || field.map)
    .map((field) => field.name);
}

t.test("a Release carries integers by position and nothing else", (t) => {
  t.same(notIntegers(schema()), []);
  const fields = schema().lookupType("cairn.v1.Release").fieldsArray;
  t.same(
    fields.map(({ name, type, repeated, id }) => ({ name, type, repeated, id })),
    [
      { name: "denominator", type: "uint32", repeated: true, id: 1 },
      { name: "numerator", type: "uint32", repeated: true, id: 2 },
      { name: "carried", type: "uint32", repeated: true, id: 3 },
    ],
    "a new field is a new way out: it is decided on here first",
  );
  t.end();
});

t.test("a text, bytes or floating field added to Release is noticed", (t) => {
  for (const type of ["string", "bytes", "float", "double", "PolicyIntegers"]) {
    const changed = schema((root) =>
      root.lookupType("cairn.v1.Release").add(new protobuf.Field("sneaked", 9, type)),
    );
    t.same(notIntegers(changed), ["sneaked"], type);
  }
  t.end();
});

t.test("what wraps a Release says who was asked what, and nothing that was read", (t) => {
  const wrapper = schema()
    .lookupType("cairn.v1.SignedRelease")
    .fieldsArray.map(({ name }) => name);
  t.same(wrapper.sort(), [
    "correction",
    "libraryDigest",
    "logIndex",
    "logRoot",
    "logSize",
    "optOuts", // an enumeration: whether people who opted out are in its counts
    "policy",
    "queryDigest",
    "recordBasis",
    "referenceDate",
    "release",
    "run",
    "signature",
  ]);
  t.end();
});

t.test("a use says which release a group may have, and nothing that was read", (t) => {
  const use = schema()
    .lookupType("cairn.v1.Use")
    .fieldsArray.map(({ name }) => name);
  t.same(use.sort(), [
    "charterDigest",
    "correction",
    "ended",
    "group",
    "logIndex",
    "logRoot",
    "logSize",
    "releaseDigest",
    "run",
    "signature",
  ]);
  t.end();
});
