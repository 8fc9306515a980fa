/** G2 against an independent check: rational elimination over people, in `exact-check.ts`. */
import t from "tap";
import { decideWith } from "../src/decide.js";
import { inverse, modulo, PRIMES } from "../src/field.js";
import { ALL_GUARDS, type Guards } from "../src/guards.js";
import { memoryHistory, policyNamed } from "../src/index.js";
import { computable, leftOf } from "./exact-check.js";
import { solver } from "./solver.js";
import { AXES, practice, seeded, tableOf, type Axis, type Person, type Question } from "./population.js";

const policy = policyNamed("k8-r5");
const thresholdsOnly: Guards = { ...ALL_GUARDS, g1: false, g2: false, g3: false };

function exposed(people: readonly Person[], question: Question, guards: Guards): string[] {
  const asked = tableOf(people, question);
  const [decided] = decideWith(guards, [asked], memoryHistory(), policy, { solver }).tables;
  if (!decided) throw new Error("not decided");
  return computable(asked, leftOf(decided.released)).map(({ group }) => group);
}

/** People by a table of counts: `counts[row][column]` of them in age band row and deprivation fifth column. */
function laidOut(
  counts: readonly (readonly number[])[],
  third: (row: number, column: number) => string = () => "female",
): Person[] {
  return counts.flatMap((row, r) =>
    row.flatMap((count, c) =>
      Array.from({ length: count }, (): Person => ({
        age: 40,
        at: {
          sex: third(r, c),
          age_band: AXES.age_band[r] ?? "",
          deprivation_fifth: AXES.deprivation_fifth[c] ?? "",
          ethnic_group: "white",
        },
        lot: new Float64Array(0),
      })),
    ),
  );
}

const everyone = (splits: readonly (readonly Axis[])[]): Question => ({
  query: "q",
  splits,
  denominator: () => true,
  numerator: () => false,
});

t.test(
  "a table whose lines all have two gaps, and one cell solvable all the same, comes out safe",
  async (t) => {
    // Two rings of gaps joined by one cell: every row and column has two or three, and yet the joint is computable.
    const [o, x] = [20, 3];
    const people = laidOut([
      [x, x, o, o],
      [x, x, x, o],
      [o, o, x, x],
      [o, o, x, x],
    ]);
    const question = everyone([["age_band"], ["deprivation_fifth"], ["age_band", "deprivation_fifth"]]);
    t.same(exposed(people, question, thresholdsOnly), [
      "age_band=17-39 deprivation_fifth=3 all",
      "age_band=17-39 deprivation_fifth=3 rest",
    ]);
    t.same(exposed(people, question, ALL_GUARDS), []);
  },
);

t.test(
  "a three-way table whose lines all have two gaps or three, and a cell solvable all the same, comes out safe",
  async (t) => {
    const [o, x] = [20, 4]; // two sexes of four are eight: their sum is released
    const layer = [
      [x, x, o, o],
      [x, x, x, o],
      [o, o, x, x],
      [o, o, x, x],
    ];
    const people = [...laidOut(layer), ...laidOut(layer, () => "male")];
    const question = everyone([
      ["age_band", "deprivation_fifth"],
      ["sex", "age_band"],
      ["sex", "deprivation_fifth"],
      ["sex", "age_band", "deprivation_fifth"],
    ]);
    const given = exposed(people, question, thresholdsOnly);
    for (const sex of ["female", "male"])
      t.ok(
        given.includes(`age_band=17-39 deprivation_fifth=3 sex=${sex} all`),
        `thresholds give ${sex} away`,
      );
    t.same(exposed(people, question, ALL_GUARDS), []);
  },
);

t.test("a three-way table released by its two-way margins gives no small cell back", async (t) => {
  const random = seeded(31);
  const people = practice(260, random);
  const two: readonly (readonly Axis[])[] = [
    ["sex", "age_band"],
    ["age_band", "deprivation_fifth"],
    ["sex", "deprivation_fifth"],
  ];
  const question = { ...everyone(two), numerator: (person: Person) => person.age % 3 === 0 };
  t.not(exposed(people, question, thresholdsOnly).length, 0, "thresholds alone give some away");
  t.same(exposed(people, question, ALL_GUARDS), []);
});

t.test("random tables: no small group of the cross or a margin is computable", async (t) => {
  const seed = Number(process.env["CAIRN_SEED"] ?? 4);
  const random = seeded(seed);
  let without = 0;
  for (let round = 0; round < (process.env["CAIRN_LONG"] ? 60 : 6); round++) {
    const people = practice(80 + Math.floor(random() * 400), random);
    const all: readonly (readonly Axis[])[] = [
      ["sex"],
      ["age_band"],
      ["deprivation_fifth"],
      ["sex", "age_band"],
      ["age_band", "deprivation_fifth"],
    ];
    const splits = all.filter(() => random() < 0.7);
    const share = 0.2 + 0.6 * random();
    const question = { ...everyone(splits), numerator: (person: Person) => (person.lot[0] ?? 0) < share };
    without += exposed(people, question, thresholdsOnly).length;
    t.same(exposed(people, question, ALL_GUARDS), [], `seed ${seed}, round ${round}`);
  }
  t.not(without, 0, "thresholds alone give some away");
});

t.test("bands that overlap within one query are told apart by the groups they cut out", async (t) => {
  const random = seeded(8);
  const people = practice(600, random);
  const asked = tableOf(people, everyone([["age_band"]]));
  const old = (person: Person) => (person.age >= 62 ? "62+" : "0-61");
  const cells = ["0-61", "62+"].map((band) => {
    const [cell] = tableOf(people, { ...everyone([]), denominator: (person) => old(person) === band }).cells;
    return { ...cell!, split: { age_band: band } };
  });
  const both = { ...asked, cells: [...asked.cells, ...cells] };
  const [decided] = decideWith(ALL_GUARDS, [both], memoryHistory(), policy, { solver }).tables;
  t.same(computable(both, leftOf(decided!.released)), []);
});

t.test("the primes are prime, below 2^26, and arithmetic with them is exact", async (t) => {
  for (const prime of PRIMES) {
    t.ok(prime < 2 ** 26);
    for (let d = 2; d * d <= prime; d++) if (prime % d === 0) t.fail(`${prime} = ${d} x ...`);
    for (const x of [1, 2, prime - 1, 123_456]) t.equal(modulo(x * inverse(x, prime), prime), 1);
    const large = (prime - 1) * (prime - 1);
    t.equal(
      modulo(-large, prime),
      Number(((-BigInt(large) % BigInt(prime)) + BigInt(prime)) % BigInt(prime)),
    );
  }
});
