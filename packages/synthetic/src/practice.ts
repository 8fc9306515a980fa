/** Writes one invented practice: person by person, each from a seed of its own, in memory that does not grow. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CairnError } from "@cairn/errors";
import { addYears, parseDay, textOf } from "./days.js";
import { Events } from "./events.js";
import { FORMATS } from "./formats/index.js";
import type { FormatName } from "./formats/index.js";
import { drawPerson } from "./population/person.js";
import type { Person, Span } from "./population/person.js";
import { cliniciansOf, profileOf } from "./profile.js";
import type { Profile } from "./profile.js";
import { RandomStream } from "./random.js";
import type { Plan } from "./story/life.js";
import { details, writeLife } from "./story/life.js";

export interface PracticeOptions {
  readonly patients: number;
  /** The average over all patients, 50 to 2,000; reached within a few per cent from 1,000 patients on. */
  readonly eventsPerPatient: number;
  readonly seed: string | number;
  /** The last day of the records, `YYYY-MM-DD`. They begin twelve years before. */
  readonly until: string;
  /** A name of `PRACTICES`, or any other name, which gets a practice of its own. */
  readonly practice: string;
  readonly out: string;
  readonly format: FormatName;
  readonly gzip?: boolean;
  /** Called now and then with the number of patients written. */
  readonly progress?: (patients: number) => void;
}

export interface PracticeSummary {
  readonly practice: string;
  readonly code: string;
  readonly format: FormatName;
  readonly patients: number;
  readonly registrations: number;
  readonly events: number;
  readonly from: string;
  readonly until: string;
}

/** One line: which option, what it is, what it may be. */
export class SyntheticError extends CairnError<"bad-option"> {
  readonly kind = "wrong-use";
}

/**
 * Writes a practice. Patient i is the same person whatever the number of patients: only the rows beside the story
 * change with the budget.
 */
export async function writePractice(options: PracticeOptions): Promise<PracticeSummary> {
  const span = check(options);
  const profile = profileOf(options.practice);
  const seed = String(options.seed);
  const plan = planFor(profile, span, seed, options.eventsPerPatient);
  mkdirSync(options.out, { recursive: true });
  const writer = FORMATS[options.format](options.out, options.gzip ?? false, {
    profile,
    clinicians: cliniciansOf(profile),
    span,
  });
  const events = new Events();
  let [written, registrations] = [0, 0];
  for (let number = 0; number < options.patients; number++) {
    const person = personOf(number, profile, span, seed);
    writeLife(person, profile, span, plan, seed, events);
    await writer.patient(person, events, events.order());
    written += events.count;
    registrations += person.registrations.length;
    if (number % 100 === 99) options.progress?.(number + 1);
  }
  await writer.close();
  options.progress?.(options.patients);
  const summary: PracticeSummary = {
    practice: profile.name,
    code: profile.code,
    format: options.format,
    patients: options.patients,
    registrations,
    events: written,
    from: textOf(span.from),
    until: textOf(span.until),
  };
  const manifest = { ...summary, invented: true, seed, covers_to: summary.until };
  writeFileSync(join(options.out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  return summary;
}

function personOf(number: number, profile: Profile, span: Span, seed: string): Person {
  return drawPerson(number, profile, span, new RandomStream(seed, profile.name, "person", number));
}

const SAMPLE = 400;

/** The richest detail whose story leaves the budget room, and the rows beside it that fill the budget. */
function planFor(profile: Profile, span: Span, seed: string, budget: number): Plan {
  const events = new Events();
  let leanest: Plan | null = null;
  for (const detail of details(span)) {
    let [story, hunger] = [0, 0];
    for (let number = 0; number < SAMPLE; number++) {
      hunger += writeLife(
        personOf(number, profile, span, seed),
        profile,
        span,
        { detail, filler: 0 },
        seed,
        events,
      );
      story += events.count;
    }
    leanest = { detail, filler: Math.max(0, (budget * SAMPLE - story) / hunger) };
    if (story <= 0.97 * budget * SAMPLE) return leanest;
  }
  if (!leanest) throw new Error("no level of detail to choose from");
  return leanest;
}

function check(options: PracticeOptions): Span {
  const { patients, eventsPerPatient } = options;
  const until = parseDay(options.until);
  if (until === null)
    throw new SyntheticError("bad-option", `until: "${options.until}" is no date; write it as 2025-03-31`);
  if (!Number.isInteger(patients) || patients < 1 || patients > 999_999) {
    throw new SyntheticError("bad-option", `patients: ${patients} is not a whole number from 1 to 999,999`);
  }
  if (!(eventsPerPatient >= 50 && eventsPerPatient <= 2000)) {
    throw new SyntheticError(
      "bad-option",
      `events per patient: ${eventsPerPatient} is not between 50 and 2,000`,
    );
  }
  if (!(options.format in FORMATS)) {
    throw new SyntheticError(
      "bad-option",
      `format: "${options.format}" is none of ${Object.keys(FORMATS).join(", ")}`,
    );
  }
  return { from: addYears(until, -12) + 1, until };
}
