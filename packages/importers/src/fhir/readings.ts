/** The readings of an observation or one of its components. */
import { codeOf, type RecordedCode } from "./codings.js";
import { type Json, objectAt, textAt } from "./json.js";
import { comparatorOf } from "../number-column.js";
import { isKnownUnit, unitOf } from "./units.js";

/** One event of a resource: most make one, a blood pressure three (itself and its two components). */
export interface FhirEvent {
  /** The code, or null where it is that of `medication`. */
  readonly code: RecordedCode | null;
  readonly value: number; // NaN: none
  readonly unit: string;
  readonly comparator: string;
  readonly quantity: number; // NaN: none
}

/** A number as text: with a comparator before it, and its unit behind. */
const WRITTEN = /^\s*(<=?|>=?|=[<>]|[\u2264\u2265~])?\s*([+-]?\d+(?:\.\d+)?)(?:\s*(\S.*?))?\s*$/;
const COMPARATORS = new Set(["<", "<=", ">", ">="]);

export function reading(from: Json): FhirEvent {
  const code = codeOf(objectAt(from, "code"));
  const quantity = objectAt(from, "valueQuantity");
  if (quantity !== null) return quantityOf(code, quantity);
  if (typeof from.valueInteger === "number") return event(code, from.valueInteger, "", "");
  return typeof from.valueString === "string" ? writtenOf(code, from.valueString) : event(code, NaN, "", "");
}

function quantityOf(code: RecordedCode, quantity: Json): FhirEvent {
  const comparator = textAt(quantity, "comparator") ?? "";
  const unit = unitOf(quantity);
  const known = COMPARATORS.has(comparator) ? comparator : "";
  if (typeof quantity.value === "number") return event(code, quantity.value, unit, known);
  const written = typeof quantity.value === "string" ? WRITTEN.exec(quantity.value) : null;
  if (written === null || written[3] !== undefined) return event(code, NaN, unit, known);
  return event(code, Number(written[2]), unit, comparatorOf(written[1] ?? known));
}

/**
 * The event of a value in words. It is a number only where a comparator or a unit says so: "5" can be a choice, and a
 * year is no reading.
 */
function writtenOf(code: RecordedCode, text: string): FhirEvent {
  const [, comparator = "", number = "", unit = ""] = WRITTEN.exec(text) ?? [];
  const isReading = unit === "" ? comparator !== "" : isKnownUnit(unit);
  return isReading ? event(code, Number(number), unit, comparatorOf(comparator)) : event(code, NaN, "", "");
}

function event(code: RecordedCode, value: number, unit: string, comparator: string): FhirEvent {
  return { code, value: Number.isFinite(value) ? value : NaN, unit, comparator, quantity: NaN };
}
