/** Who is left after each step of a query: both engines say the same, and the last step leaves the numerator. */
import { stepsOf } from "@cairn/query-library";
import t from "tap";
import { answer, memorySource, stepsLeft, stepsLeftSlowly } from "../src/index.js";
import { whomOf } from "./agreement/compare.js";
import { OPT_OUTS, withOptOuts } from "./agreement/opt-outs.js";
import { somePatients } from "./agreement/people.js";
import { someQueries } from "./agreement/queries.js";
import { NO_CODES } from "../src/slow/opt-outs.js";
import { Random } from "./agreement/random.js";
import { someWorld } from "./agreement/world.js";

const SEED = Number(process.env.CAIRN_SEED ?? 20_240_229);

t.test(`random queries leave as many people after each step in both engines (seed ${SEED})`, async (t) => {
  let asked = 0;
  const kinds = new Set<string>();
  for (let number = 0; number < 24; number++) {
    const random = new Random(SEED + number * 104_729);
    const world = someWorld(random, number % 8 === 7 ? 40 : 6); // now and then two words of dates
    const queries = someQueries(random, world, { pairs: 8, alone: 4, items: 0, events: 0 }, number * 8);
    const patients = withOptOuts(new Random(SEED - number), world, somePatients(random, world, 40));
    const leaveOut = [null, OPT_OUTS, NO_CODES][number % 3] ?? null;
    const source = memorySource(patients);
    for (const query of queries) {
      if (query.unit !== "people") continue;
      const steps = stepsOf(query);
      for (const { keeps } of steps) kinds.add(keeps);
      const whom = whomOf({ patients, queries, dates: world.dates, leaveOut });
      const fast = stepsLeft(source, query, world.dates, whom);
      const [tables = []] = answer(source, [query], world.dates, whom);
      for (const [k, left] of fast.entries()) {
        if (left.some((people, i) => i > 0 && people > left[i - 1]!)) t.fail(`${left.join()} rises`);
        if (left.at(-1) !== tables[k]!.cells[0]!.numerator) t.fail(`${left.join()} is not the numerator`);
      }
      for (const k of [0, world.dates.length - 1]) {
        const slow = stepsLeftSlowly(patients, query, world.dates[k]!, leaveOut);
        if (fast[k]!.join() !== slow.join())
          t.fail(`trial ${number}, ${world.dates[k]}: ${fast[k]!.join()} fast, ${slow.join()} slow`);
        asked += slow.length;
      }
    }
  }
  t.ok(asked > 1000, `${asked} steps`);
  t.equal(kinds.size, 4, [...kinds].join());
});
