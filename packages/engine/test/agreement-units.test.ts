/** Both engines read UNITS.md for themselves: every spelling to every unit, of every substance, comes out the same. */
import { readFileSync } from "node:fs";
import t from "tap";
import { readingsOf } from "../src/slow/readings.js";
import { conversion } from "../src/units.js";
import { list } from "./making.js";

const UNITS = readFileSync(new URL("../UNITS.md", import.meta.url), "utf8");
/** Whatever the page has between backticks, if it could be a unit; and some that it does not know. */
const WRITTEN = [...new Set([...UNITS.matchAll(/`([^`\s]+)`/g)].map((match) => match[1]!))];
const SPELLINGS = [...WRITTEN, "mmol / L", " UMOL/L ", "µmol/L", "μmol/L", "mmHg", "KG", "stones", "", " "];
const SUBSTANCES = [
  "hba1c",
  "total-cholesterol",
  "hdl",
  "ldl",
  "fasting-glucose",
  "creatinine-or-so",
  "weight",
];
const NUMBERS = [-1.5, 0, 0.05, 1.2, 5.25, 7.5, 11, 58.4, 70, 126, 200];

function slowNumber(x: number, from: string, to: string, name: string): number | null {
  const event = { date: "2024-01-01", system: "snomed", code: "x", value: x, unit: from } as const;
  return readingsOf([event], list(name), { unit: to, plausible: null })[0]?.number ?? null;
}

function fastNumber(x: number, from: string, to: string, name: string): number | null {
  const way = conversion(from, to, name);
  return typeof way === "function" ? way(x) : way === "same" ? x : null;
}

t.test("every spelling to every unit, of every substance", (t) => {
  t.ok(WRITTEN.includes("[lb_av]") && WRITTEN.includes("ml/min/{1.73_m2}"), "the page's spellings are found");
  const differences: string[] = [];
  let converted = 0;
  for (const name of SUBSTANCES) {
    for (const from of SPELLINGS) {
      for (const to of WRITTEN) {
        for (const x of NUMBERS) {
          const [slow, fast] = [slowNumber(x, from, to, name), fastNumber(x, from, to, name)];
          if (slow !== null && slow !== x) converted++;
          if (!Object.is(slow, fast))
            differences.push(`${x} ${from} of ${name} in ${to}: ${fast} fast, ${slow} slow`);
        }
      }
    }
  }
  t.strictSame(differences, []);
  t.ok(converted > 1000, `${converted} of them are conversions`);
  t.end();
});

t.test("the examples of the page", (t) => {
  const examples = [
    [7.5, "%", "mmol/mol", "hba1c", 58],
    [200, "mg/dl", "mmol/l", "total-cholesterol", 5.2],
    [126, "mg/dl", "mmol/l", "fasting-glucose", 7],
    [1.2, "mg/dl", "umol/l", "creatinine", 106],
    [11, "lb", "kg", "weight", 5],
    [70, "in", "cm", "height", 178],
    [200, "mg/dl", "mmol/l", "something-else", null],
  ] as const;
  for (const [x, from, to, name, y] of examples) {
    t.equal(slowNumber(x, from, to, name), y, `${x} ${from} of ${name} is ${y} ${to}, slowly`);
    t.equal(fastNumber(x, from, to, name), y, "and fast");
  }
  t.end();
});
