/**
 * Writes the rest of a record: most rows that a practice holds answer no question anyone asks. Blood counts arrive as
 * a dozen rows each, prescriptions as many, letters and notes in between. Written until the wanted number of events
 * is reached, more for the ill and the old, and never with a code that would make a missed test look done.
 */
import type { Concept } from "../concepts.js";
import { concept } from "../concepts.js";
import { UNITS } from "../events.js";
import type { Repeat } from "./medicines.js";
import { bloodWatched, takes } from "./medicines.js";
import type { Story } from "./story.js";

interface Component {
  readonly of: Concept;
  readonly mean: number;
  readonly spread: number;
  readonly decimals: number;
  readonly unit: number;
}

type Unit = (typeof UNITS)[number];

function component(name: string, mean: number, spread: number, decimals: number, unit: Unit): Component {
  return { of: concept(name), mean, spread, decimals, unit: UNITS.indexOf(unit) };
}

const BLOOD_COUNT: readonly Component[] = [
  component("haemoglobin", 138, 13, 0, "g/L"), component("red-cells", 4.6, 0.5, 2, "10*12/L"),
  component("white-cells", 6.8, 1.7, 1, "10*9/L"), component("platelets", 260, 60, 0, "10*9/L"),
  component("neutrophils", 4.1, 1.2, 1, "10*9/L"), component("lymphocytes", 2, 0.6, 1, "10*9/L"),
  component("monocytes", 0.5, 0.15, 1, "10*9/L"), component("eosinophils", 0.2, 0.1, 2, "10*9/L"),
  component("basophils", 0.05, 0.02, 2, "10*9/L"),
]; // prettier-ignore
const NOTES = ["cough", "sick-note", "sore-throat"].map((name) => concept(name).current[0] ?? 0);
const PAPERS = [...concept("paperwork").current, ...concept("letter").current];
const EXTRA_ISSUES = ["prochlorperazine", "amitriptyline", "gastroprotection", "salbutamol"].map(
  (name) => concept(name).current,
);

/** This patient's share of the practice's other rows; the average is near 1. */
export function appetite(story: Story): number {
  const { person, span } = story;
  let days = 0;
  for (const stay of story.stays(span.from)) days += stay.until - stay.from;
  const burden = person.found.reduce<number>((n, day) => n + (day === null ? 0 : 1), 0);
  const age = Math.max(0, story.age(Math.min(span.until, person.death ?? span.until)));
  return (days / 4383) * (0.35 + age / 55 + 0.55 * burden);
}

export function writeFiller(story: Story, repeats: readonly Repeat[], wanted: number): void {
  const { random, events } = story;
  const stays = story.stays(story.span.from);
  const days = stays.map((each) => each.until - each.from + 1);
  const end = events.count + wanted;
  const counts = !bloodWatched(repeats);
  while (events.count < end) {
    const stay = stays[stays.length === 1 ? 0 : random.weighted(days)];
    if (!stay) return;
    const day = stay.from + random.below(stay.until - stay.from + 1);
    const left = end - events.count;
    const kind = random.unit();
    if (kind < 0.34 && counts && left >= BLOOD_COUNT.length) panel(story, day);
    else if (kind < 0.74 && repeats.length > 0) reissue(story, repeats, day);
    else if (kind < 0.78) extra(story, repeats, day);
    else note(story, day);
  }
}

function panel(story: Story, day: number): void {
  const { events, random } = story;
  for (const each of BLOOD_COUNT) {
    const at = events.add(day, story.codeFor(each.of, day), 0);
    const value = each.mean + each.spread * (random.unit() + random.unit() + random.unit() - 1.5) * 2;
    events.value[at] = Math.max(0, Math.round(value * 10 ** each.decimals));
    events.decimals[at] = each.decimals;
    events.unit[at] = each.unit;
  }
}

/** Writes further issues of medicines already taken: weekly boxes, lost scripts, changed amounts. */
function reissue(story: Story, repeats: readonly Repeat[], day: number): void {
  const { random, events } = story;
  const repeat = repeats[random.below(repeats.length)];
  if (!repeat || repeat.from > day || repeat.until < day) return note(story, day);
  const codes = concept(repeat.name).current;
  const at = events.add(
    day,
    codes[repeat.product % codes.length] ?? 0,
    random.below(story.profile.doctors) + 1,
  );
  events.quantity[at] = repeat.quantity === 1 ? 1 : 7;
}

function extra(story: Story, repeats: readonly Repeat[], day: number): void {
  const { random, events } = story;
  if (!takes(repeats, "gastroprotection", day)) return note(story, day);
  const codes = EXTRA_ISSUES[random.below(2)] ?? [];
  const at = events.add(day, codes[0] ?? 0, random.below(story.profile.doctors) + 1);
  events.quantity[at] = 28;
}

function note(story: Story, day: number): void {
  const { random, events } = story;
  const from = random.chance(0.85) ? PAPERS : NOTES;
  const code = from[random.below(from.length)];
  events.add(
    day,
    code ?? 0,
    random.chance(0.5) ? 0 : random.below(story.profile.doctors + story.profile.nurses) + 1,
  );
}
