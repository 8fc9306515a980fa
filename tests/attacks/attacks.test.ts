/** Every attacker against the guard, and against the guard with one part away. */
import { readFileSync } from "node:fs";
import t from "tap";
import { documentBytes, documentOf, modelOf, type ComparisonModel } from "@cairn/comparisons";
import { seeded } from "../../packages/disclosure/test/population.js";
import { practice } from "../../packages/keeper/test/fixtures/practice.js";
import { subtract } from "./1-subtract.js";
import { solve } from "./2-solve.js";
import { track } from "./3-track.js";
import { tweak } from "./4-tweak.js";
import { wait } from "./5-wait.js";
import { regroup } from "./5-regroup.js";
import { search } from "./6-search.js";
import { poll } from "./7-poll.js";
import { calendar, clock } from "./9-calendar.js";
import { reidentify, WAYS } from "./8-reidentify.js";
import { clusterOf, dotsOf, pagesOf, readPages, WITHOUT, type Read } from "./8-pages.js";
import { whoIsInBoth, whoIsMore, whoJoinedBetween } from "./8-dots.js";
import {
  whoIsInOne,
  whoChangedChoice,
  whoCountsOptedOut,
  whoIsMissing,
  whoJoined,
  whoLeft,
  type Named,
} from "./8-who.js";
import { dominance as groupDominance, sums } from "./10-sums.js";
import { dominance } from "./11-dominance.js";
import { mark } from "./11-mark.js";
import { optOuts } from "./12-opt-outs.js";
import { secondEdition } from "./11-second-edition.js";
import { ALL_RULES, type Rules } from "../../packages/comparisons/src/decide-figures.js";
import { changing, constant, type Choice } from "./choice.js";
import { ALL_GUARDS, isLong, type Attack, type Guards } from "./guard.js";

/** An attacker that watches a practice, whose choice about people who opted out may change between dates. */
type Watcher = (guards: Guards, counts: Choice) => Attack;

t.test(
  "no attacker finds anything inside the promise",
  { timeout: isLong ? 14_400_000 : 600_000 },
  async (t) => {
    const [watchers, later] = [
      [subtract, solve, track, tweak, wait, search, poll],
      [mark, dominance, secondEdition, optOuts],
    ];
    const attacks: [string, () => Attack][] = [
      ...watchers.flatMap((attack): [string, () => Attack][] => [
        ["", () => attack(ALL_GUARDS, constant)],
        [" where the choice about opt-outs changes between dates", () => attack(ALL_GUARDS, changing)],
      ]),
      ...later.map((attack): [string, () => Attack] => ["", () => attack(ALL_GUARDS)]),
    ];
    for (const [where, attack] of attacks) {
      const began = process.cpuUsage();
      const { name, knows, tried, exposures } = attack();
      const seconds = (process.cpuUsage(began).user / 1e6).toFixed(1);
      t.comment(
        `${name}${where}: knows ${knows}; tried ${tried}; exposures ${exposures}; ${seconds} s of CPU`,
      );
      t.ok(tried > 0, `${name}${where} tried`);
      t.equal(exposures, 0, `${name}${where} finds nothing`);
    }
  },
);

t.test(
  "each guard is needed: without it an attacker succeeds",
  { skip: isLong && "the short run shows it" },
  async (t) => {
    const underBoth = (attack: Watcher): ((guards: Guards) => Attack)[] =>
      [constant, changing].map((counts) => (guards) => attack(guards, counts));
    const first: Record<keyof Guards, ((guards: Guards) => Attack)[]> = {
      g0: underBoth(subtract),
      g1: underBoth(tweak),
      g2: [...underBoth(subtract), dominance, secondEdition],
      g3: [solve, mark],
      g4: [...underBoth(poll), mark],
      g5: underBoth(wait),
    };
    for (const [guard, attacks] of Object.entries(first)) {
      for (const attack of attacks) {
        const { name, exposures } = attack({ ...ALL_GUARDS, [guard]: false });
        t.comment(`without ${guard}, ${name} exposes ${exposures}`);
        t.ok(exposures > 0, `without ${guard}, ${name} succeeds`);
      }
    }
  },
);

t.test(
  "one date that counts people who opted out and leaves them out would tell how many they are",
  async (t) => {
    const { name, exposures } = optOuts(ALL_GUARDS, false);
    t.comment(`with two views of a date, ${name} exposes ${exposures}`);
    t.ok(exposures > 0);
  },
);

