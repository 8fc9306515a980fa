/** The unit of a quantity: its code counts before its words, which are for people and differ by system. */
import { conversion } from "@cairn/engine";
import { UNIT_NAMES } from "@cairn/query-library";
import { type Json, textAt } from "./json.js";

const UCUM = /^https?:\/\/unitsofmeasure\.org\/?$/;

/** The unit as stored: the code, unless only the words, or another code system's words, name a known unit. */
export function unitOf(quantity: Json): string {
  const code = textAt(quantity, "code")?.trim() ?? "";
  const words = textAt(quantity, "unit")?.trim() ?? "";
  if (code === "" || words === "" || code === words) return code || words;
  if (isKnownUnit(code)) return code;
  const ofUnits = UCUM.test(textAt(quantity, "system") ?? "http://unitsofmeasure.org");
  return isKnownUnit(words) || !ofUnits ? words : code;
}

const known = new Map<string, boolean>();
const MOST_KNOWN = 1000;

/** Whether a query can ask for the unit, in any spelling that the engine takes for one of the library's units. */
export function isKnownUnit(unit: string): boolean {
  const before = known.get(unit);
  if (before !== undefined) return before;
  const found = UNIT_NAMES.some((name) => conversion(unit, name, "") === "same");
  if (known.size < MOST_KNOWN) known.set(unit, found);
  return found;
}
