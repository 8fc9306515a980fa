/** The invented population against what England's practices recorded (Quality and Outcomes Framework 2023-24). */
import t from "tap";
import { parseDay } from "../src/days.js";
import { CONDITIONS, SHAPES } from "../src/population/conditions.js";
import { ageOn, drawPerson, foundOn } from "../src/population/person.js";
import type { Person } from "../src/population/person.js";
import { PRACTICES, profileOf } from "../src/profile.js";
import type { Profile } from "../src/profile.js";
import { RandomStream } from "../src/random.js";

const SPAN = { from: parseDay("2013-04-01") ?? 0, until: parseDay("2025-03-31") ?? 0 };
const ENGLAND: Profile = { ...profileOf("England"), deprivation: [1, 1, 1, 1, 1], ageTilt: 0, morbidity: 0 };

function onTheList(profile: Profile, drawn: number): Person[] {
  const people = Array.from({ length: drawn }, (_, i) =>
    drawPerson(i, profile, SPAN, new RandomStream("test", profile.name, i)),
  );
  return people.filter((person) => person.registrations.at(-1)?.end === null);
}

t.test("each register is about as long as England's", (t) => {
  const list = onTheList(ENGLAND, 26_000);
  for (const condition of CONDITIONS) {
    const { published } = SHAPES[condition];
    if (!published) continue;
    const of = list.filter((person) => ageOn(person, SPAN.until) >= published.ofAge);
    const share = of.filter((person) => foundOn(person, condition) !== null).length / of.length;
    const p = published.percent / 100;
    const room = 0.06 * p + 3.5 * Math.sqrt((p * (1 - p)) / of.length);
    t.ok(
      Math.abs(share - p) < room,
      `${condition}: ${(100 * share).toFixed(2)} %, published ${published.percent} %`,
    );
  }
  t.end();
});

t.test("illnesses come together", (t) => {
  const list = onTheList(ENGLAND, 12_000).filter((person) => ageOn(person, SPAN.until) >= 50);
  const share = (people: Person[]): number =>
    people.filter((p) => foundOn(p, "chd") !== null).length / people.length;
  const withDiabetes = list.filter((person) => foundOn(person, "diabetes-2") !== null);
  t.ok(share(withDiabetes) > 1.4 * share(list), "heart disease among people with diabetes");
  t.end();
});

t.test("the eight practices differ as practices do", (t) => {
  const shares = Object.keys(PRACTICES).map((name) => {
    const list = onTheList(profileOf(name), 2500);
    return list.filter((person) => foundOn(person, "hypertension") !== null).length / list.length;
  });
  t.ok(
    Math.max(...shares) > 1.4 * Math.min(...shares),
    `hypertension from ${Math.min(...shares)} to ${Math.max(...shares)}`,
  );
  t.end();
});
