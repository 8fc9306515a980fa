/** A guard that withholds everything is safe and useless: 13 registers with 2 indicators each, one-way splits. */
import t from "tap";
import { decideWith } from "../src/decide.js";
import { ALL_GUARDS } from "../src/guards.js";
import { memoryHistory, policyNamed } from "../src/index.js";
import { library, practice, seeded, tableOf } from "./population.js";
import { nextQuarter } from "./tables.js";

const isLong = Boolean(process.env["CAIRN_LONG"]);
const periods = isLong ? 16 : 3;

/** Shares of totals and of one-way counts that are released at the last of several quarters. */
function released(size: number): { totals: number; oneWay: number } {
  const random = seeded(size);
  const people = practice(size, random);
  const history = memoryHistory();
  let last = { totals: 0, oneWay: 0 };
  for (let n = 0; n < periods; n++) {
    const moved = n > 0 ? practice(size, random) : [];
    moved.forEach((person, key) => void (random() < 0.03 && (people[key] = person)));
    const batch = library(13, 2, undefined, nextQuarter(n)).map((question) => tableOf(people, question));
    const decision = decideWith({ ...ALL_GUARDS, g3: false }, batch, history, policyNamed("k8-r5"));
    history.append(decision.entries);
    const cells = decision.tables.flatMap(({ released: { cells: all } }) => all);
    const share = (keys: number): number => {
      const counts = cells
        .filter(({ split }) => Object.keys(split).length === keys)
        .flatMap((c) => [c.denominator, c.numerator]);
      return counts.filter((value) => value !== "withheld").length / counts.length;
    };
    last = { totals: share(0), oneWay: share(1) };
  }
  return last;
}

t.test("a practice of 8,000 releases 95 % of totals and 60 % of one-way counts", async (t) => {
  for (const size of isLong ? [3000, 8000, 15000] : [8000]) {
    const { totals, oneWay } = released(size);
    t.comment(
      `${size} patients, quarter ${periods}: totals ${(100 * totals).toFixed(0)} %, one-way ${(100 * oneWay).toFixed(0)} %`,
    );
    if (size < 8000) continue;
    t.ok(totals >= 0.95, "totals");
    t.ok(oneWay >= 0.6, "one-way");
  }
});
