import t from "tap";
import { exactly, interval } from "@cairn/statistics";
import { comparisonsJson, comparisonText, closeNow, doWhatIsDue, invite } from "@cairn/hub";
import { COMPARISON_STATES } from "@cairn/comparisons";
import { makeFigure, type Contribution } from "../../comparisons/src/figure.js";
import { comparisonState } from "../../comparisons/src/states.js";
import { lotsOf, placeOf } from "../../comparisons/src/strip.js";
import { cluster, release, sixOfEight } from "./cluster.js";
import { GROUP, story, type Story } from "./story.js";

t.test(
  "released, withheld, zero, declined and offline are told apart, and nothing is there without a release",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    await sixOfEight(it);
    const all = await comparisonsJson(it.serving.hub, GROUP);
    const [total] = all;
    t.same(Object.keys(total ?? {}), ["query", "date", "split", "practices", "group"]);
    t.match(total, { query: "bp-control", date: "2025-03-31", split: {} });
    t.same(
      total?.practices.map((one) => `${one.practice} ${one.state}`),
      [
        "Ash released",
        "Birch released",
        "Cedar released",
        "Elm released",
        "Hazel released",
        "Larch released",
        "Oak declined",
        "Rowan offline",
      ],
    );
    t.same(total?.practices[0]?.denominator, { value: 400, low: 398, high: 402 });
    t.same(total?.practices[0]?.numerator, { value: 220, low: 218, high: 222 });
    t.same(Object.keys(total?.practices[6] ?? {}), ["practice", "state"]);
    t.equal(total?.group.contributors, 6);
    t.equal(total?.group.state, "made");
    const denominators = total?.practices.flatMap((one) =>
      one.denominator && one.denominator !== "withheld" ? [one.denominator] : [],
    );
    t.equal(
      total?.group.denominator?.low,
      denominators?.reduce((sum, one) => sum + one.low, 0),
    );
    const values = all.flatMap((one) => one.practices.map((practice) => practice.denominator));
    t.ok(values.includes("withheld"), "a withheld cell is the word");
    t.ok(
      values.some(
        (value) => value !== undefined && value !== "withheld" && value.value === 0 && value.high === 0,
      ),
      "zero is 0",
    );
  },
);

t.test("a terminal of 80 columns shows the same", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  await sixOfEight(it);
  const text = await comparisonText(it.serving.hub, GROUP, "names");
  t.ok(text.split("\n").every((line) => line.length <= 80));
  t.match(text, /Oak +declined/);
  t.match(text, /Rowan +is offline/);
  t.match(text, "1 practice declined; 1 practice is offline.");
  await t.rejects(comparisonText(it.serving.hub, "Nowhere", "names"), {
    code: "group-unknown",
    message: /Glen cluster/,
  });
});

t.test(
  "a group's figure is made once: when all have answered, and a later release changes nothing of it",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const members = [...(await cluster(it, ["A", "B", "C", "D", "E", "F"])).values()];
    for (const [i, { agent, runs }] of members.slice(0, 5).entries())
      await release(agent, runs[0]!, 500 + i, 0.5);
    const group = async (story: Story): Promise<unknown> =>
      (await comparisonsJson(story.serving.hub, GROUP))[0]?.group;
    t.match(await group(it), { state: "collecting", contributors: 5 });
    await closeNow(it.serving.hub, GROUP);
    const made = await group(it);
    t.match(made, { state: "made", contributors: 5 });
    const late = members[5]!;
    await release(late.agent, late.runs[0]!, 900, 0.9);
    t.equal(await closeNow(it.serving.hub, GROUP), 0);
    t.same(await group(it), made);
    const shown = (await comparisonsJson(it.serving.hub, GROUP))[0]?.practices.filter(
      (one) => one.state === "released",
    );
    t.equal(shown?.length, 6, "the late release joins its own practice's line");
  },
);

t.test("members are those admitted while a date is open, and no one who is only invited", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  await cluster(it, ["A", "B"]);
  await it.member("C");
  await invite(it.serving.hub, "D", [GROUP]);
  await doWhatIsDue(it.serving.hub);
  const [total] = await comparisonsJson(it.serving.hub, GROUP);
  t.same(
    total?.practices.map((one) => `${one.practice} ${one.state}`),
    ["A pending", "B pending", "C offline"],
  );
});

const six = ["a", "b", "c", "d", "e", "f"];
function contributions(names: readonly string[], n = 100, x = 50): Contribution[] {
  return names.map((practice) => ({ practice, denominator: exactly(n), numerator: exactly(x) }));
}

