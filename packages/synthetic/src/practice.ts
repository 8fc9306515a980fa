/** Writes one invented practice: person by person, each from a seed of its own, in memory that does not grow. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CairnError } from "@cairn/errors";
import { addYears, parseDay, textOf } from "./days.js";
import { Events } from "./events.js";
import type { FormatWriter, PracticeContext } from "./formats/format.js";
import { FORMATS, NIGHTLY } from "./formats/index.js";
import type { FormatName } from "./formats/index.js";
import { Nights } from "./formats/nights.js";
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
  /** Whether some people opted out, or are marked as sensitive or confidential where a format can say so; else nobody. */
  readonly optOuts?: boolean;
  /**
   * Number of nightly deltas: the folder then holds one folder a night and nothing else, the first with a bulk. 0, where
   * absent: one bulk of the last day.
   */
  readonly deltas?: number;
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
  const { optOuts = false } = options;
  const plan = { ...planFor(profile, span, seed, options.eventsPerPatient), optOuts };
  mkdirSync(options.out, { recursive: true });
  const writer = writerFor(options, { profile, clinicians: cliniciansOf(profile), span, optOuts }, seed);
  const events = new Events();
  let [written, registrations] = [0, 0];
  for (let number = 0; number < options.patients; number++) {
    const person = personOf(number, profile, span, seed);
    writeLife(person, profile, span, plan, seed, events);
    written += events.count;
    await writer.patient(person, events, events.order());
    registrations += person.registrations.length;
    if (number % 100 === 99) options.progress?.(number + 1);
  }
  if (writer instanceof Nights)
    for (let more = 0; more < Nights.leaversOf(options.patients); more++) {
      const person = personOf(options.patients + more, profile, span, seed);
      writeLife(person, profile, span, plan, seed, events);
      await writer.leaver(person, events, events.order());
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
  // Each night says of itself which day it is of.
  if (!(writer instanceof Nights))
    writeFileSync(join(options.out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  return summary;
}

function writerFor(
  { out, format, gzip = false, deltas = 0 }: PracticeOptions,
  told: PracticeContext,
  seed: string,
): FormatWriter {
  if (deltas === 0) return FORMATS[format](out, gzip, told);
  const open = NIGHTLY[format];
  if (open === undefined || !(Number.isInteger(deltas) && deltas > 0 && deltas <= MOST_DELTAS))
    throw new SyntheticError(
      "bad-option",
      open === undefined
        ? `deltas: ${format} has none; the formats with deltas are ${Object.keys(NIGHTLY).join(", ")}`
        : `deltas: ${deltas} is not a whole number from 0 to ${MOST_DELTAS}`,
    );
  return new Nights(open, out, gzip, told, deltas, seed);
}

function personOf(number: number, profile: Profile, span: Span, seed: string): Person {
  return drawPerson(number, profile, span, new RandomStream(seed, profile.name, "person", number));
}

/** Files of all nights are open at once. */
const MOST_DELTAS = 60;

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
        { detail, filler: 0, optOuts: false },
        seed,
        events,
      );
      story += events.count;
    }
    leanest = { detail, filler: Math.max(0, (budget * SAMPLE - story) / hunger), optOuts: false };
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
