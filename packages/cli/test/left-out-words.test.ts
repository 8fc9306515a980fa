/** A preview says of each date who is left out at it, and how many: what it says of one date does not contradict itself. */
import t from "tap";
import { leftOutWords } from "../src/left-out-words.js";

const PEOPLE = { all: 11, always: 3 };

t.test("where type 1 opt-outs are counted, only those are left out who always are", async (t) => {
  const words = leftOutWords([{ date: "2026-09-30", optOuts: "counted" }], PEOPLE).join("\n");
  t.match(words, /At 2026-09-30 people with a type 1 opt-out in their record are counted/);
  t.match(words, /list, or marked as confidential in the extract, are in no number that leaves: 3 people/);
  t.notMatch(words, "11 people");
  t.notMatch(words, /type 1 opt-out in their record, on the practice's own list/);
});

t.test("each date has its own words", async (t) => {
  const dates = ["2026-03-31", "2026-06-30", "2026-09-30"].map(
    (date) => ({ date, optOuts: "left-out" }) as const,
  );
  const [first, second, third] = dates;
  t.match(leftOutWords([first!, second!, { ...third!, optOuts: "counted" }], { all: 1, always: 0 }), [
    /^At 2026-03-31, 2026-06-30 people with a type 1 opt-out .* in no number that leaves: 1 person\.$/,
    /^At 2026-09-30 .* are counted/,
    /^At 2026-09-30 people on the practice's own list.*: nobody of these records\.$/,
  ]);
  t.equal(leftOutWords(dates, PEOPLE).length, 1);
});
