/** Lists of names in logs and messages come apart as they were put together, whatever the names hold. */
import t from "tap";
import { joinNames, splitNames } from "../src/names.js";

t.test("each list of names is read as it was written", async (t) => {
  for (const names of [
    [],
    ["glen"],
    ["Glen, north", "board"],
    ["board", "Glen, north"],
    ['"Glen", north', "a,b", "c,", 'say "x"', "back\\slash, here"],
    ['"', '"a", "b"'],
  ])
    t.same(splitNames(joinNames(names)), names);
  t.equal(joinNames(["Glen, north", "board"]), '"Glen, north", board');
  t.same(splitNames('"Glen, board'), ['"Glen', "board"], "of a log from before");
});