t.test("figures of groups that share practices give no one or two practices away", async (t) => {
  const { knows, tried, exposures } = regroup(true);
  t.comment(`regroup: knows ${knows}; tried ${tried}; exposures ${exposures}`);
  t.ok(tried > 0);
  t.equal(exposures, 0);
  t.ok(regroup(false).exposures > 0, "figures made without a look at other groups' would");
});

t.test("sums that are shown, put together, give no number of one or two practices", async (t) => {
  const hides: Record<string, [(rules: Rules) => Attack, Rules]> = {
    "rules for sets of practices": [sums, { ...ALL_RULES, sets: false }],
    "rules for combinations": [sums, { ...ALL_RULES, combinations: false }],
    "a rule for what one practice dominates": [groupDominance, { ...ALL_RULES, dominated: false }],
  };
  for (const attack of [sums, groupDominance]) {
    const { name, knows, tried, exposures } = attack(ALL_RULES);
    t.comment(`${name}: knows ${knows}; tried ${tried}; exposures ${exposures}`);
    t.ok(tried > 0, `${name} tried`);
    t.equal(exposures, 0, `${name} finds nothing`);
  }
  for (const [what, [attack, rules]] of Object.entries(hides)) {
    const { name, exposures } = attack(rules);
    t.comment(`without ${what}, ${name} exposes ${exposures}`);
    t.ok(exposures > 0, `without ${what}, ${name} succeeds`);
  }
});

t.test("sums name no practice that is missing, left, joined or is in one of two groups", async (t) => {
  const noSets = { ...ALL_RULES, sets: false, combinations: false };
  const noChoices = { ...noSets, choices: false };
  const attacks: Record<string, [(rules: Rules) => Named, Rules, above?: number]> = {
    "who did not contribute": [whoIsMissing, { ...ALL_RULES, listSizes: false }],
    "who left, of everybody": [(rules) => whoLeft(rules, true), noSets],
    "who left, of a register": [(rules) => whoLeft(rules, false), noSets],
    "who joined, of everybody": [(rules) => whoJoined(rules, true), noSets],
    "who joined, of a register": [(rules) => whoJoined(rules, false), noSets],
    "who is in one of two groups": [whoIsInOne, noSets],
    // Practices differ in how many opted out: less certain, and more than may be.
    "who chose otherwise about opt-outs, of everybody": [
      (rules) => whoChangedChoice(rules, true),
      noChoices,
      0.05,
    ],
    "who chose otherwise about opt-outs, of a register": [
      (rules) => whoChangedChoice(rules, false),
      noSets,
      0.05,
    ],
    "who counts people who opted out": [whoCountsOptedOut, noChoices, 0.05],
  };
  for (const [name, [attack, less, above = 0.5]] of Object.entries(attacks)) {
    const { tried, right, chance } = attack(ALL_RULES);
    const without = attack(less);
    const points = (share: number): string => (100 * share).toFixed(1);
    t.comment(
      `${name}: ${tried} clusters; ${points(right)} % named, ${points(chance)} % by chance; without the rule ${points(without.right)} %`,
    );
    t.ok(right - chance <= 0.05, `${name} is not told`);
    t.ok(without.right - chance > above, `${name} would be told without the rule`);
  }
});

t.test("what the hub shows of peers names them at most 5 points more often than chance", async (t) => {
  for (const [name, way] of Object.entries(WAYS)) {
    const { tried, right, chance, most } = reidentify(way);
    const above = right - chance;
    const points = (share: number): string => (100 * share).toFixed(1);
    t.comment(
      `shown ${name}: tried ${tried}; ${points(right)} % named, ${points(chance)} % by chance; most in "${most.cell}", ${points(most.above)} points above`,
    );
    t.ok(tried > 10_000, `${name} tried`);
    if (way === WAYS.page) {
      t.ok(above <= 0.05, "the page, all cells together");
      t.ok(most.above <= 0.05, "the page, in every cell");
    } else t.ok(above > 0.05, `shown ${name}, peers would be named`);
  }
  const { tried, right, chance, most } = reidentify(WAYS.page, 0.05);
  t.comment(
    `where practices choose about opt-outs: tried ${tried}; ${(100 * (right - chance)).toFixed(1)} points above chance`,
  );
  t.ok(tried > 10_000, "where practices choose otherwise about opt-outs, tried");
  t.ok(
    right - chance <= 0.05 && most.above <= 0.05,
    "where practices choose otherwise about opt-outs, the page",
  );
});

