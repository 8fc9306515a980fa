import fc from "fast-check";
import t from "tap";
import {
  type CollectedAnswers,
  type ComparisonDocument,
  ComparisonError,
  documentBytes,
  documentDigest,
  documentOf,
  type Member,
  modelOf,
  NOTHING_BESIDE,
  readDocument,
  splitsOf,
} from "@cairn/comparisons";
import type { AnswerCounts, MadeCounts } from "../src/document.js";
import { closed, MEMBERS, member, ratio, WITHHELD } from "./fixtures/collected.js";

/** How the practices of a document stand, where that is counted. */
function answersIn({ practices: { answers } }: ComparisonDocument): AnswerCounts {
  if (answers === "too-few") throw new Error("a group of fewer than five");
  return answers;
}

const bytesOf = (found: CollectedAnswers): string => documentBytes(documentOf(found, null)).toString("utf8");

t.test("the same practices give the same bytes, in whatever order they come", async (t) => {
  const expected = bytesOf(closed());
  fc.assert(
    fc.property(fc.shuffledSubarray([...MEMBERS], { minLength: MEMBERS.length }), (members) => {
      return bytesOf(closed({ members })) === expected;
    }),
  );
  t.same(documentBytes(readDocument(Buffer.from(expected))).toString("utf8"), expected);
  t.match(documentDigest(Buffer.from(expected)), /^[0-9a-f]{64}$/);
});

t.test(
  "the bytes hold nothing of a single practice: no name, no id, no signature, no released number",
  async (t) => {
    const text = bytesOf(closed());
    for (const { practice, name, signature, released } of MEMBERS) {
      t.notOk(text.includes(practice), "no id");
      t.notOk(text.includes(name), "no name");
      t.notOk(signature && text.includes(signature.toString("hex")), "no signature");
      for (const { denominator } of released ?? [])
        if (denominator !== "withheld" && denominator.value > 0)
          t.notMatch(text, new RegExp(`\\b${denominator.value}\\b`), "no denominator");
    }
    const keys = [...text.matchAll(/"(\w+)":/g)].map(([, key]) => key as string);
    t.ok(
      keys.every((key) => /^[a-z0-9]+(_[a-z0-9]+)*$/.test(key)),
      "keys are in snake_case",
    );
  },
);

t.test("practices are counted in every state, and those who came late are in no dot", async (t) => {
  const document = documentOf(closed(), null);
  const { practices, cells } = document;
  const answers = answersIn(document);
  t.match([practices.asked, answers.contributing, answers.late], [10, 7, 1]);
  t.same(answers.states, [
    { state: "declined", alarm: null, practices: 1 },
    { state: "refused", alarm: "bad-signature", practices: 1 },
  ]);
  const opt_outs = { left_out: 6, counted: 1 };
  t.same(answers.made, { corrected: 1, without_registrations: 1, opt_outs });
  t.same([practices.joined_later, practices.not_asked], [1, 1]);
  const [total] = cells;
  t.equal((total?.dots as readonly number[]).length, 5);
  t.same(total?.practices, { no_people: 1, none: 1, some: 4, withheld: 1, cannot_tell: 0 });
  t.same(
    [...(total?.dots as readonly number[])].sort((a, b) => a - b),
    total?.dots,
  );
});

t.test("a dot that may stand five points from its practice's true share is said to", async (t) => {
  const with_ = (n: number): boolean | undefined =>
    documentOf(closed({ members: Array.from({ length: 5 }, (_, i) => member(i, ratio(n / 2, n))) }), null)
      .cells[0]?.dots_are_rough;
  t.equal(with_(2000), false);
  t.equal(with_(40), true);
});

t.test(
  "fewer than five that show both numbers give no dot; fewer than five at all no count either",
  async (t) => {
    const few = closed({
      members: MEMBERS.map((one, i) =>
        i < 4 ? one : { ...one, released: one.released && one.released.map(() => WITHHELD) },
      ),
    });
    const [total] = documentOf(few, null).cells;
    t.equal(total?.dots, "too-few");
    t.match(total?.practices, { withheld: 3 });
    const four = closed({ members: MEMBERS.slice(0, 4) });
    t.match(documentOf(four, null).cells[0], { dots: "too-few", practices: null });
  },
);

t.test(
  "where fewer than five have anybody there is no dot: public list sizes would say whose it is",
  async (t) => {
    const one = closed({
      members: [0, 1, 2, 3, 4, 5].map((i) => member(i, ratio(i === 0 ? 20 : 0, i === 0 ? 40 : 0))),
    });
    const [total] = documentOf(one, null).cells;
    t.match(total, { dots: "too-few", dots_are_rough: false, practices: { no_people: 5, some: 1 } });
    t.same(readDocument(documentBytes(documentOf(one, null))).cells[0], total);
  },
);

