import { type EthnicGroup, type Sex, SEXES } from "@cairn/query-library";
import type { PatientFacts } from "../../records/load.js";
import { partialDay } from "./facts.js";
import { type Json, listAt, objectAt, textAt } from "./json.js";

export function patientFacts(resource: Json): PatientFacts {
  const gender = textAt(resource, "gender") ?? "unknown";
  const birth = textAt(resource, "birthDate");
  const birthDay = partialDay(birth);
  return {
    sex: (SEXES as readonly string[]).includes(gender) ? (gender as Sex) : "unknown",
    birthDay,
    birthPrecision:
      birthDay === null ? null : birth!.length === 4 ? "year" : birth!.length === 7 ? "month" : "day",
    deathDay: deathOf(resource, birthDay),
    deprivationFifth: 0,
    ethnicGroup: ethnicGroupOf(resource),
  };
}

/** Somebody dead on a day that nobody wrote down is in no question's population, rather than in all of them for ever. */
function deathOf(resource: Json, birthDay: number | null): number | null {
  const day = partialDay(textAt(resource, "deceasedDateTime"));
  return day ?? (resource.deceasedBoolean === true ? (birthDay ?? 0) : null);
}

/** The 2001 census categories that the NHS codes A to Z; Chinese is counted with Asian as in 2011 and since. */
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
