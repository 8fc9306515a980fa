/** What the demo asks first, and what it says of the rest of the library. */
import t from "tap";
import { FIRST_QUERIES, theOthers } from "../src/demo/queries.js";
import { titles } from "../src/demo/titles.js";

t.test("the demo's first set is in the library that comes with Cairn", async (t) => {
  const library = titles();
  for (const query of FIRST_QUERIES) t.ok(library.has(query), query);
});

t.test("a newcomer is told that the library has more, and how to ask it", async (t) => {
  const library = [...FIRST_QUERIES, "asthma-review", "copd-review"];
  const said = theOthers(library, "/tmp/demo/hub", "demo-cluster");
  t.match(said, "7 of the 9 queries");
  t.match(said, "cairn schedule add --data /tmp/demo/hub --group demo-cluster");
  t.match(said, /--query asthma-review\nOthers: copd-review$/);
  t.ok(
    said.split("\n").every((line) => line.length <= 80),
    "at 80 columns",
  );
  t.notMatch(theOthers(library, null, "demo-cluster"), "--data", "a hub that has ended is not named");
  t.equal(theOthers(FIRST_QUERIES, null, "demo-cluster"), "These are 7 of the 7 queries of the library.");
});
