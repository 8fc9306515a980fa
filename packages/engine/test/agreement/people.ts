/** Patients who are awkward in every way at once: few codes, few days, ties, gaps, mixed units. */
import { CODE_SYSTEMS, ETHNIC_GROUPS, MAP_STATES, SEXES } from "@cairn/query-library";
import type { PlainEvent, PlainPatient } from "../../../tables/src/patients.js";
import { after, before, type Day } from "../../src/slow/days.js";
import { MEASURES, MEDICINES } from "./codes.js";
import type { Random } from "./random.js";
import { away, beside, type World } from "./world.js";

/** How many patients have only two days and few events, so that nothing hides a boundary that is missed. */
const DUETS = 0.4;

export function somePatients(random: Random, world: World, count: number): PlainPatient[] {
  return Array.from({ length: count }, (_, i) => somePatient(random, `patient ${i}`, world));
}

function somePatient(random: Random, id: string, world: World): PlainPatient {
  const duet = random.chance(DUETS);
  const days = duet ? someDuet(random, world) : someDays(random, world);
  const codes = someCodes(random, world, duet ? 1 : random.int(1, 3));
  return {
    id,
    born: someBirth(random, world.dates),
    died: random.chance(0.75) ? null : beside(random, random.pick(world.dates)),
    sex: random.pick(SEXES),
    deprivationFifth: random.pick([1, 2, 3, 4, 5, null]),
    ethnicGroup: random.pick(ETHNIC_GROUPS),
    registrations: someRegistrations(random, world.boundaries),
    events: Array.from({ length: howMany(random, duet) }, () =>
      someEvent(random, random.pick(codes), random.chance(0.03) ? "" : random.pick(days)),
    ),
  };
}

function howMany(random: Random, duet: boolean): number {
  if (duet) return random.int(2, 4);
  return random.chance(0.05) ? 50 : random.int(0, 20);
}

/** Of as many kinds of list: a patient's codes are ones that some form asks about together. */
function someCodes(random: Random, { clinical, measured, medicines }: World, kinds: number): string[] {
  const lists = random.some([clinical, measured, medicines, measured], kinds).flat();
  return [...new Set(lists.flatMap(({ codes }) => codes))];
}

/** Two days as far apart as queries ask for, or a day less or more, and nothing else to hide behind. */
function someDuet(random: Random, { boundaries, apart }: World): Day[] {
  const day = random.pick(boundaries);
  const other = after(day, random.pick(apart));
  return [day, after(other, DAYS(random.pick([-1, 0, 1])))];
}

/** A few days, some of them near each other. */
function someDays(random: Random, { boundaries, apart }: World): Day[] {
  const days = random.some(boundaries, random.int(1, 4));
  return [...days, ...days.filter(() => random.chance(0.5)).map((day) => away(random, day, apart))];
}

/** Birthdays on and beside a reference date, on 29 February, unknown, and after the reference date. */
function someBirth(random: Random, dates: readonly Day[]): Day | null {
  if (random.chance(0.1)) return null;
  if (random.chance(0.2)) return random.pick(["1960-02-29", "2004-02-29", "2008-02-29"]);
  const age = random.pick([0, 5, 6, 17, 18, 40, 65, 64, 80]);
  return beside(random, before(random.pick(dates), { n: age, unit: "years" }));
}

/** One plain registration, or a few that overlap, touch, leave a day between them or contain each other. */
function someRegistrations(random: Random, boundaries: readonly Day[]): PlainPatient["registrations"] {
  if (random.chance(0.4)) return [{ start: random.pick(["2010-01-01", random.pick(boundaries)]), end: null }];
  const registrations: { start: Day; end: Day | null }[] = [];
  for (let i = random.int(0, 4); i > 0; i--) {
    const last = registrations.at(-1)?.end ?? null;
    const start =
      last !== null && random.chance(0.7)
        ? random.pick([before(last, DAYS(40)), last, after(last, DAYS(1)), after(last, DAYS(2))])
        : random.pick(boundaries);
    const end = after(start, { n: random.pick([0, 1, 30, 200, 800]), unit: "days" });
    registrations.push({
      start,
      end: random.chance(0.25) ? null : random.pick([end, laterOf(random, boundaries, start)]),
    });
  }
  return random.shuffled(registrations);
}

const DAYS = (n: number) => ({ n, unit: "days" }) as const;

function laterOf(random: Random, boundaries: readonly Day[], start: Day): Day {
  return random.pick([start, ...boundaries.filter((day) => day >= start)]);
}

function someEvent(random: Random, code: string, date: Day): PlainEvent {
  const medicine = MEDICINES[0]!.codes.includes(code);
  const measure = MEASURES[code];
  const unit = measure && random.pick(measure.units);
  return {
    date,
    ...someOrigin(random, code, medicine),
    ...(measure && random.chance(0.9) ? { value: random.pick(measure.numbers) } : {}),
    ...(unit === undefined ? {} : { unit }),
    ...(random.chance(0.3) ? { comparator: random.pick(["<", "<=", ">", ">=", "~"] as const) } : {}),
    ...(medicine && random.chance(0.8) ? { quantity: random.pick([28, 56, 0.5, 0.0004, 1.2345, 0]) } : {}),
    ...(random.chance(0.8) ? { clinician: random.pick([0, 1, 2, 70_000, 70_001]) } : {}),
  };
}

function someOrigin(
  random: Random,
  code: string,
  medicine: boolean,
): Pick<PlainEvent, "system" | "code" | "recordedSystem" | "mapped"> {
  if (random.chance(0.05)) return { system: "local", code: "" };
  const system = random.chance(0.12)
    ? "read2"
    : random.pick(medicine ? (["dmd", "snomed"] as const) : (["snomed"] as const));
  return {
    system,
    code,
    ...(random.chance(0.4) ? { recordedSystem: random.pick([...CODE_SYSTEMS.slice(0, 4)]) } : {}),
    ...(random.chance(0.4) ? { mapped: random.pick(MAP_STATES) } : {}),
  };
}