t.test("while nothing is shown the document says who stands how, and not a number", async (t) => {
  const document = documentOf(closed({ shown: false }), null);
  t.same(document.cells, []);
  t.same(document.numbers, { sent: 0, withheld: 0 });
  t.equal(answersIn(document).contributing, 8, "nobody is late where nothing is shown");
  t.same(readDocument(documentBytes(document)), document);
  t.throws(() => documentOf(closed({ closedAt: null }), null), RangeError);
  t.same(modelOf(closed({ closedAt: null })).cells, [], "an open collection shows no cell");
});

t.test(
  "a figure that was taken down takes dots and counts with it: what is left would tell who left",
  async (t) => {
    const { figures } = closed();
    const down = new Map([...figures].map(([at, one]) => [at, { ...one, withdrawn: 1 }]));
    const before = documentOf(closed(), null);
    const digest = documentDigest(documentBytes(before));
    const members = MEMBERS.map((one, i): Member =>
      i === 0 ? { ...one, state: "withdrawn", released: null, signature: null, receivedAt: null } : one,
    );
    const document = documentOf(closed({ figures: down, members }), { revision: before.revision, digest });
    t.match(document, { revision: 2, replaces: digest, numbers: { sent: 0, withheld: 0 } });
    for (const { dots, practices, figure } of document.cells) {
      t.equal(dots, "withdrawn");
      t.equal(practices, null);
      t.equal(figure.state, "withdrawn");
      t.equal(figure.median, undefined);
    }
    t.same(readDocument(documentBytes(document)), document);
  },
);

t.test("where sums alone were shown, one that is taken down does not tell who was in it", async (t) => {
  const { figures } = closed();
  const down = new Map([...figures].map(([at, one]) => [at, { ...one, withdrawn: 1 }]));
  const members = MEMBERS.map((one, i): Member =>
    i === 0 ? { ...one, state: "withdrawn", released: null, signature: null, receivedAt: null } : one,
  );
  for (const left of [members, members.slice(0, 6)]) {
    const document = documentOf(closed({ figures: down, members: left, shown: "sums-alone" }), null);
    t.ok(document.cells.length > 0);
    for (const { figure, dots } of document.cells)
      t.same([figure, dots], [{ state: "withdrawn" }, "withdrawn"]);
    t.same(readDocument(documentBytes(document)), document);
  }
  const document = documentOf(closed({ figures: down, members, shown: "sums-alone" }), null);
  const counted = document.cells.map((one) => ({ ...one, figure: { ...one.figure, contributors: 7 } }));
  t.throws(() => documentBytes({ ...document, cells: counted }), /counts whom it may not/);
});

t.test("a page has the rows, stacks and words of a document", async (t) => {
  const found = closed();
  const [everyone, sex] = splitsOf(modelOf(found), found.query);
  t.equal(everyone?.name, "Everyone");
  t.same(everyone?.cells[0]?.noDots, ["1 withheld", "1 with 0 people"]);
  t.equal(
    everyone?.cells[0]?.stacks.reduce((total, { practices }) => total + practices, 0),
    5,
  );
  t.equal(sex?.name, "Sex");
});

