/** Writes measurements as they are taken: pairs, panels, and the ways in which they go wrong. */
import { COMPARATORS } from "../events.js";
import type { Body } from "./body.js";
import type { Story } from "./story.js";

export function bloodPressure(story: Story, body: Body, day: number, clinician: number): void {
  const { random } = story;
  const systolic = body.systolic(day);
  story.measure(day, "systolic-bp", systolic, 0, "mmHg", clinician);
  if (!random.chance(0.006))
    story.measure(day, "diastolic-bp", body.diastolic(day, systolic), 0, "mmHg", clinician);
  if (systolic >= 150 && random.chance(0.4)) {
    const again = Math.max(118, systolic - random.between(2, 16));
    story.measure(day, "systolic-bp", again, 0, "mmHg", clinician);
    story.measure(day, "diastolic-bp", body.diastolic(day, again), 0, "mmHg", clinician);
  }
}

export function hba1c(story: Story, body: Body, day: number): void {
  const { random, profile, events } = story;
  const value = body.hba1c(day);
  if (random.chance(profile.percentHba1c)) {
    story.measure(day, "hba1c-ifcc", value / 10.929 + 2.15, 1, "%");
    return;
  }
  const at = story.measure(day, "hba1c-ifcc", value, 0, "mmol/mol");
  if (at >= 0 && random.chance(0.0012)) {
    events.value[at] = 20;
    events.comparator[at] = COMPARATORS.indexOf("<");
  } else if (at >= 0 && value > 129) {
    events.value[at] = 130;
    events.comparator[at] = COMPARATORS.indexOf(">");
  }
}

export function kidneyFunction(story: Story, body: Body, day: number): void {
  const { random, events } = story;
  const rate = body.egfr(day);
  story.measure(day, "creatinine", body.creatinine(rate), 0, "umol/L");
  const at = story.measure(day, "egfr", Math.min(90, rate), 0, "mL/min/1.73m2");
  if (at >= 0 && rate >= 90) events.comparator[at] = COMPARATORS.indexOf(">=");
  story.measure(day, "sodium", 140 + 2.4 * random.normal(), 0, "mmol/L");
  story.measure(day, "potassium", 4.4 + 0.38 * random.normal(), 1, "mmol/L");
}

export function albuminRatio(story: Story, day: number): void {
  const { random, events } = story;
  const at = story.measure(day, "acr", Math.exp(0.4 + 1.1 * random.normal()), 1, "mg/mmol");
  if (at >= 0 && random.chance(0.25)) {
    events.value[at] = 5;
    events.comparator[at] = COMPARATORS.indexOf("<");
  }
}

export function liverFunction(story: Story, day: number): void {
  const { random } = story;
  story.measure(day, "alt", Math.exp(3.1 + 0.4 * random.normal()), 0, "U/L");
  story.measure(day, "alp", 76 + 20 * random.normal(), 0, "U/L");
}

export function bloodCount(story: Story, day: number): void {
  const { random, person } = story;
  story.measure(day, "haemoglobin", (person.sex === "female" ? 131 : 145) + 12 * random.normal(), 0, "g/L");
  story.measure(day, "white-cells", Math.max(2, 6.8 + 1.8 * random.normal()), 1, "10*9/L");
  story.measure(day, "platelets", 260 + 60 * random.normal(), 0, "10*9/L");
  story.measure(day, "neutrophils", Math.max(1, 4.1 + 1.4 * random.normal()), 1, "10*9/L");
}

export function bodySize(story: Story, body: Body, day: number, clinician: number): void {
  const { random } = story;
  const weight = body.weight(day);
  if (random.chance(0.012)) story.measure(day, "weight", weight / 0.45359237, 0, "lb", clinician);
  else story.measure(day, "weight", weight, 1, "kg", clinician);
  if (story.age(day) < 18) return;
  if (random.chance(0.25)) {
    if (random.chance(0.15)) story.measure(day, "height", body.height / 100, 2, "m", clinician);
    else story.measure(day, "height", body.height, 0, "cm", clinician);
  }
  story.measure(day, "bmi", weight / (body.height / 100) ** 2, 1, "kg/m2", clinician);
}

export function smokingStatus(story: Story, day: number, clinician: number): void {
  const { person, random } = story;
  const said = person.smoking === "ex-smoker" && random.chance(0.06) ? "never-smoked" : person.smoking;
  story.write(day, said, clinician);
}
