/** The European Standard Population as it was published: every group, and bands that are sums of groups. */
import { europeanStandardPopulation } from "@cairn/statistics";
import t from "tap";

/** Eurostat, Revision of the European Standard Population, 2013: people of 100,000 from an age to another. */
const PUBLISHED = [
  [0, 0, 1_000],
  [1, 4, 4_000],
  [5, 9, 5_500],
  [10, 14, 5_500],
  [15, 19, 5_500],
  [20, 24, 6_000],
  [25, 29, 6_000],
  [30, 34, 6_500],
  [35, 39, 7_000],
  [40, 44, 7_000],
  [45, 49, 7_000],
  [50, 54, 7_000],
  [55, 59, 6_500],
  [60, 64, 6_000],
  [65, 69, 5_500],
  [70, 74, 5_000],
  [75, 79, 4_000],
  [80, 84, 2_500],
  [85, 89, 1_500],
  [90, 94, 800],
  [95, Infinity, 200],
] as const;

t.test("each published group has its published weight, and all are 100,000", async (t) => {
  const [infants, young, ...groups] = PUBLISHED;
  t.equal(europeanStandardPopulation(0, 4), infants[2] + young[2], "under one and 1 to 4 as one");
  for (const [from, to, people] of groups)
    t.equal(europeanStandardPopulation(from, to), people, `${from} to ${to}`);
  t.equal(
    PUBLISHED.reduce((all, [, , people]) => all + people, 0),
    100_000,
  );
  t.equal(europeanStandardPopulation(0, Infinity), 100_000);
});

t.test(
  "a band is the sum of its groups, and of a group that it cuts an equal part for each year",
  async (t) => {
    t.equal(europeanStandardPopulation(65, 79), 14_500);
    t.equal(europeanStandardPopulation(80, Infinity), 5_000);
    t.equal(europeanStandardPopulation(18, 24), (2 / 5) * 5_500 + 6_000);
    t.equal(europeanStandardPopulation(90, 97), null, "the open group is not cut");
  },
);
