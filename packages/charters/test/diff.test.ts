/** Two charters: every field that differs is said, and whatever lets more be seen, kept or asked needs a person's yes. */
import fc from "fast-check";
import t from "tap";
import {
  charterDiff,
  readCharter,
  charterBytes,
  widens,
  type Charter,
  type NewQueryRule,
} from "@cairn/charters";
import { charterIn, OWN } from "./read-charters.js";

const base = charterIn(OWN);

/** Values of each field from the strictest to the laxest; whoever adds a field says here what is stricter. */
const FROM_STRICT: { readonly [K in keyof Charter]: readonly Charter[K][] } = {
  group: ["glen"],
  preset: ["scottish-cluster"],
  lead: ["Dr A"],
  supporter: ["HIS"],
  provider: ["P"],
  purpose: ["To learn."],
  notFor: ["Pay.", null],
  controller: ["Each practice."],
  lawfulBasis: ["Article 6(1)(e)."],
  keepFor: [1, 12, 60],
  review: ["2027-03-31"],
  asks: [["analyst"], ["cluster-lead", "analyst"], ["cluster-lead", "analyst", "provider"]],
  newQuery: [
    { rule: "ask" },
    { rule: "accept-after", days: 14 },
    { rule: "accept-after", days: 7 },
    { rule: "accept-signed" },
  ],
  floor: ["k15-r10", "k10-r6", "k8-r6", "k8-r5", "k5-r5"],
  optOuts: ["left-out", "counted"],
  sees: [
    { ...base.sees, supporter: "nothing", officer: "nothing" },
    { ...base.sees, supporter: "nothing" },
    { ...base.sees, supporter: "group" },
    { ...base.sees, supporter: "named" },
    { ...base.sees, supporter: "named", provider: "group" },
  ],
  peers: ["none", "unidentified", "named-by-consent"],
  contributors: [30, 6, 5],
  view: ["group-only", "report", "deciles", "strip"],
  witness: ["required", "not-required"],
  queries: [["a-b"], ["a-*"], ["a-*", "b"], ["*"]],
};

/** Fields of which any two values stand for different things: neither is the stricter. */
const OTHER: { readonly [K in keyof Charter]?: readonly [Charter[K], Charter[K]] } = {
  group: ["glen", "strath"],
  lead: ["Dr A", "Dr B"],
  supporter: ["HIS", "Another body"],
  provider: ["P", "Q"],
  purpose: ["To learn.", "To pay."],
  notFor: ["Pay.", "Publication."],
  controller: ["Each practice.", "The board."],
  lawfulBasis: ["Article 6(1)(e).", "Article 6(1)(f)."],
  newQuery: [
    { rule: "delegate", body: "a" },
    { rule: "delegate", body: "b" },
  ],
  asks: [["cluster-lead"], ["analyst"]],
  queries: [["a-*"], ["b-*"]],
};

/** Fields that change nothing for anybody: what a preset gives is compared field by field, and a review is a reminder. */
const NEUTRAL: { readonly [K in keyof Charter]?: readonly [Charter[K], Charter[K]] } = {
  preset: ["scottish-cluster", "facilitated"],
  review: ["2027-03-31", "2028-03-31"],
};

/** What a file calls those fields that a `Charter` calls otherwise. */
const KEYS: { readonly [K in keyof Charter]?: string } = {
  ...{ group: "charter", preset: "extends", notFor: "not_for", lawfulBasis: "lawful_basis" },
  ...{ keepFor: "keep_for", newQuery: "new_query", optOuts: "opt_outs" },
};

const NAMES = Object.keys(FROM_STRICT) as (keyof Charter)[];
const withField = (name: keyof Charter, value: unknown, charter = base): Charter => ({
  ...charter,
  [name]: value,
});
const fields = (a: Charter, b: Charter): string[] => charterDiff(a, b).map(({ field }) => field);

/** Any charter made of the values above. */
const anyCharter = fc.record(
  Object.fromEntries(NAMES.map((name) => [name, fc.constantFrom<unknown>(...FROM_STRICT[name])])),
) as unknown as fc.Arbitrary<Charter>;

t.test("a charter does not differ from itself, nor from what its bytes give back", async (t) => {
  t.same(charterDiff(base, base), []);
  t.same(charterDiff(base, readCharter(charterBytes(base))), []);
  fc.assert(
    fc.property(anyCharter, (charter) => charterDiff(charter, structuredClone(charter)).length === 0),
  );
});

