/** Writes the year's recall: invitations, attendance, measurements and exceptions. */
import { dayOf, financialYear } from "../days.js";
import type { Condition } from "../population/conditions.js";
import type { Theme } from "../profile.js";
import type { Body } from "./body.js";
import type { Repeat } from "./medicines.js";
import { bloodWatched, takes } from "./medicines.js";
import type { Story } from "./story.js";
import { qofDay } from "./story.js";
import { albuminRatio, bloodCount, bloodPressure, bodySize, hba1c, kidneyFunction, liverFunction, smokingStatus } from "./tests.js"; // prettier-ignore

/** The illnesses that a practice recalls people for, the care it belongs to, and how many come in a usual year. */
const RECALLED: readonly (readonly [Condition, Theme, number])[] = [
  ["diabetes-2", "diabetes", 0.88], ["diabetes-1", "diabetes", 0.8], ["hypertension", "blood-pressure", 0.86],
  ["chd", "heart", 0.87], ["stroke", "heart", 0.84], ["heart-failure", "heart", 0.86], ["atrial-fibrillation", "heart", 0.85],
  ["ckd", "kidneys", 0.84], ["copd", "lungs", 0.76], ["asthma", "lungs", 0.56], ["smi", "mind", 0.82],
  ["dementia", "mind", 0.8], ["learning-disability", "mind", 0.87], ["rheumatoid-arthritis", "monitoring", 0.75],
]; // prettier-ignore

export function writeReviews(story: Story, body: Body, repeats: readonly Repeat[]): void {
  const { detail, span } = story;
  for (let year = financialYear(detail.from); year <= financialYear(span.until); year++) {
    const closes = Math.min(dayOf(year + 1, 3, 31), span.until);
    const due = RECALLED.filter(([illness]) => story.has(illness, closes));
    if (due.length > 0) yearOfCare(story, body, repeats, due, year);
    else if (story.person.smoking === "smoker" && story.random.chance(0.3)) {
      smokingStatus(story, dayOf(year, 4, 1) + story.random.below(365), story.nurse());
    }
  }
}

function yearOfCare(
  story: Story,
  body: Body,
  repeats: readonly Repeat[],
  due: typeof RECALLED,
  year: number,
): void {
  const day = qofDay(year, story);
  const nurse = story.nurse();
  const came = due.filter(([, theme, usual]) => story.random.chance(story.chance(theme, usual, day)));
  if (came.length < due.length) writeInvitations(story, due, day, came.length === 0);
  if (came.length === 0) return;
  const illnesses = new Set<Condition>(came.map(([illness]) => illness));
  bloodPressure(story, body, day, nurse);
  smokingStatus(story, day, nurse);
  const sugary = illnesses.has("diabetes-2") || illnesses.has("diabetes-1");
  if (story.random.chance(sugary || illnesses.has("smi") ? 0.97 : 0.75)) bodySize(story, body, day, nurse);
  writeBloods(story, body, repeats, illnesses, day - story.random.between(3, 18));
  writeReviewCodes(story, illnesses, day, nurse);
  if (sugary || illnesses.has("smi")) secondVisit(story, body, illnesses, day);
}

function writeBloods(
  story: Story,
  body: Body,
  repeats: readonly Repeat[],
  illnesses: Set<Condition>,
  day: number,
): void {
  const { random } = story;
  const sugary = illnesses.has("diabetes-2") || illnesses.has("diabetes-1");
  const vascular = sugary || illnesses.has("chd") || illnesses.has("stroke") || illnesses.has("hypertension");
  if (
    !vascular &&
    !["ckd", "heart-failure", "atrial-fibrillation", "smi", "rheumatoid-arthritis"].some((each) =>
      illnesses.has(each as Condition),
    )
  )
    return;
  if (random.chance(0.04)) {
    if (random.chance(0.2 * story.profile.declines)) story.write(day, "blood-test-declined", 0);
    return;
  }
  const watched = illnesses.has("smi") ? 0.96 : 0;
  if (sugary || random.chance(Math.max(watched, 0.45))) hba1c(story, body, day);
  if (vascular || random.chance(Math.max(watched, 0.6))) {
    story.measure(day, "cholesterol", body.cholesterol(day, takes(repeats, "statins", day)), 1, "mmol/L");
  }
  if (random.chance(story.chance("monitoring", sugary ? 0.95 : 0.88, day, 0)))
    kidneyFunction(story, body, day);
  if (sugary ? random.chance(story.chance("diabetes", 0.87, day, 0)) : illnesses.has("ckd") && random.chance(0.6)) albuminRatio(story, day); // prettier-ignore
  if (random.chance(0.5) && !bloodWatched(repeats, day)) liverFunction(story, day);
  if (random.chance(0.35) && !bloodWatched(repeats, day)) bloodCount(story, day);
}

const REVIEW_CODES: readonly (readonly [Condition, string, Theme, number])[] = [
  ["asthma", "asthma-review", "lungs", 0.95],
  ["copd", "copd-review", "lungs", 0.95],
  ["heart-failure", "heart-failure-review", "heart", 0.88],
  ["dementia", "dementia-review", "mind", 0.95],
  ["learning-disability", "learning-disability-health-check", "mind", 0.96],
  ["smi", "alcohol-use", "mind", 0.96],
  ["diabetes-2", "diabetic-foot-check", "diabetes", 0.92],
  ["diabetes-1", "diabetic-foot-check", "diabetes", 0.87],
];

function writeReviewCodes(story: Story, illnesses: Set<Condition>, day: number, nurse: number): void {
  const { random } = story;
  for (const [illness, code, theme, usual] of REVIEW_CODES) {
    if (illnesses.has(illness) && random.chance(story.chance(theme, usual, day, 0)))
      story.write(day, code, nurse);
  }
  if (illnesses.has("hypertension") && random.chance(0.02))
    story.write(day, "hypertension-maximal-therapy", nurse);
  if (illnesses.has("diabetes-2") && random.chance(0.015))
    story.write(day, "diabetes-maximal-therapy", nurse);
  if (illnesses.size > 1 || random.chance(0.4)) story.write(day, "medication-review", story.doctor());
}

/** Writes a second visit six months on, for those whose numbers need watching. */
function secondVisit(story: Story, body: Body, illnesses: Set<Condition>, day: number): void {
  const { random } = story;
  if (!random.chance(0.45)) return;
  const later = day + random.between(150, 210);
  if (!illnesses.has("smi")) hba1c(story, body, later);
  bloodPressure(story, body, later + random.between(0, 9), story.nurse());
}

/** Writes two letters or texts; then some decline, and some are judged unsuitable. */
function writeInvitations(story: Story, due: typeof RECALLED, day: number, nobodyCame: boolean): void {
  const { random, profile } = story;
  const first = day + random.between(14, 40);
  for (const [illness] of due) {
    const what = illness.startsWith("diabetes")
      ? "diabetes"
      : illness === "hypertension"
        ? "hypertension"
        : null;
    if (what === null || !random.chance(0.8)) continue;
    story.write(first, `${what}-invite`);
    if (nobodyCame && random.chance(0.7)) story.write(first + random.between(21, 45), `${what}-invite-2`);
    if (!nobodyCame) continue;
    if (random.chance(0.09 * profile.declines))
      story.write(first + random.between(30, 70), `${what}-indicator-declined`, story.nurse());
    else if (random.chance(0.05 * profile.declines))
      story.write(first + random.between(30, 70), `${what}-indicator-unsuitable`, story.doctor());
  }
}
