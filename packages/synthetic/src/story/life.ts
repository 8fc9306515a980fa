/** One patient's record, from first page to last. */
import { addYears } from "../days.js";
import type { Person, Span } from "../population/person.js";
import type { Events } from "../events.js";
import type { Profile } from "../profile.js";
import { RandomStream } from "../random.js";
import { Body } from "./body.js";
import { writeChoices } from "./choices.js";
import { writeContacts } from "./contacts.js";
import { writeDiagnoses } from "./diagnoses.js";
import { appetite, writeFiller } from "./filler.js";
import { planRepeats, writeIssues } from "./medicines.js";
import { writeMonitoring } from "./monitoring.js";
import { writePrevention } from "./prevention.js";
import { writeReviews } from "./reviews.js";
import type { Detail } from "./story.js";
import { Story } from "./story.js";
import { writeVaccines } from "./vaccines.js";

/** How many other rows go beside the story, for a patient of appetite 1. */
export interface Plan {
  readonly detail: Detail;
  readonly filler: number;
  /** Whether people are among them who opted out of what is not their care. */
  readonly optOuts: boolean;
}

/** Writes a patient's events into `events`, emptied first. @returns the patient's appetite */
export function writeLife(
  person: Person,
  profile: Profile,
  span: Span,
  plan: Plan,
  seed: string,
  events: Events,
): number {
  events.clear();
  const random = new RandomStream(seed, profile.name, "life", person.number);
  const story = new Story(person, profile, span, plan.detail, random, events);
  const body = new Body(story);
  writeDiagnoses(story);
  const repeats = planRepeats(story);
  writeReviews(story, body, repeats);
  writeMonitoring(story, body, repeats);
  writeIssues(story, repeats);
  writeContacts(story, body, repeats);
  writeVaccines(story);
  writePrevention(story, body);
  const hunger = appetite(story);
  const wanted = plan.filler * hunger * (0.5 + random.unit());
  if (wanted >= 1) writeFiller(story, repeats, Math.floor(wanted));
  if (plan.optOuts) writeChoices(story);
  return hunger;
}

/** From every detail to the least that still lets each kind of query be asked, richest first. */
export function details(span: Span): Detail[] {
  const last = (years: number): number => Math.max(span.from, addYears(span.until, -years));
  return [
    { from: span.from, issueEvery: 28, contacts: 1, tests: 1 },
    { from: span.from, issueEvery: 56, contacts: 0.8, tests: 0.8 },
    { from: last(8), issueEvery: 56, contacts: 0.7, tests: 0.7 },
    { from: last(6), issueEvery: 56, contacts: 0.6, tests: 0.6 },
    { from: last(6), issueEvery: 84, contacts: 0.5, tests: 0.5 },
    { from: last(4), issueEvery: 84, contacts: 0.35, tests: 0.35 },
    { from: last(3), issueEvery: 84, contacts: 0.25, tests: 0.2 },
    { from: last(2), issueEvery: 84, contacts: 0.2, tests: 0.1 },
  ];
}
