/** G2 over all versions of a query at a date, and for what is withheld though it is not small. */
import t from "tap";
import { decide, memoryHistory, policyNamed, type UndecidedTable } from "../src/index.js";
import { cell, table, type Span } from "./tables.js";
import { solver } from "./solver.js";

const policy = policyNamed("k8-r5");

function reasons(batch: readonly UndecidedTable[]) {
  return decide(batch, memoryHistory(), policy, { solver }).tables.map(({ reasons }) =>
    reasons.map(({ denominator }) => denominator),
  );
}

t.test(
  "a sum withheld for one large contributor does not come back from the total and the other part",
  async (t) => {
    const sum = (split: Record<string, string>, people: Span, issues: number, largest: number) => ({
      ...cell(split, [people], []),
      denominator: issues,
      largestDenominator: largest,
    });
    const asked = table(
      [
        sum({}, [0, 60], 400, 100),
        sum({ sex: "female" }, [0, 40], 250, 20),
        sum({ sex: "male" }, [40, 60], 150, 100),
      ],
      { unit: "items" },
    );
    t.same(reasons([asked]), [[null, "g2-combination", "g0-dominated"]]);
  },
);

t.test("a later version with other bands makes no small group of the first computable", async (t) => {
  const bands = (version: string, ...parts: Span[]): UndecidedTable =>
    table([cell({}, [[0, 205]], []), ...parts.map((part, nth) => cell({ age_band: `${nth}` }, [part], []))], {
      version,
    });
  const first = bands("1", [0, 60], [60, 65], [65, 205]);
  t.same(reasons([first])[0], [null, "g2-combination", "g0-small", null]);
  // Its first two bands are the first edition's withheld one: total less these and less its last is five people.
  const second = bands("2", [0, 30], [30, 60], [60, 205]);
  t.same(reasons([first, second])[1], [null, null, "g2-combination", "g1-pair"]);
  t.same(reasons([second])[0], [null, null, null, null], "alone it gives nothing away");
});

t.test("what G1 withholds is not withheld in vain", async (t) => {
  // In the second version the men are three more than a set that the first released, and total less women gives them.
  const men: Span = [100, 153];
  const first = table([cell({ sex: "male" }, [[100, 150]], [])], { version: "1" });
  const second = table(
    [cell({}, [[0, 90], men], []), cell({ sex: "female" }, [[0, 90]], []), cell({ sex: "male" }, [men], [])],
    { version: "2" },
  );
  t.same(reasons([first, second])[1], [null, "g2-combination", "g1-pair"]);
});

t.test("nor what G1 withholds for another query's values, within its own query", async (t) => {
  // a, b and c as in G1's own test: the men and two others come to 1 to 4 people.
  const two: Span = [500, 502];
  const other = [
    table([cell({}, [[0, 101]], [])], { query: "a" }),
    table([cell({}, [[0, 101], two], [])], { query: "b" }),
    table([cell({}, [[1000, 1199]], [])], { query: "c" }),
  ];
  const asked = table(
    [
      cell({}, [[0, 90], two, [1000, 1199]], []),
      cell({ sex: "female" }, [[0, 90]], []),
      cell({ sex: "male" }, [two, [1000, 1199]], []),
    ],
    { query: "d" },
  );
  t.same(reasons([...other, asked]).at(-1), [null, "g2-combination", "g1-values"]);
});
