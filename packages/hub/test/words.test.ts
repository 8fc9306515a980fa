import t from "tap";
import { percentOrNot, releasedWords } from "../../comparisons/src/words.js";

t.test("a range from 0 to 100 % says nothing, and is not said", async (t) => {
  t.equal(percentOrNot({ low: 0, high: 1 }), null);
  t.equal(percentOrNot({ low: 0.002, high: 0.998 }), null);
  t.equal(percentOrNot({ low: 0, high: 0.99 }), "0 to 99\u00a0%");
  t.equal(percentOrNot({ low: 1, high: 1 }), "100\u00a0%");
});

t.test("who withheld the first number has released, and is told apart from who shows both", async (t) => {
  const group = { state: "too-few", contributors: 7, withheld: 3 } as const;
  t.equal(releasedWords(7, group), "7 have released, 4 with both numbers shown");
  t.equal(
    releasedWords(7, { state: "made", contributors: 7 }, " of 8 practices"),
    "7 of 8 practices have released",
  );
});
