import fc from "fast-check";
import t from "tap";
import {
  addMonths,
  addSpan,
  ageAt,
  dayNumber,
  isoDate,
  periodEnds,
  readDate,
  tryDayNumber,
  windowBounds,
} from "@cairn/query-library";

const DAY = 86_400_000;
const day = (iso: string): number => dayNumber(iso);

t.test("day numbers agree with the Gregorian calendar of the platform, from 1600 to 2400", async (t) => {
  const range = fc.integer({ min: -135_140, max: 157_420 });
  fc.assert(
    fc.property(
      range,
      (n) => isoDate(n) === new Date(n * DAY).toISOString().slice(0, 10) && dayNumber(isoDate(n)) === n,
    ),
    { numRuns: 3000 },
  );
  t.pass();
});

t.test("a date is read as people type it, and as programs write it", async (t) => {
  for (const typed of ["2026-03-05", "05/03/2026", "5/3/2026", "05.03.2026", " 5.3.2026 "])
    t.equal(readDate(typed), "2026-03-05", typed);
  for (const typed of ["", "31/02/2026", "03/31/2026", "5/3.2026", "5/3/26", "5 March 2026", "2026/03/05"])
    t.equal(readDate(typed), null, typed);
});

t.test("what is not a date of the calendar is refused", async (t) => {
  for (const text of [
    "2025-02-29",
    "2025-13-01",
    "2025-00-10",
    "2025-04-31",
    "2025-4-1",
    "25-04-01",
    "",
    "2025-04-01T00:00",
  ]) {
    t.equal(tryDayNumber(text), null, text);
  }
  t.equal(tryDayNumber("2024-02-29"), 19_782);
  t.throws(() => dayNumber("2025-02-29"), RangeError);
});

t.test("months are added by clamping to the end of the month, as no database does", async (t) => {
  const months = (iso: string, n: number): string => isoDate(addMonths(day(iso), n));
  t.equal(months("2024-08-31", -6), "2024-02-29");
  t.equal(months("2025-08-31", -6), "2025-02-28");
  t.equal(months("2024-12-31", -6), "2024-06-30");
  t.equal(months("2024-02-29", -12), "2023-02-28");
  t.equal(months("2024-02-29", 48), "2028-02-29");
  t.equal(months("2025-01-31", 1), "2025-02-28");
  t.equal(months("2025-03-31", -25), "2023-02-28");
});

t.test("a month added never skips a month, and never goes past the same day", async (t) => {
  fc.assert(
    fc.property(
      fc.integer({ min: -40_000, max: 60_000 }),
      fc.integer({ min: -600, max: 600 }),
      (n, months) => {
        const [from, to] = [isoDate(n), isoDate(addMonths(n, months))];
        const index = (iso: string): number => Number(iso.slice(0, 4)) * 12 + Number(iso.slice(5, 7));
        return index(to) - index(from) === months && Number(to.slice(8)) <= Number(from.slice(8));
      },
    ),
    { numRuns: 2000 },
  );
  t.pass();
});

t.test("windows are open at the far end and closed at the near end", async (t) => {
  const D = day("2025-03-31");
  const bounds = (from: number, to: number | null) =>
    windowBounds(
      { from: { n: from, unit: "months" }, to: to === null ? null : { n: to, unit: "months" } },
      D,
    );
  t.same(bounds(12, null), { after: day("2024-03-31"), upTo: D });
  t.same(bounds(6, 3), { after: day("2024-09-30"), upTo: day("2024-12-31") });
  t.same(windowBounds({ from: null, to: null }, D), { after: -0x80000000, upTo: D });
  t.equal(addSpan(D, { n: 2, unit: "weeks" }, -1), D - 14);
  t.equal(addSpan(D, { n: 90, unit: "days" }), D + 90);
  t.equal(isoDate(addSpan(D, { n: 5, unit: "years" }, -1)), "2020-03-31");
});

t.test(
  "age is in completed years, and 29 February has its birthday on 1 March in common years",
  async (t) => {
    const age = (born: string, at: string): number => ageAt(day(born), day(at));
    t.equal(age("2007-03-31", "2025-03-30"), 17);
    t.equal(age("2007-03-31", "2025-03-31"), 18);
    t.equal(age("1960-02-29", "2025-02-28"), 64);
    t.equal(age("1960-02-29", "2025-03-01"), 65);
    t.equal(age("1960-02-29", "2024-02-29"), 64);
    t.equal(age("2025-03-31", "2025-03-31"), 0);
  },
);

t.test(
  "periods end at the end of months, quarters and years, oldest first, and a period that has not ended is not there",
  async (t) => {
    t.same(periodEnds("quarter", 3, "2025-03-31"), ["2024-09-30", "2024-12-31", "2025-03-31"]);
    t.same(periodEnds("quarter", 2, "2025-03-30"), ["2024-09-30", "2024-12-31"]);
    t.same(periodEnds("month", 3, "2024-03-15"), ["2023-12-31", "2024-01-31", "2024-02-29"]);
    t.same(periodEnds("year", 2, "2025-12-30"), ["2023-12-31", "2024-12-31"]);
    t.equal(periodEnds("quarter", 16, "2025-03-31")[0], "2021-06-30");
  },
);