t.test("no number in the source of a page names a practice", { timeout: 900_000 }, async (t) => {
  const points = (share: number): string => (100 * share).toFixed(1);
  const most = (read: readonly Read[]): Read =>
    read.reduce((a, b) => (b.right - b.chance > a.right - a.chance ? b : a));
  const kept = readPages();
  for (const { by, tried, right, chance } of kept) {
    t.comment(`by ${by}: tried ${tried}; ${points(right)} % named, ${points(chance)} % by chance`);
    t.ok(tried > 3_000, `${by}: tried`);
    t.ok(right - chance <= 0.05, `by ${by}, nobody is named`);
  }
  for (const [rule, without] of Object.entries(WITHOUT)) {
    const { by, right, chance } = most(readPages(without));
    t.comment(`without ${rule}: ${points(right)} % named, ${points(chance)} % by chance, by ${by}`);
    t.ok(right - chance > 0.05, `without ${rule}, practices would be named`);
  }
});

t.test("a page says no more of peers than the document, whoever they are", async (t) => {
  const random = seeded(102);
  for (let nth = 0; nth < 40; nth++) {
    const { found } = clusterOf(nth, random);
    const pages = pagesOf(modelOf(found));
    const read = JSON.parse(documentBytes(documentOf(found, null)).toString("utf8")) as ComparisonModel;
    t.same(pagesOf(read), pages, "read from the document's bytes, each page is the same");
    const members = found.members.map((one) => ({ ...one, practice: `${random()}`, name: `${random()}` }));
    t.same(
      pagesOf(modelOf({ ...found, members: members.reverse() })),
      pages,
      "under other names, and in another order, each page is the same",
    );
    for (const [name, page] of Object.entries(pages)) {
      const dots = dotsOf(page);
      const alike = dots.map(({ numbers: { cx: _x, cy: _y, "place in the source": _nth, ...same } }) => same);
      t.same(alike, Array(dots.length).fill(alike[0]), `${name}: dots differ in nothing but their place`);
      const finer = dots.filter(({ percent }) => Math.abs(percent - Math.round(percent)) > 0.02);
      t.same(finer, [], `${name}: each stands at a whole per cent`); // to a tenth of a unit of the picture
    }
  }
});

t.test(
  "the dots of two groups name nobody who is in both, or in one alone",
  { timeout: 900_000 },
  async (t) => {
    const attacks: Record<string, (rule?: () => boolean) => Named> = {
      "who is in both": whoIsInBoth,
      ...Object.fromEntries(
        [1, 2, 3, 4].map((more) => [
          `who are the ${more} more`,
          (rule?: () => boolean) => whoIsMore(more, rule),
        ]),
      ),
    };
    for (const [name, attack] of Object.entries(attacks)) {
      const { tried, right, chance } = attack();
      const without = attack(() => true);
      const points = (share: number): string => (100 * share).toFixed(1);
      t.comment(
        `${name}: tried ${tried}; ${points(right)} % named, ${points(chance)} % by chance; without the rule ${points(without.right)} %`,
      );
      t.ok(tried > 1_500, `${name}: tried`);
      t.ok(right - chance <= 0.05, `${name} is not told`);
      t.ok(without.right - without.chance > 0.05, `${name} would be told without the rule`);
    }
  },
);

t.test("what a group's next date tells of one who joined is what docs/disclosure.md says", async (t) => {
  const written = readFileSync(new URL("../../docs/disclosure.md", import.meta.url), "utf8");
  for (const [points, text] of [
    [1, /by one point a quarter[^.]*?(\d+) of 100/],
    [2, /by two,\s+(\d+)/],
    [4, /by four,\s+(\d+)/],
  ] as const) {
    const { right, chance } = whoJoinedBetween(points);
    const [, figure] = text.exec(written.replace(/\s+/g, " ")) ?? [];
    t.comment(
      `shares move by ${points} points: ${(100 * right).toFixed(1)} % named, ${(100 * chance).toFixed(1)} % by chance`,
    );
    t.equal(figure, String(Math.round(100 * right)));
  }
});

t.test(
  "a hub that chooses its days is given nothing, and would be if dates were not the query's",
  async (t) => {
    const guarded = await calendar(await practice(t).start(clock));
    t.comment(
      `${guarded.name}: knows ${guarded.knows}; tried ${guarded.tried}; exposures ${guarded.exposures}`,
    );
    t.ok(guarded.tried > 40);
    t.equal(guarded.exposures, 0);
    const unguarded = await calendar(await practice(t).start({ ...clock, dates: () => null }));
    t.comment(`without the guard, ${unguarded.name} exposes ${unguarded.exposures}`);
    t.ok(unguarded.exposures > 40);
  },
);
