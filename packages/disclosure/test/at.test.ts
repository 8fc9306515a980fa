import t from "tap";
import { at } from "../src/at.js";

t.test("a wrong index is an error, and never a count of nobody", async (t) => {
  const counts = Int32Array.of(0, 12);
  t.equal(at(counts, 0), 0);
  t.equal(at(counts, 1), 12);
  for (const index of [-1, 2, 0.5, NaN]) t.throws(() => at(counts, index), RangeError, String(index));
});
