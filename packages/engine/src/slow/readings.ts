/** The number of an event in the asked unit: UNITS.md, table by table. */
import type { Codelist, Reading as Asked } from "@cairn/query-library";
import type { PlainEvent } from "@cairn/tables";
import type { Day } from "./days.js";

/** A number in the asked unit, on a day. */
export interface Reading {
  readonly day: Day;
  readonly number: number;
  readonly comparator: NonNullable<PlainEvent["comparator"]> | null;
}

/** The readings among some events of a list: those with a number in the asked unit and the plausible range. */
export function readingsOf(events: readonly PlainEvent[], list: Codelist, asked: Asked): Reading[] {
  const readings: Reading[] = [];
  for (const event of events) {
    const number = numberOf(event, list, asked.unit);
    if (number === null || !isPlausible(number, asked.plausible)) continue;
    readings.push({ day: event.date, number, comparator: event.comparator ?? null });
  }
  return readings;
}

function isPlausible(number: number, range: Asked["plausible"]): boolean {
  return range === null || (number >= range[0] && number <= range[1]);
}

/**
 * The number as recorded where the unit is the asked one; converted and rounded where there is a conversion;
 * otherwise null.
 */
function numberOf(event: PlainEvent, list: Codelist, askedUnit: string): number | null {
  if (event.value === undefined || Number.isNaN(event.value)) return null;
  const recorded = plainSpelling(event.unit ?? "") || plainSpelling(list.unit ?? "");
  const asked = plainSpelling(askedUnit);
  if (recorded === "") return null;
  if (recorded === asked) return event.value;
  return converted(event.value, recorded, asked, list.name);
}

/**
 * The plain spelling of a unit: white space and case do not matter, the two micro signs are u, and some units have
 * other spellings.
 */
function plainSpelling(unit: string): string {
  const spelling = unit
    .replaceAll(/\s/g, "")
    .toLowerCase()
    .replaceAll("\u00b5", "u")
    .replaceAll("\u03bc", "u");
  switch (spelling) {
    case "mmol/molhb":
      return "mmol/mol";
    case "percent":
    case "%hb":
    case "%(dcct)":
      return "%";
    case "micromol/l":
    case "mcmol/l":
      return "umol/l";
    case "kgs":
    case "kilogram":
    case "kilograms":
      return "kg";
    case "gram":
    case "grams":
      return "g";
    case "lbs":
    case "[lb_av]":
    case "pound":
    case "pounds":
      return "lb";
    case "metre":
    case "metres":
    case "meter":
    case "meters":
      return "m";
    case "centimetre":
    case "centimetres":
    case "centimeter":
    case "centimeters":
      return "cm";
    case "inch":
    case "inches":
    case "[in_i]":
      return "in";
    case "mm[hg]":
      return "mmhg";
    case "ml/min/{1.73_m2}":
    case "ml/min/1.73m^2":
    case "ml/min/1.73m*2":
      return "ml/min/1.73m2";
    default:
      return spelling;
  }
}

interface UnitOfMeasure {
  readonly size: number; // in the first unit of its table
  readonly decimals: number; // to which results are reported
}
const WEIGHTS: Readonly<Record<string, UnitOfMeasure>> = {
  kg: { size: 1, decimals: 1 },
  g: { size: 0.001, decimals: 0 },
  lb: { size: 0.45359237, decimals: 1 },
};
const LENGTHS: Readonly<Record<string, UnitOfMeasure>> = {
  m: { size: 1, decimals: 2 },
  cm: { size: 0.01, decimals: 0 },
  in: { size: 0.0254, decimals: 1 },
};

/**
 * Converts by the table of conversions, rounded to the reporting precision of the unit asked for; null where there is
 * no conversion.
 */
function converted(x: number, from: string, to: string, listName: string): number | null {
  for (const units of [WEIGHTS, LENGTHS]) {
    const [given, wanted] = [units[from], units[to]];
    if (given && wanted) return rounded((x * given.size) / wanted.size, wanted.decimals);
  }
  if (from === "%" && to === "mmol/mol") return rounded(10.929 * (x - 2.15), 0);
  if (from === "mmol/mol" && to === "%") return rounded(x / 10.929 + 2.15, 1);
  switch (substanceOf(listName)) {
    case "cholesterol":
      if (from === "mg/dl" && to === "mmol/l") return rounded(x / 38.67, 1);
      if (from === "mmol/l" && to === "mg/dl") return rounded(x * 38.67, 0);
      return null;
    case "glucose":
      if (from === "mg/dl" && to === "mmol/l") return rounded(x / 18.0182, 1);
      if (from === "mmol/l" && to === "mg/dl") return rounded(x * 18.0182, 0);
      return null;
    case "creatinine":
      if (from === "mg/dl" && to === "umol/l") return rounded(x * 88.42, 0);
      if (from === "umol/l" && to === "mg/dl") return rounded(x / 88.42, 2);
      return null;
    case null:
      return null;
  }
}

function rounded(y: number, decimals: number): number {
  return Math.round(y * 10 ** decimals) / 10 ** decimals;
}

/** The substance that the list measures, by the list's name. */
function substanceOf(listName: string): "cholesterol" | "glucose" | "creatinine" | null {
  const says = (word: string) => listName.includes(word);
  if (says("cholesterol") || says("hdl") || says("ldl")) return "cholesterol";
  if (says("glucose")) return "glucose";
  if (says("creatinine")) return "creatinine";
  return null;
}

/** The lowest reading; of one number, '<' is below '<=' is below none and '~' is below '>=' is below '>'. */
export function lowestOf(readings: readonly Reading[]): Reading | undefined {
  return inOrder(readings)[0];
}

/** The highest reading, in the order of `lowestOf`. */
export function highestOf(readings: readonly Reading[]): Reading | undefined {
  return inOrder(readings).at(-1);
}

function inOrder(readings: readonly Reading[]): Reading[] {
  return [...readings].sort((a, b) => a.number - b.number || rankOf(a.comparator) - rankOf(b.comparator));
}

function rankOf(comparator: Reading["comparator"]): number {
  switch (comparator) {
    case "<":
      return 1;
    case "<=":
      return 2;
    case null:
    case "~":
      return 3;
    case ">=":
      return 4;
    case ">":
      return 5;
  }
}
