import {
  byTopic,
  changeSentence,
  changeSince,
  limitsSentence,
  noteWords,
  openPlans,
  seriesOf,
  spreadOf,
  standsSentence,
  triedPlans,
  type ComparisonModel,
  type GroupNote,
} from "@cairn/comparisons";
import { periodEnds } from "@cairn/query-library";
import t from "tap";
import { HARD, LIBRARY, line, named, USUAL, type Practice } from "./fixtures/groups.js";

const reference = {
  ...{
    of: "elsewhere" as const,
    source: "QOF 2024-25",
    date: "2025-03-31",
    practices: 6_230,
    p10: 0.4,
    p50: 0.5,
    p90: 0.6,
    tau2: 0,
  },
};
const by = (points: number) =>
  USUAL.map((one) => ("share" in one ? { ...one, share: one.share + points } : one));
const last = (models: readonly ComparisonModel[]): ComparisonModel => models.at(-1) as ComparisonModel;
const plain = (words: string | null): string => (words ?? "").replaceAll("\u00a0", " ");

t.test("a group stands somewhere, and differs from elsewhere or does not", async (t) => {
  const query = named("bp-control");
  const stands = (models: ComparisonModel[]) => plain(standsSentence(query, last(models)));
  t.equal(
    stands(line(query, () => USUAL, { of: 0.15 })),
    "On 31 March 2025 the group together is at 59 to 60 %.",
  );
  t.match(
    stands(line(query, () => USUAL, { of: 0.15, beside: { reference } })),
    "at 59 to 60 %. That differs: it is higher than chance explains around the middle of 6,230 practices elsewhere, 50 % (QOF 2024-25, 31 March 2025). Worth a conversation.",
  );
  const near = { ...reference, p50: 0.596 };
  t.match(
    stands(line(query, () => USUAL, { of: 0.15, beside: { reference: near } })),
    "It does not differ from",
  );
  const wide = { ...reference, p50: 0.58, tau2: 0.02 };
  t.match(
    stands(line(query, () => USUAL, { of: 0.15, beside: { reference: wide } })),
    "We cannot tell whether",
  );
});

t.test("a change is against the last date that reads other records, of the same practices", async (t) => {
  const query = named("bp-control");
  const said = (models: readonly ComparisonModel[]) =>
    plain(changeSentence(query, last(models), changeSince(query, models)));
  const rising = line(query, (nth) => by(0.015 * nth), { of: 0.15 });
  t.match(said(rising), /^It is higher than a year before, by \d to \d points\.$/);
  t.match(
    said(line(query, (nth) => by(-0.015 * nth), { of: 0.15 })),
    /^It is lower than a year before, by \d/,
  );
  t.equal(
    said(line(query, () => USUAL, { of: 0.15 })),
    "There is no change larger than 10 points against a year before.",
  );
  t.equal(said(rising.slice(1)), "", "nine months back overlap");
  const others = rising.map((model, i) => (i === 2 ? { ...model, same_practices_as: null } : model));
  t.equal(said(others), "Other practices contribute than before, so what changed cannot be told.");
  const register = named("hypertension-register");
  const models = line(register, () => USUAL);
  t.match(changeSentence(register, last(models), changeSince(register, models)), "reads the same records");
});

t.test("the line is of one measure, and says why a point is missing", async (t) => {
  const query = named("bp-control");
  const four: readonly Practice[] = USUAL.map((one, i) => (i < 4 ? { state: "declined" } : one));
  const { measure, points, limits } = seriesOf(
    query,
    line(query, (nth) => (nth === 1 ? four : USUAL), { of: 0.15 }),
  );
  t.equal(measure, "together");
  t.equal(points[1]?.share, "too few practices");
  t.notOk(points[0]?.joined);
  t.ok(points[2]?.joined);
  t.equal(limits, "overlapping", "twelve months, asked each quarter");
});

t.test(
  "limits come with thirteen independent dates of the same practices, and not from a chunky series",
  async (t) => {
    const query = named("nsaid-65-no-gastroprotection");
    const dates = periodEnds("quarter", 14, "2025-03-31");
    const shares = [0, 3, -2, 4, 1, -3, 2, 0, -4, 3, 1, -1, 2, 0].map((points) => points / 100);
    const varied = line(query, (nth) => by((shares[nth] ?? 0) * 2), { dates, of: 0.2 });
    const { limits } = seriesOf(query, varied);
    t.equal(typeof limits, "object");
    t.equal(limitsSentence(limits), "The points vary as chance explains.");
    t.equal(seriesOf(query, varied.slice(2)).limits, "too-few-points");
    const broken = varied.map((model, i) => (i === 3 ? { ...model, same_practices_as: null } : model));
    t.equal(seriesOf(query, broken).limits, "too-few-points", "a line begins anew with other practices");
    const jump = line(query, (nth) => by(nth === 13 ? 0.3 : (shares[nth] ?? 0) * 2), { dates, of: 0.2 });
    t.match(
      limitsSentence(seriesOf(query, jump).limits),
      "More than chance: the newest point lies outside the limits",
    );
    const chunky = line(query, () => USUAL, { dates, of: 0.2 });
    t.equal(
      limitsSentence(seriesOf(query, chunky).limits),
      "There are too few different values for limits by chance.",
    );
  },
);

