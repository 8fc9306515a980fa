import { type EthnicGroup, type Sex, SEXES } from "@cairn/query-library";
import type { PatientFacts } from "@cairn/records";
import { partialDay } from "./facts.js";
import { type Json, listAt, objectAt, textAt } from "./json.js";

/** The facts of a patient, and the parts of the resource that cannot be true, in words. */
export function patientFacts(resource: Json): { facts: PatientFacts; said: readonly string[] } {
  const said: string[] = [];
  const birth = textAt(resource, "birthDate");
  const birthDay = partialDay(birth);
  if (birth !== null && birthDay === null)
    said.push("its birthDate is no date from 1800 to 2199; taken without one");
  const facts: PatientFacts = {
    sex: sexOf(resource, said),
    birthDay,
    birthPrecision:
      birthDay === null ? null : birth!.length === 4 ? "year" : birth!.length === 7 ? "month" : "day",
    deathDay: deathOf(resource, birthDay, said),
    deprivationFifth: 0,
    ethnicGroup: ethnicGroupOf(resource),
  };
  return { facts, said };
}

function sexOf(resource: Json, said: string[]): Sex {
  if (resource.gender === undefined || resource.gender === null) return "unknown";
  const gender = textAt(resource, "gender") ?? "";
  if ((SEXES as readonly string[]).includes(gender)) return gender as Sex;
  said.push("its gender is none of the codes male, female, other and unknown; taken as unknown");
  return "unknown";
}

/**
 * The day of death. Somebody dead without a date is in no question's population, rather than in all of them for ever.
 */
function deathOf(resource: Json, birthDay: number | null, said: string[]): number | null {
  const text = textAt(resource, "deceasedDateTime");
  const day = partialDay(text);
  if (text === null || day !== null)
    return day ?? (resource.deceasedBoolean === true ? (birthDay ?? 0) : null);
  said.push("its deceasedDateTime is no date from 1800 to 2199; taken as dead on an unknown day");
  return birthDay ?? 0;
}

/** The postcode of where a person lives now: of their home before another address; empty where there is none. */
export function postcodeOf(resource: Json): string {
  const now = listAt(resource, "address").filter(
    (address) => address.use !== "old" && textAt(objectAt(address, "period"), "end") === null,
  );
  const home = now.find((address) => address.use === "home") ?? now[0];
  return textAt(home, "postalCode") ?? "";
}

/**
 * Ethnic groups by the 2001 census categories that the NHS codes A to Z; Chinese is counted with Asian as in 2011 and
 * since.
 */
const NHS_CATEGORIES: readonly (readonly [letters: string, group: EthnicGroup])[] = [
  ["ABC", "white"],
  ["DEFG", "mixed"],
  ["HJKLR", "asian"],
  ["MNP", "black"],
  ["S", "other"],
];
const US_RACES: Readonly<Record<string, EthnicGroup>> = {
  "2106-3": "white",
  "2028-9": "asian",
  "2054-5": "black",
  "2131-1": "other",
  "1002-5": "other",
  "2076-8": "other",
};

function ethnicGroupOf(resource: Json): EthnicGroup {
  for (const extension of listAt(resource, "extension")) {
    const url = textAt(extension, "url") ?? "";
    if (url.includes("EthnicCategory")) {
      const letter =
        textAt(listAt(objectAt(extension, "valueCodeableConcept"), "coding")[0], "code")?.[0] ?? "Z";
      return NHS_CATEGORIES.find(([letters]) => letters.includes(letter))?.[1] ?? "unknown";
    }
    if (url.endsWith("us-core-race")) {
      const races = listAt(extension, "extension").filter((part) => part.url === "ombCategory");
      if (races.length > 1) return "mixed";
      return US_RACES[textAt(objectAt(races[0], "valueCoding"), "code") ?? ""] ?? "unknown";
    }
  }
  return "unknown";
}
