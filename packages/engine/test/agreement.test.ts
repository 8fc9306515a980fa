/**
 * The two engines share nothing but the parsed query. Random queries over random patients have to come out the same in
 * both, patient by patient. CAIRN_LONG asks ten times as much; CAIRN_SEED repeats a failure.
 */
import t from "tap";
import type { Query } from "@cairn/query-library";
import { answerSlowly } from "../src/index.js";
import { verdictOf } from "../src/slow/conditions.js";
import { difference, FAST, type Engine, type Trial } from "./agreement/compare.js";
import { FAULTS } from "./agreement/faults.js";
import { allConditions, COMPARISON_KINDS, kindOf, KINDS, nameOf, PAIRS, pairsOf } from "./agreement/kinds.js";
import { somePatients } from "./agreement/people.js";
import { someQueries, SPLIT_KEYS } from "./agreement/queries.js";
import { OPT_OUTS, withOptOuts } from "./agreement/opt-outs.js";
import { NO_CODES } from "../src/slow/opt-outs.js";
import { Random } from "./agreement/random.js";
import { printed, smallest } from "./agreement/shrink.js";
import { someWorld } from "./agreement/world.js";

const MIX = { pairs: 12, alone: 4, items: 2, events: 2 };
const SMALL_MIX = { pairs: 2, alone: 2, items: 1, events: 1 };
const PATIENTS = 50;
const TRIALS = process.env.CAIRN_LONG === undefined ? 80 : 1_100;
const SEED = Number(process.env.CAIRN_SEED ?? 20_240_229);

t.setTimeout(1_200_000); // the machine may be busy; the long run takes ten times as long

/**
 * One trial of the run: its seed is the run's and its number. Every tenth has dates for two words of bits; of six,
 * four leave out who opted out, one counts them by choice, and one counts everybody.
 */
function trialOf(number: number): Trial {
  const random = new Random(SEED + number * 7919);
  const twoWords = number % 10 === 9;
  const world = someWorld(random, twoWords ? random.int(40, 60) : 6);
  const mix = twoWords ? SMALL_MIX : MIX;
  const queries = someQueries(random, world, mix, number * MIX.pairs);
  const patients = withOptOuts(
    new Random(SEED - number), // a stream of its own: what else is asked stays as it was
    world,
    somePatients(random, world, PATIENTS),
  );
  return { patients, queries, dates: world.dates, leaveOut: someChoice(number) };
}

const someChoice = (number: number): Trial["leaveOut"] =>
  number % 3 > 0 ? OPT_OUTS : number % 6 === 0 ? null : NO_CODES;

const UNITS = [
  ...["people", "items", "quantity", "events"].flatMap((unit) =>
    SPLIT_KEYS.map((key) => `${unit} by ${key}`),
  ),
  ...["system", "mapped", "coded", "year"].map((key) => `events by ${key}`),
];

function unitsOf(query: Query): string[] {
  const keys = [...query.splitBy.flat().map(({ key }) => key), ...(query.unit === "events" ? query.by : [])];
  return keys.map((key) => `${query.unit} by ${key}`);
}

/** Where the engines differ: the seed and the smallest trial that shows it. */
function report(trial: Trial, found: string, number: number, fast: Engine): string {
  const small = smallest(trial, (simpler) => difference(simpler, fast) !== null);
  return [
    `CAIRN_SEED=${SEED}, trial ${number}: ${found}`,
    `smallest: ${difference(small, fast)}`,
    printed(small),
  ].join("\n");
}

t.test("random queries over random patients are answered alike by both engines", (t) => {
  const pairs = new Set<string>();
  const units = new Set<string>();
  let queries = 0;
  for (let number = 0; number < TRIALS; number++) {
    const trial = trialOf(number);
    const found = difference(trial);
    if (found !== null) {
      t.fail(report(trial, found, number, FAST));
      return t.end();
    }
    queries += trial.queries.length;
    for (const query of trial.queries) {
      for (const pair of pairsOf(query)) pairs.add(pair);
      for (const name of unitsOf(query)) units.add(name);
    }
  }
  t.ok(queries >= TRIALS * 18, `${queries} queries x ${PATIENTS} patients x 6 dates or more`);
  t.strictSame(
    PAIRS.map(nameOf).filter((name) => !pairs.has(name)),
    [],
    `each of the ${PAIRS.length} pairs of kinds has come up`,
  );
  t.strictSame(
    UNITS.filter((name) => !units.has(name)),
    [],
    `each of the ${UNITS.length} units with each key has come up`,
  );
  t.end();
});

t.test(
  "every kind of condition holds and does not hold, and every comparison is missing, for somebody",
  (t) => {
    const seen = new Set<string>();
    for (let number = 0; number < 12; number++) {
      const { patients, queries, dates } = trialOf(number);
      for (const query of queries) {
        for (const condition of allConditions(query)) {
          for (const patient of patients.slice(0, 25)) {
            const { holds, missing } = verdictOf(condition, { patient, query, date: dates[0]! });
            seen.add(`${kindOf(condition, query)} ${holds}`);
            if (missing) seen.add(`${kindOf(condition, query)} missing`);
          }
        }
      }
    }
    const expected = KINDS.flatMap((kind) => [`${kind} true`, `${kind} false`]);
    const missing = COMPARISON_KINDS.filter((kind) => !kind.startsWith("count")).map(
      (kind) => `${kind} missing`,
    );
    t.strictSame(
      [...expected, ...missing].filter((name) => !seen.has(name)),
      [],
    );
    t.end();
  },
);

t.test("a fault in one engine is noticed", (t) => {
  const trials = Array.from({ length: 60 }, (_, number) => trialOf(number));
  for (const [name, fast] of Object.entries(FAULTS)) {
    const noticed = trials.findIndex((trial) => difference(trial, fast) !== null);
    t.ok(noticed >= 0, `${name}: noticed in trial ${noticed}`);
  }
  t.end();
});

t.test("a difference is brought down to one patient, one date and one query that can be read", (t) => {
  const fast = FAULTS["the other same-day rule of a register"]!;
  const differs = (trial: Trial) => difference(trial, fast) !== null;
  let number = 0;
  while (!differs(trialOf(number))) number++;
  const small = smallest(trialOf(number), differs);
  t.equal(small.patients.length, 1);
  t.equal(small.dates.length, 1);
  t.equal(small.queries.length, 1);
  t.ok(
    small.patients[0]!.events.length <= 2,
    "a diagnosis and a resolution on one day, or one event that is both",
  );
  t.strictSame(
    allConditions(small.queries[0]!)
      .map(({ form }) => form)
      .filter((form) => form !== "all"),
    ["unresolved"],
  );
  t.end();
});

t.test("the slow engine's own tables are those of the fast one", (t) => {
  const trial = trialOf(1);
  const fast = FAST.tables(trial);
  for (const [q, query] of trial.queries.entries()) {
    const slow = answerSlowly(trial.patients, query, trial.dates, trial.leaveOut);
    t.strictSame(
      fast[q]!.map(({ date, cells }) => ({
        date,
        denominator: cells[0]!.denominator,
        numerator: cells[0]!.numerator,
        cells: cells.map(({ split, denominator, numerator }) => ({ split, denominator, numerator })),
      })),
      slow,
      `query ${q}, over ${query.unit}`,
    );
  }
  t.end();
});