t.test("five practices at least, none more than 60 %", async (t) => {
  t.equal(makeFigure(contributions(six.slice(0, 4))).state, "too-few");
  t.equal(makeFigure(contributions(six.slice(0, 5))).state, "made");
  const withheld = [...contributions(six.slice(0, 4)), { practice: "e", denominator: null, numerator: null }];
  t.equal(makeFigure(withheld).state, "too-few", "a withheld denominator does not contribute");
  const four = contributions(six).map((one, i) => (i < 2 ? { ...one, numerator: null } : one));
  t.equal(makeFigure(four).state, "too-few", "the low end would be the numerators of four");
  const large = (n: number): Contribution[] => [
    ...contributions(six.slice(1), 100),
    { practice: "a", denominator: exactly(n), numerator: exactly(n / 2) },
  ];
  t.equal(makeFigure(large(750)).state, "made");
  t.equal(makeFigure(large(751)).state, "dominated");
  const numerator = contributions(six, 100, 10).map((one, i) =>
    i === 0 ? { ...one, numerator: exactly(90) } : one,
  );
  t.equal(makeFigure(numerator).state, "dominated", "nor of the numerator");
});

t.test("nothing is imputed: what is withheld widens the figure", async (t) => {
  const known = contributions(six.slice(1));
  const { numbers } = makeFigure([
    ...known,
    ...["x", "y", "z"].map((practice) => ({ practice, denominator: interval(98, 102), numerator: null })),
  ]);
  t.same(numbers?.denominator, { low: 794, high: 806 });
  t.same(numbers?.numerator, { low: 250, high: 556 });
  const nothing = (practice: string): Contribution => ({ practice, denominator: null, numerator: null });
  t.same(makeFigure([...known, nothing("a")]).median, { low: 0.5, high: 0.5 });
  t.same(makeFigure([...known, ...["x", "y", "z", "q", "r", "s"].map(nothing)]).median, { low: 0, high: 1 });
});

t.test(
  "every state of a run has its own state in a comparison, and only one that is still asked can be offline",
  async (t) => {
    const state = (run: Parameters<typeof comparisonState>[0], heard: number | null): string =>
      comparisonState(run, heard, 10_000, 1000);
    t.equal(state("offered", 9500), "pending");
    t.equal(state("claimed", 9500), "pending");
    t.equal(state("offered", 8000), "offline");
    t.equal(state("waiting-for-approval", null), "offline");
    for (const open of ["waiting-for-records", "waiting-for-approval", "waiting-for-witness"] as const)
      t.equal(state(open, 9999), open);
    for (const settled of [
      "released",
      "withdrawn",
      "declined",
      "refused",
      "quarantined",
      "expired",
      "not-due",
    ] as const) {
      t.equal(state(settled, null), settled);
    }
    t.equal(new Set(COMPARISON_STATES).size, 14, "and one for a practice that is not asked");
  },
);

t.test("a dot stands within what its numbers allow, and where it stands does not change", async (t) => {
  const cell = {
    denominator: { value: 20, low: 18, high: 22 },
    numerator: { value: 10, low: 8, high: 12 },
  };
  const signatures = Array.from({ length: 200 }, (_, i) => Buffer.from(`release ${i}`));
  const places = signatures.map((signature) => placeOf(cell, lotsOf(signature, GROUP, 3)));
  t.same(
    places,
    signatures.map((signature) => placeOf(cell, lotsOf(signature, GROUP, 3))),
  );
  const numbers = places.map(Number);
  t.ok(Math.min(...numbers) >= 36 && Math.max(...numbers) <= 67);
  t.ok(new Set(numbers).size > 15, "not only at the share of the middles, which tells the size");
  const full = { denominator: cell.denominator, numerator: cell.denominator };
  t.equal(placeOf(full, [0, 0.99]), 100);
  const none = { denominator: cell.denominator, numerator: { value: 0, low: 0, high: 0 } };
  t.equal(placeOf(none, [0.99, 0.99]), 0);
});

t.test(
  "a carried number of which nothing is known today has no dot, and is not said to be all or none",
  async (t) => {
    const carried = (value: number, low: number, high: number) => ({ value, low, high, carried: 1 });
    const nobody = { denominator: carried(0, 0, 7), numerator: carried(0, 0, 7) };
    t.equal(placeOf(nobody, [0, 0]), "cannot tell");
    const full = { denominator: carried(20, 11, 29), numerator: carried(20, 11, 29) };
    t.ok(Number(placeOf(full, [0.99, 0])) < 50, "some may have come since");
  },
);

t.test("a practice in two groups does not stand where it stands in the other", async (t) => {
  const cell = {
    denominator: { value: 40, low: 38, high: 42 },
    numerator: { value: 20, low: 18, high: 22 },
  };
  const moved = Array.from({ length: 100 }, (_, i) => Buffer.from(`release ${i}`)).filter(
    (signature) =>
      placeOf(cell, lotsOf(signature, GROUP, 0)) !== placeOf(cell, lotsOf(signature, "other", 0)),
  );
  t.ok(moved.length > 50);
});