t.test("whatever is not exactly a document is refused by name, with the place", async (t) => {
  const good = documentOf(closed(), null, {
    ...NOTHING_BESIDE,
    reference: {
      source: "OpenSAFELY",
      date: "2024-12-31",
      practices: 900,
      p10: 0.5,
      p50: 0.6,
      p90: 0.7,
      tau2: 0,
      of: "elsewhere",
    },
    notes: [
      {
        date: "2025-01-31",
        kind: "aim",
        text: "Two in three",
        share: 0.66,
        measured_by: null,
        until: "2025-12-31",
        outcome: { date: "2026-01-20", what: "kept" },
      },
    ],
  });
  const refused = (bytes: Uint8Array, why: RegExp): void => {
    const error = t.throws(() => readDocument(bytes), ComparisonError) as ComparisonError;
    t.equal(error.code, "comparison-malformed");
    t.match(error.message, why);
  };
  const text = documentBytes(good).toString("utf8");
  t.same(readDocument(Buffer.from(text)), good);
  refused(Buffer.from(`${text} `), /not canonical/);
  refused(Buffer.from(text.replace('"v":2', '"v":2.0')), /not canonical/);
  refused(Buffer.from(text.replace('"v":2}', '"v":2,"v":2}')), /not canonical/);
  refused(Buffer.from(text.replace('"v":2', '"v":1')), /older version: the hub has to be brought up to date/);
  refused(Buffer.from(`\ufeff${text}`), /no JSON/);
  refused(Buffer.from(text.slice(0, -1)), /no JSON/);
  refused(Buffer.from([0x22, 0xff, 0x22]), /no JSON/);
  refused(Buffer.alloc(9 * 1024 * 1024, 0x20), /too large/);

  const cell = (change: object): Partial<ComparisonDocument> => ({
    cells: good.cells.map((one, i) => (i === 0 ? { ...one, ...change } : one)),
  });
  const how = (made: string | Partial<MadeCounts>): object => {
    const answers = answersIn(good);
    const changed = typeof made === "string" ? made : { ...(answers.made as MadeCounts), ...made };
    return { practices: { ...good.practices, answers: { ...answers, made: changed } } };
  };
  const total = good.cells[0]!;
  const wrong: readonly [object, RegExp][] = [
    [{ v: 3 }, /its v is not one of 2/],
    [{ form: "cairn-release" }, /its form/],
    [{ practice: "Ash" }, /practice is not known/],
    [{ group: undefined }, /group/],
    [{ group: " Glen" }, /its group is not a name/],
    [{ group: "Gl\u0007en" }, /its group is not a name/],
    [{ date: "2025-02-30" }, /its date is not a date/],
    [{ closed_at: "2025-04-30" }, /its closed_at is not a time/],
    [{ closed_at: null }, /its closed_at is not a time/],
    [{ query_digest: "ab" }, /its query_digest/],
    [{ revision: 0 }, /revision/],
    [{ revision: 2 }, /revision and what it replaces/],
    [{ replaces: "00".repeat(32) }, /revision and what it replaces/],
    [{ practices: { ...good.practices, asked: 11 } }, /practices do not add up/],
    [{ practices: { ...good.practices, answers: "too-few" } }, /too few, or not/],
    [how({ corrected: 9 }), /more of its practices/],
    [how({ opt_outs: { left_out: 0, counted: 0 } }), /opt-outs/],
    [how("too-few"), /how numbers of too few/],
    [how("collecting"), /how numbers of too few/],
    [how("too-close"), /dots that are too close/],
    [{ numbers: { sent: 1, withheld: 2 } }, /more numbers are withheld/],
    [{ shown: false }, /not shown/],
    [{ same_practices_as: "2026-01-01" }, /later date/],
    [{ cells: [...good.cells].reverse() }, /not in order/],
    [{ cells: {} }, /its cells is not a list/],
    [{ reference: { ...good.reference, p10: 1.1 } }, /reference.p10 is not a share/],
    [{ notes: [{ ...good.notes[0], kind: "blame" }] }, /notes\[0\].kind/],
    [{ notes: [{ ...good.notes[0], text: "\ud800" }] }, /notes\[0\].text/],
    [cell({ dots: [...(total.dots as number[])].reverse() }), /order of their own/],
    [cell({ dots: [1.5] }), /dots\[0\] is not a whole per cent/],
    [cell({ dots: [] }), /dots of too few/],
    [cell({ dots: [1, 2, 3, 4, 5, 6] }), /more or fewer dots/],
    [cell({ dots: "too-few", dots_are_rough: false }), /no dots, and enough/],
    [cell({ dots: "withdrawn", practices: null, dots_are_rough: false }), /taken down in part/],
    [cell({ dots: "too-close", practices: null, dots_are_rough: false }), /more than a sum/],
    [cell({ dots: [101] }), /dots\[0\]/],
    [cell({ dots: "hidden" }), /dots is not one of/],
    [cell({ practices: null }), /not those that it has to/],
    [cell({ practices: { ...total.practices, some: 9 } }), /does not add up/],
    [cell({ figure: { ...total.figure, state: "too-close" } }), /no sum, or one/],
    [cell({ figure: { ...total.figure, state: "collecting" } }), /figure.state/],
    [cell({ figure: { ...total.figure, contributors: 4 } }), /too few practices/],
    [cell({ figure: { ...total.figure, denominator: { low: 9, high: 8 } } }), /no range/],
    [cell({ figure: { ...total.figure, median: { low: 0, high: 2 } } }), /figure.median.high/],
    [cell({ figure: { ...total.figure, median: { low: 393 / 717, high: 0.6 } } }), /in whole per cents/],
  ];
  for (const [change, why] of wrong) {
    const bad = Object.fromEntries(
      Object.entries({ ...good, ...change }).filter(([, value]) => value !== undefined),
    );
    refused(Buffer.from(JSON.stringify(bad)), why);
    t.throws(() => documentBytes(bad as unknown as ComparisonDocument), { code: "comparison-malformed" });
  }
});