t.test("every field of a charter is compared, read and written", async (t) => {
  t.same(NAMES.toSorted(), Object.keys(base).sort(), "the fields that a parsed charter has are those below");
  for (const name of NAMES) {
    const values: readonly unknown[] = [...FROM_STRICT[name], ...(OTHER[name] ?? NEUTRAL[name] ?? [])];
    const distinct = [...new Map(values.map((value) => [JSON.stringify(value), value])).values()];
    t.ok(distinct.length > 1, `${name} has values that differ`);
    for (const was of distinct)
      for (const is of distinct) {
        const expected = was === is ? [] : [KEYS[name] ?? name];
        const found = new Set(fields(withField(name, was), withField(name, is)));
        t.same([...found], expected, `${name}: ${JSON.stringify(was)} to ${JSON.stringify(is)}`);
      }
  }
});

t.test(
  "one field made laxer always widens, and made stricter never, whatever else a charter says",
  async () => {
    fc.assert(
      fc.property(anyCharter, fc.constantFrom(...NAMES), fc.nat(), fc.nat(), (charter, name, i, j) => {
        const values = FROM_STRICT[name];
        const [a, b] = [i % values.length, j % values.length];
        const laxer = a < b;
        const found = widens(withField(name, values[a], charter), withField(name, values[b], charter));
        return found === laxer;
      }),
      { numRuns: 3000 },
    );
  },
);

t.test("widening is of the whole: one laxer field is enough, however many are stricter", async () => {
  const laxness = (charter: Charter): number[] =>
    NAMES.map((name) =>
      FROM_STRICT[name].findIndex((one) => JSON.stringify(one) === JSON.stringify(charter[name])),
    );
  fc.assert(
    fc.property(anyCharter, anyCharter, (from, to) => {
      const [was, is] = [laxness(from), laxness(to)];
      return widens(from, to) === is.some((laxer, i) => laxer > was[i]!);
    }),
  );
});

t.test("another purpose, body, controller or group widens both ways", async (t) => {
  for (const [name, [a, b]] of Object.entries(OTHER) as [keyof Charter, [unknown, unknown]][]) {
    t.ok(widens(withField(name, a), withField(name, b)), name);
    t.ok(widens(withField(name, b), withField(name, a)), name);
  }
});

t.test(
  "a body's word is a person's yes where no body is believed, so anything but ask widens it",
  async (t) => {
    const from = { ...base, newQuery: { rule: "delegate", body: "a" } } as const;
    for (const rule of [{ rule: "accept-after", days: 1 }, { rule: "accept-signed" }] as const)
      t.ok(widens(from, { ...base, newQuery: rule }), rule.rule);
    t.notOk(widens(from, { ...base, newQuery: { rule: "ask" } }));
  },
);

t.test("a later review and another preset with the same rules are said, and ask nobody anew", async (t) => {
  for (const [name, [a, b]] of Object.entries(NEUTRAL) as [keyof Charter, [unknown, unknown]][]) {
    const changes = charterDiff(withField(name, a), withField(name, b));
    t.match(changes, [{ field: KEYS[name] ?? name, widens: false }]);
    t.notOk(widens(withField(name, b), withField(name, a)));
  }
});

t.test("a change is said in plain words, role by role", async (t) => {
  const delegate: NewQueryRule = { rule: "delegate", body: "board" };
  const sees = { ...base.sees, supporter: "named", commissioner: "nothing" } as const;
  const to: Charter = { ...base, newQuery: delegate, sees, floor: "k10-r6", keepFor: 72 };
  t.same(charterDiff(base, to), [
    {
      field: "keep_for",
      what: "Kept for",
      was: "five years",
      is: "six years",
      widens: true,
    },
    {
      field: "new_query",
      what: "A new question",
      was: "runs unless someone at the practice objects within 14 days of being told",
      is: "runs once board has accepted that version, signed with keys of its own",
      widens: true,
    },
    {
      field: "floor",
      what: "Small numbers",
      was: "counts of 1 to 7 are withheld, the others rounded to the nearest 5 (k8-r5)",
      is: "counts of 1 to 9 are withheld, the others rounded to the nearest 6 (k10-r6)",
      widens: false,
    },
    {
      field: "sees",
      what: "Seen by supporters",
      was: "the group as a whole",
      is: "practices by name, only by consent",
      widens: true,
    },
    {
      field: "sees",
      what: "Seen by commissioners",
      was: "the group as a whole",
      is: "nothing",
      widens: false,
    },
  ]);
});
