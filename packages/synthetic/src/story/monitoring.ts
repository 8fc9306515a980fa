/** Writes the tests that medicines need, at the intervals that they need them, done or missed. */
import type { Body } from "./body.js";
import type { Repeat } from "./medicines.js";
import type { Story } from "./story.js";
import { bloodCount, kidneyFunction, liverFunction } from "./tests.js";

interface Watch {
  readonly every: number; // days
  readonly done: number;
  readonly tests: (story: Story, body: Body, day: number) => void;
}

const WATCHED: Readonly<Record<string, Watch>> = {
  methotrexate: { every: 80, done: 0.8, tests: (story, body, day) => (bloodCount(story, day), liverFunction(story, day), kidneyFunction(story, body, day)) },
  azathioprine: { every: 80, done: 0.8, tests: (story, body, day) => (bloodCount(story, day), liverFunction(story, day), kidneyFunction(story, body, day)) },
  lithium: { every: 84, done: 0.68, tests: lithiumTests },
  doac: { every: 340, done: 0.4, tests: (story, body, day) => kidneyFunction(story, body, day) },
  amiodarone: { every: 170, done: 0.7, tests: (story, _body, day) => (void story.measure(day, "tsh", Math.exp(0.8 + 0.6 * story.random.normal()), 1, "mU/L"), liverFunction(story, day)) },
  diuretics: { every: 250, done: 0.7, tests: (story, body, day) => kidneyFunction(story, body, day) },
  "ace-inhibitors": { every: 370, done: 0.5, tests: (story, body, day) => kidneyFunction(story, body, day) },
}; // prettier-ignore

/** Writes the level each time, thyroid and kidneys about every second time. */
function lithiumTests(story: Story, body: Body, day: number): void {
  story.measure(day, "lithium-level", Math.max(0.2, 0.65 + 0.16 * story.random.normal()), 1, "mmol/L");
  if (!story.random.chance(0.55)) return;
  story.measure(day, "tsh", Math.exp(0.9 + 0.6 * story.random.normal()), 1, "mU/L");
  kidneyFunction(story, body, day);
}

export function writeMonitoring(story: Story, body: Body, repeats: readonly Repeat[]): void {
  for (const repeat of repeats) {
    const watch = WATCHED[repeat.name];
    if (!watch) continue;
    // One person is watched closely, another hardly: missed tests come together.
    const careful = 1.1 * story.random.normal();
    const until = Math.min(repeat.until, story.span.until);
    for (
      let day = Math.max(repeat.from, story.detail.from) + 20;
      day <= until;
      day += watch.every + story.random.between(-12, 12)
    ) {
      if (story.random.chance(story.chance("monitoring", watch.done, day, careful)))
        watch.tests(story, body, day);
    }
  }
}
