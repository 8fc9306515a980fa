/**
 * The measurements of a person's body on a day: levels that belong to the person, moved by illness, treatment and
 * chance.
 */
import type { Story } from "./story.js";

export class Body {
  readonly height: number; // cm
  private readonly weightAt40: number; // kg
  private readonly pressure: number;
  private readonly sugar: number;
  private readonly lipids: number;
  private readonly kidneys: number;
  private readonly control: number;

  private readonly story: Story;

  constructor(story: Story) {
    this.story = story;
    const { random, person } = story;
    this.height = (person.sex === "female" ? 162 : 175.5) + 6.8 * random.normal();
    this.weightAt40 =
      (this.height / 100) ** 2 * Math.max(17, 27.2 + 5 * random.normal() + 0.6 * person.frailty);
    this.pressure = 9 * random.normal();
    this.sugar = random.normal();
    this.lipids = 0.85 * random.normal();
    this.kidneys = 9 * random.normal();
    this.control = 0.55 * random.normal() + 0.35 * person.willing;
  }

  systolic(day: number): number {
    const { story } = this;
    const age = story.age(day);
    const treated = story.has("hypertension", day);
    const control = story.skill("blood-pressure", day) + this.control;
    let usual = age < 18 ? 100 + age : 112 + 0.3 * (age - 18) + this.pressure;
    if (treated) usual = 135 - 4.2 * control + 0.5 * this.pressure + (age > 79 ? 2 : 0);
    else if (story.has("hidden-hypertension", day)) usual = Math.max(usual, 152) + 0.3 * this.pressure;
    return preferred(usual + 8.5 * story.random.normal(), story.random);
  }

  diastolic(day: number, systolic: number): number {
    const age = this.story.age(day);
    const usual = 42 + 0.32 * systolic - 0.11 * Math.max(0, age - 55);
    return preferred(usual + 5.5 * this.story.random.normal(), this.story.random);
  }

  /** Whether sugar is raised: usually 42 to 47 mmol/mol, more than is healthy and less than diabetes. */
  sugarRaised(day: number): boolean {
    return this.withoutDiabetes(day) > 41.2;
  }

  private withoutDiabetes(day: number): number {
    return 36.4 + 0.06 * (this.story.age(day) - 45) + 2.7 * this.sugar;
  }

  /** mmol/mol. */
  hba1c(day: number): number {
    const { story } = this;
    const { random } = story;
    const noise = random.normal();
    const hidden = story.has("hidden-diabetes", day);
    if (!story.has("diabetes-2", day) && !story.has("diabetes-1", day)) {
      const drawn = this.withoutDiabetes(day) + 1.5 * noise;
      return hidden ? 52 + 5 * Math.abs(this.sugar) + 2.5 * noise : Math.min(drawn, 47);
    }
    const typeOne = story.has("diabetes-1", day) ? 9 : 0;
    const x = 0.9 * this.sugar - 0.55 * story.skill("diabetes", day) - 0.35 * this.control;
    return Math.max(36, 52.5 + typeOne + 11 * x + 4.5 * noise + (x > 0.8 ? 9 * (x - 0.8) : 0));
  }

  /** mmol/L. */
  cholesterol(day: number, onStatin: boolean): number {
    const { story } = this;
    const usual = 5.25 + 0.006 * (Math.min(65, story.age(day)) - 45) + this.lipids;
    return Math.max(2, (onStatin ? usual * 0.77 : usual) + 0.35 * story.random.normal());
  }

  /** mL/min/1.73m2, as laboratories report it: 90 and over is not told apart. */
  egfr(day: number): number {
    const { story } = this;
    const age = story.age(day);
    const noise = 4 * story.random.normal();
    if (story.has("ckd", day)) return Math.max(9, 49 + 0.7 * this.kidneys + noise * 0.9);
    if (story.has("hidden-ckd", day)) return Math.min(58, 52 + 0.4 * this.kidneys + noise * 0.6);
    return Math.max(61.5, 106 - 0.62 * Math.max(0, age - 30) + this.kidneys + noise);
  }

  /** umol/L, from the filtration rate (CKD-EPI turned round, roughly). */
  creatinine(egfr: number): number {
    return (this.story.person.sex === "female" ? 62 : 78) * (95 / egfr) ** 0.86;
  }

  weight(day: number): number {
    const age = this.story.age(day);
    const grown =
      age < 18 ? 0.06 + 0.052 * age : 1 - 0.004 * Math.max(0, 40 - age) - 0.0035 * Math.max(0, age - 65);
    return this.weightAt40 * grown + 1.6 * this.story.random.normal();
  }
}

/** A value as people read dials: to the nearest even number or ten. */
function preferred(value: number, random: { unit(): number }): number {
  const habit = random.unit();
  return habit < 0.22
    ? Math.round(value / 10) * 10
    : habit < 0.75
      ? Math.round(value / 2) * 2
      : Math.round(value);
}
