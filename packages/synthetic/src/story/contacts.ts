/** Writes appointments, with the entries, prescriptions and tests that come of them. */
import { YEAR } from "../days.js";
import { logistic } from "../random.js";
import type { Body } from "./body.js";
import type { Repeat } from "./medicines.js";
import { bloodWatched, takes } from "./medicines.js";
import type { Story } from "./story.js";
import { bloodCount, bloodPressure, hba1c, kidneyFunction, liverFunction, smokingStatus } from "./tests.js";

export function writeContacts(story: Story, body: Body, repeats: readonly Repeat[]): void {
  const { random, profile, detail, person } = story;
  const burden = person.found.reduce<number>((n, day) => n + (day === null ? 0 : 1), 0);
  const temper = Math.exp(0.45 * random.normal() + 0.2 * person.frailty);
  for (const stay of story.stays(detail.from)) {
    let day = stay.from;
    for (;;) {
      const age = story.age(Math.max(day, person.birth));
      const usual =
        (age < 5 ? 4.2 : age < 16 ? 1.5 : 1.7 + 0.022 * Math.max(0, age - 40)) +
        (person.sex === "female" && age > 15 ? 0.9 : 0);
      const rate = (usual + 0.85 * burden) * temper * profile.contacts * Math.max(0.08, detail.contacts);
      day += 1 + Math.floor(random.exponential(YEAR / Math.max(0.05, rate)));
      if (day > stay.until) break;
      contact(story, body, repeats, day, age);
    }
  }
}

function contact(story: Story, body: Body, repeats: readonly Repeat[], day: number, age: number): void {
  const { random } = story;
  const nursing = random.chance(0.22);
  const who = random.chance(0.03) ? 0 : nursing ? story.nurse() : story.doctor();
  const remote = random.chance(day > 18_340 ? 0.3 : 0.08);
  const kind = remote
    ? "consultation-remote"
    : age > 84 && random.chance(0.3)
      ? "home-visit"
      : "consultation";
  story.write(day, kind, who);
  if (!remote && age > 18 && random.chance(0.06 + 0.0045 * Math.max(0, age - 25)))
    bloodPressure(story, body, day, who);
  if (age > 15 && random.chance(0.07)) smokingStatus(story, day, who);
  if (age > 17 && age < 66 && random.chance(0.05)) story.write(day, "sick-note", who);
  if (random.chance(0.24)) infection(story, day, age, who);
  else if (random.chance(0.02) && age > 16)
    story.issue(day, "hypnotics", random.pick([7, 14, 28]), random.below(3));
  else if (random.chance(0.05) && age > 16)
    story.issue(day, "opioids", random.pick([30, 56, 100]), random.below(4));
  else if (random.chance(0.015) && age > 16 && age < 65)
    story.issue(
      day,
      "nsaids-oral",
      random.pick([28, 56]),
      random.chance(0.3) ? random.between(3, 4) : random.below(3),
    );
  if (age > 30 && random.chance(0.16 * story.detail.tests))
    incidentalTests(story, body, repeats, day + random.between(2, 12), age);
}

const INFECTIONS: readonly (readonly [string, number, number])[] = [
  // concept, share of infections, share given an antibiotic
  ["cough", 0.34, 0.3], ["lrti", 0.16, 0.85], ["uti", 0.16, 0.9], ["sore-throat", 0.18, 0.4], ["otitis-media", 0.1, 0.55], ["sinusitis", 0.06, 0.5],
]; // prettier-ignore

/** Shares of the narrow antibiotics in the order of the table: trimethoprim and nitrofurantoin are for the bladder. */
const AGAINST_UTI = [0.1, 0, 0, 0.24, 0.66, 0, 0];
const AGAINST_OTHERS = [0.42, 0.22, 0.08, 0, 0, 0.16, 0.12];

function infection(story: Story, day: number, age: number, who: number): void {
  const { random } = story;
  const winter = Math.cos(((day - 10) / YEAR) * 2 * Math.PI); // highest in mid January
  if (!random.chance(0.65 + 0.3 * winter)) return;
  const [name, , treated] = INFECTIONS[random.weighted(INFECTIONS.map(([, share]) => share))] ?? [
    "cough",
    0,
    0.3,
  ];
  story.write(day, name, who);
  const habit = story.skill("antibiotics", day);
  if (!random.chance(logistic(Math.log(treated / (1 - treated)) - habit))) return;
  const broad = random.chance(logistic(-2.3 - habit + (age > 70 ? 0.3 : 0)));
  story.issue(
    day,
    broad ? "antibiotics-broad" : "antibiotics-narrow",
    random.pick([15, 21, 6, 28]),
    broad ? random.below(3) : random.weighted(name === "uti" ? AGAINST_UTI : AGAINST_OTHERS),
  );
  const wheezy = story.has("copd", day) || story.has("asthma", day);
  if (wheezy && name !== "uti" && random.chance(0.35)) story.issue(day, "prednisolone", 30);
}

/** Writes blood tests for tiredness, a health check, a worry: these find undiagnosed illness. */
function incidentalTests(
  story: Story,
  body: Body,
  repeats: readonly Repeat[],
  day: number,
  age: number,
): void {
  const { random } = story;
  if (random.chance(0.5)) hba1c(story, body, day);
  if (random.chance(0.55)) kidneyFunction(story, body, day);
  if (random.chance(0.4))
    story.measure(day, "cholesterol", body.cholesterol(day, takes(repeats, "statins", day)), 1, "mmol/L");
  if (!bloodWatched(repeats, day)) {
    if (random.chance(0.6)) bloodCount(story, day);
    if (random.chance(0.4)) liverFunction(story, day);
  }
  if (random.chance(0.35)) story.measure(day, "tsh", Math.exp(0.6 + 0.5 * random.normal()), 1, "mU/L");
  if (age > 40 && age < 75 && random.chance(0.12))
    story.measure(day, "qrisk", Math.min(60, Math.exp(0.09 * (age - 40))), 1, "%");
  if (random.chance(0.1))
    story.measure(day, "vitamin-d", Math.max(12, 55 + 24 * random.normal()), 0, "nmol/L");
}
