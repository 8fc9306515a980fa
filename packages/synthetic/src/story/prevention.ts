/** Writes preventive care: questions to new patients, screening, health checks, help to stop smoking. */
import { dayOf, financialYear, YEAR } from "../days.js";
import type { Condition } from "../population/conditions.js";
import { logistic, logit } from "../random.js";
import type { Body } from "./body.js";
import { summarised } from "./diagnoses.js";
import type { Story } from "./story.js";
import { bloodPressure, hba1c, smokingStatus } from "./tests.js";

export function writePrevention(story: Story, body: Body): void {
  writeJoining(story);
  writeSmokingSupport(story);
  writeCervicalScreening(story);
  writeHealthChecks(story, body);
  writeRaisedSugar(story, body);
}

/** Writes smoking status: of new patients, and of children when they grow up. */
function writeJoining(story: Story): void {
  const { person, random } = story;
  const grown = person.birth + Math.floor(15.5 * YEAR);
  for (const stay of story.stays()) {
    const asked = Math.max(stay.from, grown) + random.below(120);
    if (asked <= stay.until && random.chance(0.92)) smokingStatus(story, asked, story.nurse());
  }
}

/** Writes advice in the surgery or by text, once a year for many who smoke. */
function writeSmokingSupport(story: Story): void {
  const { person, random, detail, span } = story;
  if (person.smoking !== "smoker") return;
  for (let year = financialYear(detail.from); year <= financialYear(span.until); year++) {
    const day = dayOf(year, 4, 1) + random.below(365);
    if (story.age(day) >= 16 && random.chance(story.chance("lungs", 0.62, day, 0)))
      story.write(day, "stop-smoking-support", story.nurse());
  }
}

/** Writes screening every three years from 24 and a half, every five from 50 to 64; the same people stay away. */
function writeCervicalScreening(story: Story): void {
  const { person, random, span } = story;
  if (person.sex !== "female") return;
  const removed = random.chance(0.07)
    ? person.birth + Math.floor((38 + 22 * random.unit()) * YEAR)
    : Infinity;
  const entered = removed > span.until ? null : summarised(story, removed);
  if (entered !== null) story.write(entered, "no-cervix", story.doctor());
  const keen = logit(0.72) + 1.3 * person.willing + 0.12 * ((person.fifth ?? 3) - 3);
  const last = Math.min(span.until, removed, person.birth + Math.floor(64.9 * YEAR));
  let day = person.birth + Math.floor((24.5 + 0.5 * random.unit()) * YEAR);
  while (day <= last) {
    if (random.chance(logistic(keen))) {
      day += Math.floor(random.exponential(60));
      writeScreening(story, day);
    }
    day += Math.floor((story.age(day) < 50 ? 3 : 5) * YEAR) + random.below(30);
  }
}

/** Writes a test on the list, or one of the last years that came with the notes of someone who joined. */
function writeScreening(story: Story, day: number): void {
  if (story.present(day)) story.write(day, "cervical-screening", story.nurse());
  else if (joinedWithin(story, day, 5)) story.write(summarised(story, day) ?? day, "cervical-screening");
}

/** Whether the patient joined within so many years after `day`, so that a test of that day came with the notes. */
function joinedWithin(story: Story, day: number, years: number): boolean {
  return story.stays().some((stay) => stay.from > day && stay.from < day + years * YEAR);
}

const KNOWN_ILLNESSES: readonly Condition[] = ["hypertension", "diabetes-2", "diabetes-1", "chd", "stroke", "atrial-fibrillation", "heart-failure", "ckd"]; // prettier-ignore

/** Writes health checks at 40 to 74, once in five years, for those in whom nothing is known. */
function writeHealthChecks(story: Story, body: Body): void {
  const { person, random, span } = story;
  const from = Math.max(span.from, person.birth + Math.floor(40 * YEAR)) + random.below(1800);
  const until = Math.min(span.until, person.birth + Math.floor(75 * YEAR));
  for (let day = from; day < until; day += Math.floor(5 * YEAR) + random.below(200)) {
    if (KNOWN_ILLNESSES.some((illness) => story.has(illness, day))) return;
    if (!random.chance(story.chance("heart", 0.42, day)) || !story.present(day)) continue;
    const nurse = story.nurse();
    story.write(day, "nhs-health-check", nurse);
    if (day < story.detail.from) continue;
    bloodPressure(story, body, day, nurse);
    smokingStatus(story, day, nurse);
    story.write(day, "alcohol-use", nurse);
  }
}

/** Writes HbA1c between health and diabetes: named once, and tested again each year for most. */
function writeRaisedSugar(story: Story, body: Body): void {
  const { random, span, detail } = story;
  const named = span.until - Math.floor(random.exponential(4 * YEAR));
  if (story.age(named) < 25 || !body.sugarRaised(named)) return;
  if (story.has("diabetes-2", span.until) || story.has("diabetes-1", span.until)) return;
  const entered = summarised(story, Math.max(named, span.from));
  if (entered === null) return;
  story.write(entered, "non-diabetic-hyperglycaemia", story.doctor());
  for (
    let day = Math.max(entered, detail.from) + random.below(365);
    day <= span.until;
    day += random.between(320, 400)
  ) {
    if (random.chance(story.chance("diabetes", 0.76, day))) hba1c(story, body, day);
  }
}
