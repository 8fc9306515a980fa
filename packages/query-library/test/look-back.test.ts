import { fileURLToPath } from "node:url";
import { LIBRARY_LOCATION } from "@cairn/library";
import t from "tap";
import { readLibraryFolder } from "../src/folder.js";
import { hasIndependentDates, isApart, lookBackMonths, monthsBetween, openLibrary } from "../src/index.js";
import type { ItemsQuery, Query, Window } from "../src/index.js";

const { library } = openLibrary(readLibraryFolder(fileURLToPath(LIBRARY_LOCATION)));

function named(name: string): Query {
  const found = library.queries.get(name);
  if (!found) throw new Error(`the library has no ${name}`);
  return found.query;
}

t.test("the longest window that has a beginning says how far back a query looks", async (t) => {
  t.equal(
    lookBackMonths(named("bp-control")),
    12,
    "the register reaches back without limit, and does not count",
  );
  t.equal(lookBackMonths(named("doac-no-kidney-test")), 15);
  t.equal(lookBackMonths(named("nsaid-65-no-gastroprotection")), 3);
  t.equal(lookBackMonths(named("records-old-codes-mapped")), 120, "ten years");
  t.equal(lookBackMonths(named("hypertension-register")), null);
});

t.test("days and weeks are months, rounded up", async (t) => {
  const months = (from: Window["from"]): number | null => {
    const query = named("broad-spectrum-share") as ItemsQuery;
    const window = { from, to: null };
    const [denominator, numerator] = [query.denominator, query.numerator].map((part) => ({
      ...part,
      window,
    })) as [ItemsQuery["denominator"], ItemsQuery["numerator"]];
    return lookBackMonths({ ...query, facts: {}, who: null, denominator, numerator });
  };
  t.same(
    [7, 28, 31, 40, 90, 92, 100].map((n) => months({ n, unit: "days" })),
    [1, 1, 1, 2, 3, 3, 4],
  );
  t.same(
    [4, 13, 26, 52].map((n) => months({ n, unit: "weeks" })),
    [1, 3, 6, 12],
  );
  t.equal(months({ n: 2, unit: "years" }), 24);
  t.equal(months(null), null);
});

t.test("dates are apart where they share no month that is looked at", async (t) => {
  t.equal(monthsBetween("2024-03-31", "2025-03-31"), 12);
  t.ok(isApart(12, "2024-03-31", "2025-03-31"));
  t.notOk(isApart(12, "2024-06-30", "2025-03-31"));
  t.ok(isApart(3, "2024-12-31", "2025-03-31"), "ends of months differ in length");
});

t.test("only what was issued anew makes independent dates: 14 queries of the library", async (t) => {
  const independent = [...library.queries.values()]
    .map(({ query }) => query)
    .filter(hasIndependentDates)
    .map(({ query }) => query);
  t.same(independent, [
    "ace-inhibitor-diuretic-nsaid",
    "anticoagulant-antiplatelet-no-gastroprotection",
    "anticoagulant-nsaid",
    "aspirin-antiplatelet-no-gastroprotection",
    "asthma-beta-blocker",
    "asthma-laba-no-steroid",
    "dementia-antipsychotic",
    "egfr-45-nsaid",
    "heart-failure-nsaid",
    "nsaid-65-no-gastroprotection",
    "opioid-with-sedative",
    "ulcer-antiplatelet-no-gastroprotection",
    "ulcer-nsaid-no-gastroprotection",
    "valproate-women-12-54",
  ]);
  const monthly = { ...named("valproate-women-12-54"), periods: { every: "month", count: 24 } } as Query;
  t.notOk(hasIndependentDates(monthly), "three months, asked each month, overlap");
  const register = named("diabetes-type-recorded");
  t.notOk(hasIndependentDates(register), "a code of any time stands at every date");
});
