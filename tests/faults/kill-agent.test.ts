/**
 * H9: keeper and courier are killed (SIGKILL) at each step of a run. Whatever was acknowledged is there
 * afterwards, exactly one result is counted, and its comparison is taken once. Once each in CI, 30 times with CAIRN_LONG.
 */
import t from "tap";
import { PATIENCE_MS, REPEATS, Trials, within } from "./trials.js";

/** Where each process may die while one run goes its way, from the offer to the comparison that it is in. */
const KEEPER = ["offer", "run-started", "answer", "released", "take", "receipt", "comparison-taken"];
const COURIER = [
  ...["poll", "offer", "claim", "execute", "take", "submit", "acknowledge", "report"],
  "comparisons",
];

/**
 * Every place of one process, paired with a place of the other, so that one run meets two deaths. The two are never of one
 * call: the keeper's death while it executes could end the call for good, and the courier's place in it would never come.
 */
const DEATHS = [...COURIER.keys()].flatMap((i) =>
  ["before", "after"].map((moment) => [
    `courier.${COURIER[i]}-${moment}`,
    `keeper.${KEEPER[(i + 1) % KEEPER.length]}-${moment}`,
  ]),
);

t.test(
  "keeper and courier die at each step of a run: what was acknowledged is there, one result counts",
  async (t) => {
    const trials = await Trials.begin(t);
    const { practice } = trials;
    const deaths = (): number => practice.agent?.log.match(/ended \(SIGKILL\)/g)?.length ?? 0;
    for (const points of DEATHS) {
      for (let i = 0; i < REPEATS; i++) {
        const what = `killed at ${points.join(" and ")}`;
        practice.agent?.forget();
        trials.arm(...points);
        const date = await trials.ask();
        const dead = within(PATIENCE_MS, () => deaths() === 2).then(() => Date.now());
        await trials.checkOne(t, date, what);
        const last = await dead;
        t.equal(deaths(), 2, `${what}: both did die`);
        t.notOk(trials.awaits(...points), `${what}: and there`);
        await trials.settled(last);
        await trials.checkComparison(t, date, what);
      }
    }
    trials.checkNoneTwice(t);
  },
);
