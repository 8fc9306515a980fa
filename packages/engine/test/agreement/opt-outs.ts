/** Who opted out in a trial: the practice's own list, and codes of three systems, as recorded or mapped away, taken back and given again. */
import type { CodeSystem, OptOutCodes } from "@cairn/query-library";
import type { PlainEvent, PlainPatient } from "../../../tables/src/patients.js";
import { list } from "../making.js";
import type { Random } from "./random.js";
import { beside, type World } from "./world.js";

const SYSTEMS: readonly CodeSystem[] = ["snomed", "read2", "ctv3"];
const listOf = (code: string) =>
  SYSTEMS.map((system) => list(`${code} in ${system}`, { system, codes: [code] }));

export const OPT_OUTS: OptOutCodes = { optedOut: listOf("out"), withdrawn: listOf("back") };

/** Some of the patients on the practice's list, and some with a few opt-outs and withdrawals, on two days that are near a reference date, or on one. */
export function withOptOuts(random: Random, world: World, patients: readonly PlainPatient[]): PlainPatient[] {
  return patients.map((patient) => {
    if (random.chance(0.1)) return { ...patient, leftOut: true };
    if (random.chance(0.6)) return patient;
    const days = [0, 1].map(() => beside(random, random.pick(world.dates)));
    const said = Array.from({ length: random.int(1, 4) }, () => someWord(random, random.pick(days)));
    return { ...patient, events: [...patient.events, ...said] };
  });
}

function someWord(random: Random, day: string): PlainEvent {
  const date = random.chance(0.1) ? "" : day;
  const code = random.pick(["out", "out", "back", "neither"]);
  const system = random.pick([...SYSTEMS, "dmd", "local"] as const);
  if (random.chance(0.6)) return { date, system, code };
  // What the practice's code map made of it may say the same, the opposite or nothing.
  const mappedTo = random.pick(["out", "back", "neither"]);
  return {
    date,
    system: "snomed",
    code: mappedTo,
    recordedSystem: system,
    recordedCode: code,
    mapped: "mapped",
  };
}
