/** H6: what a log tells can be read for ever, by the type by which it was written. */
import { readFileSync } from "node:fs";
import type { Entry, EntryBody } from "@cairn/audit-log";
import fc from "fast-check";
import t, { type Test } from "tap";
import { decodeHub, decodePractice, encode, entriesOf, hubLog, practiceLog, type Kind } from "@cairn/ledger";
import { OLD_SPELLING } from "../src/old-spelling.js";
import { NEWER_HUB, NEWER_PRACTICE, OLD_HUB, OLD_PRACTICE } from "./fixtures/old-entries.js";

const SIDES = [
  {
    whose: "practice",
    kinds: practiceLog,
    decode: decodePractice,
    old: OLD_PRACTICE,
    newer: NEWER_PRACTICE,
    spelling: OLD_SPELLING,
  },
  { whose: "hub", kinds: hubLog, decode: decodeHub, old: OLD_HUB, newer: NEWER_HUB, spelling: {} },
] as const;
const TIME = "2026-01-05T09:00:00.000Z";

function entry(kind: string, body: EntryBody): Entry {
  return { position: 3, time: TIME, kind, body, salt: "00".repeat(16) };
}

const line = fc.stringMatching(/^[a-z0-9 :'-]{0,20}$/);
const TYPES: Readonly<Record<string, fc.Arbitrary<EntryBody[string]>>> = {
  text: line,
  "whole number": fc.maxSafeNat(),
  "true or false": fc.boolean(),
  hex: fc.uint8Array({ maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString("hex")),
  time: fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  actor: fc.stringMatching(/^[A-Za-z]{1,10}( [A-Z][a-z]{1,9})?$/),
  "text or true or false": fc.oneof(line, fc.boolean()),
};

function facts({ fields }: Kind): fc.Arbitrary<Record<string, EntryBody[string]>> {
  return fc.record(
    Object.fromEntries(
      Object.entries(fields).map(([name, { type }]) => {
        const [, of, orNull] = /^(.*?)( or null)?$/.exec(type)!;
        return [name, orNull === undefined ? TYPES[of!]! : fc.option(TYPES[of!]!)];
      }),
    ),
  );
}

t.test("an entry of each kind is read as it was written", async (t) => {
  for (const { whose, kinds, decode } of SIDES)
    for (const kind of Object.values(kinds) as Kind[])
      fc.assert(
        fc.property(facts(kind), (written) => {
          const { kind: name, body } = encode(kind, written);
          const read = decode(entry(name, JSON.parse(JSON.stringify(body)) as EntryBody));
          t.same(
            { ...read },
            { kind: name, v: 1, position: 3, time: TIME, at: Date.parse(TIME), body },
            whose,
            {
              diagnostic: false,
            },
          );
          return true;
        }),
        { numRuns: 20 },
      );
});

t.test("what is of no field's type is never written", async (t) => {
  const paused = (by: unknown) => () => encode(practiceLog.paused, { by } as never);
  for (const by of [undefined, null, "", " Ann", "Ann\nBob", "x".repeat(101), 7])
    t.throws(paused(by), { name: "TypeError", message: /paused.*its by is no actor/ }, String(by));
  t.same(paused("Dr Fell")(), { kind: "paused", body: { v: 1, by: "Dr Fell" } });
});

t.test("entries that earlier versions wrote are read, each kind as it was spelt then", async (t) => {
  for (const { whose, kinds, decode, old, newer, spelling } of SIDES) {
    t.same(
      [...old.map(([kind]) => kind), ...newer].sort(),
      Object.values(kinds)
        .map(({ kind }) => kind)
        .sort(),
      whose,
    );
    for (const [kind, ...bodies] of old)
      for (const body of bodies) {
        const read = decode(entry(kind, body));
        if (read.kind === null) t.fail(`${whose}: ${read.words}`);
        else {
          t.equal(read.v, 0);
          const names = new Map(Object.entries(spelling).map(([now, then]) => [then, now]));
          const said = Object.fromEntries(
            Object.entries(body).map(([name, fact]) => [names.get(name) ?? name, fact]),
          );
          const one = (Object.values(kinds) as Kind[]).find((each) => each.kind === kind)!;
          t.same(read.body, { ...one.absent, ...said }, `${whose}: ${kind}`);
        }
      }
  }
});

t.test("what is no entry of this version is named, and never a crash", async (t) => {
  const declined = { v: 1, query: "bp-control", group: null, by: "Dr Fell" };
  const { by: _by, ...unnamed } = declined;
  const faults: [string, string, EntryBody, RegExp][] = [
    ["kind-unknown", "query-praised", declined, /no kind "query-praised"/],
    ["kind-unknown", "__proto__", declined, /no kind "__proto__"/],
    ["version-unknown", "query-declined", { ...declined, v: 2 }, /version 2/],
    ["version-unknown", "query-declined", { ...declined, v: "1" }, /version "1"/],
    ["version-unknown", "query-declined", { ...declined, v: 0 }, /version 0/],
    ["field-missing", "query-declined", unnamed, /query-declined without by/],
    ["field-wrong", "query-declined", { ...declined, query: 7 }, /whose query is no text/],
    ["field-wrong", "query-declined", { ...declined, by: null }, /whose by is no actor/],
    ["field-unknown", "query-declined", { ...declined, why: "x" }, /a field that this version does not know/],
    ["field-missing", "withdrawal-receipt", { run: "r1", digest: "" }, /without hub_log_index/],
    [
      "field-wrong",
      "receipt",
      { run: "r1", digest: "", hubLogIndex: "7" },
      /hub_log_index is no whole number/,
    ],
  ];
  for (const [fault, kind, body, words] of faults)
    t.match(
      decodePractice(entry(kind, body)),
      { kind: null, position: 3, fault, words },
      `${fault}: ${kind}`,
    );
  const anything = fc.dictionary(line, fc.oneof(line, fc.integer(), fc.boolean(), fc.constant(null)));
  const names = fc.oneof(line, ...Object.values(practiceLog).map(({ kind }) => fc.constant(kind)));
  fc.assert(
    fc.property(names, anything, (kind, body) => {
      decodePractice(entry(kind, body));
      decodeHub(entry(kind, { ...body, v: 1 }));
    }),
  );
});

t.test("the entries of one kind are found among others", async (t) => {
  const entries = [
    entry("paused", {}),
    entry("resumed", {}),
    entry("paused", { v: 2 }),
    entry("paused", { by: "x" }),
  ];
  t.match(
    [...entriesOf(entries, decodePractice, practiceLog.paused)],
    [{ body: { by: null } }, { body: { by: "x" } }],
  );
});

t.test("the readme lists every kind with its fields", async (t) => {
  const readme = readFileSync(new URL("../README.md", import.meta.url), "utf8");
  for (const { whose, kinds } of SIDES) tableHolds(t, readme, whose, Object.values(kinds));
});

function tableHolds(t: Test, readme: string, whose: string, kinds: readonly Kind[]): void {
  const section = readme.split(`## Entries of a ${whose}'s log\n`)[1]?.split("\n## ")[0] ?? "";
  const rows = [...section.matchAll(/^\| `([a-z-]+)` +\| (.*?) *\|$/gm)].map(([, kind, fields]) => [
    kind,
    fields,
  ]);
  const wanted = kinds.map(({ kind, fields }) => [
    kind,
    Object.entries(fields)
      .map(([name, { type }]) => (type.endsWith(" or null") ? `${name}?` : name))
      .join(", "),
  ]);
  t.same(rows, wanted, `README.md, the ${whose}'s: write these rows`);
}