t.test(
  "where numbers are too few for dots it says in how many practices nobody, withheld, or more",
  async (t) => {
    const query = named("nsaid-65-no-gastroprotection");
    const few: readonly Practice[] = [0, 0, 0.002, 0.003, 0.002, 0.004, 0.02, 0.001].map((share) => ({
      people: 1_000,
      share,
    }));
    const spread = spreadOf(last(line(query, () => few)), "dots");
    t.equal(spread.as, "words");
    const words = plain("lines" in spread ? spread.lines.join(" ") : "");
    t.match(words, "Nobody is counted in 2 practices.");
    t.match(
      words,
      "In 5 practices the number is withheld: a few people, or a number that would tell of a few. That is not zero.",
    );
    t.match(words, "In 1 practice the number is shown: it is more than a few people.");
    t.match(words, "Too few for dots, which need 5 practices whose numbers are shown.");
    t.match(words, "each practice finds its own on its list");
  },
);

t.test("a hard cluster: each query says what can be said, what cannot, and why", async (t) => {
  for (const query of LIBRARY.values()) {
    const safety = query.purpose.startsWith("medicines");
    const models = line(query, () => HARD, { of: safety ? 0.05 : 0.4, scale: safety ? 0.04 : 1 });
    const spread = spreadOf(last(models), "dots");
    const lines = spread.as === "words" ? spread.lines : [];
    t.ok(lines.length > 0, `${query.query}: four that show both numbers make no strip`);
    const words = [
      standsSentence(query, last(models)),
      changeSentence(query, last(models), changeSince(query, models)) ?? "",
      ...lines,
      ...seriesOf(query, models).points.map(({ share }) => (typeof share === "string" ? share : "")),
    ];
    t.notMatch(plain(words.join(" ")), /\b(0|<1) to (100|>99) %/, query.query);
    t.match(words.join(" "), /cannot tell|too few|Fewer than five/i, query.query);
  }
});

t.test("who may see the group alone is told of the group, and of no practice", async (t) => {
  const spread = spreadOf(last(line(named("bp-control"), () => USUAL, { of: 0.15 })), "group");
  t.equal(spread.as, "words");
  t.match(
    "lines" in spread ? plain(spread.lines.join(" ")) : "",
    /^This view shows the group as a whole.*Together: .* in 8 practices/,
  );
});

t.test("questions stand under topics by name, whatever their values", async (t) => {
  const names = [
    "nsaid-65-no-gastroprotection",
    "diabetes-foot-check",
    "flu-vaccination-uptake",
    "diabetes-bp-control",
  ];
  t.same(
    byTopic(names.map((name) => ({ query: named(name) }))).map(({ title, questions }) => [
      title,
      questions.map(({ query }) => query.query),
    ]),
    [
      ["Diabetes", ["diabetes-foot-check", "diabetes-bp-control"]],
      ["Medicines safety", ["nsaid-65-no-gastroprotection"]],
      ["Quality improvement", ["flu-vaccination-uptake"]],
    ],
  );
  t.ok(byTopic([...LIBRARY.values()].map((query) => ({ query }))).length < 30);
});

t.test("what the group set out to do is open until it has looked again", async (t) => {
  const plan = (change: Partial<GroupNote>): GroupNote => ({
    ...{ date: "2025-04-01", kind: "test-of-change", text: "Call in by birthday month", share: null },
    ...{ measured_by: "readings in the last year", until: "2025-09-30", outcome: null },
    ...change,
  });
  const aim = plan({
    kind: "aim",
    share: 0.7,
    measured_by: null,
    until: "2025-06-30",
    text: "For people under 65",
  });
  const kept = plan({ outcome: { date: "2025-10-02", what: "kept" } });
  const note = plan({ kind: "note", until: null, measured_by: null, text: "New recall system" });
  t.same(openPlans([plan({}), note, kept, aim]), [aim, plan({})]);
  t.same(triedPlans([plan({}), note, kept, aim]), [kept]);
  t.equal(plain(noteWords(aim)), "Aim: 70 % by 30 June 2025: For people under 65");
  t.equal(
    noteWords(kept),
    "We try by 30 September 2025: Call in by birthday month (measured by: readings in the last year) (kept on 2 October 2025)",
  );
  t.equal(noteWords(note), "New recall system");
});

t.test("thirty practices and more are compared with one another where nothing is published", async (t) => {
  const query = named("bp-control");
  const many = (n: number, withheld = 0): Practice[] =>
    Array.from({ length: n }, (_, i) => ({
      ...{ people: 5_000 + 37 * i, share: 0.4 + 0.01 * (i % 30) },
      ...(i < withheld ? { withheld: true } : {}),
    }));
  const own = (practices: readonly Practice[]) => last(line(query, () => practices, { of: 0.15 })).reference;
  t.match(own(many(30)), { of: "this-group", practices: 30, p10: 0.43, p50: 0.54, p90: 0.66 });
  t.equal(own(many(29)), null);
  t.equal(own(many(34, 4)), null, "where more than a tenth withhold, the others are not all");
  t.equal(own(many(34, 3))?.practices, 31);
  const models = line(query, () => many(30), { of: 0.15 });
  t.match(
    plain(standsSentence(query, last(models))),
    "Its 30 practices that show both numbers are compared with one another: eight of ten lie at 43 to 66 %",
  );
  t.notMatch(standsSentence(query, last(models)), /differ/, "of itself a group does not differ");
  const beside = line(query, () => many(30), { of: 0.15, beside: { reference } });
  t.equal(last(beside).reference?.of, "elsewhere", "what is published comes first");
});
