import t from "tap";
import { strip, type StripInput } from "@cairn/charts";

const input: StripInput = {
  id: "bp",
  title: "Blood pressure <controlled> & recorded",
  dots: [34, 61, 34, 58, 0, 47],
  median: { low: 45.2, high: 49.8 },
  medianLabel: "middle of the group",
};

t.test("a strip has a title, a description and a table of the same numbers", async (t) => {
  const { svg, table } = strip(input);
  t.match(svg, 'aria-labelledby="bp-title"');
  t.match(svg, "Blood pressure &lt;controlled&gt; &amp; recorded</title>");
  t.match(svg, "6 practices as dots on a line from 0%: 1 at 0%, 2 at 34%");
  t.match(svg, "lies between 45% and 50%");
  t.same(table, [
    { percent: 0, practices: 1 },
    { percent: 34, practices: 2 },
    { percent: 47, practices: 1 },
    { percent: 58, practices: 1 },
    { percent: 61, practices: 1 },
  ]);
});

t.test("every practice is the same dot: nothing but its place differs", async (t) => {
  const circles = strip(input).svg.match(/<circle[^>]*>/g) ?? [];
  t.equal(circles.length, 6);
  const looks = new Set(circles.map((circle) => circle.replace(/c[xy]="[^"]*"/g, "")));
  t.equal(looks.size, 1);
});

t.test("two practices at the same point stand on one another, and none is hidden", async (t) => {
  const places = (strip(input).svg.match(/<circle[^>]*>/g) ?? []).map(
    (c) => /cx="[^"]*" cy="[^"]*"/.exec(c)?.[0],
  );
  t.equal(new Set(places).size, 6);
});

t.test("nothing finer than a whole percentage point can be drawn", async (t) => {
  t.throws(() => strip({ ...input, dots: [34.5] }), RangeError);
  t.throws(() => strip({ ...input, dots: [101] }), RangeError);
});

t.test("without a median there is no mark for one", async (t) => {
  const { svg } = strip({ ...input, median: null });
  t.notMatch(svg, "middle of the group");
  t.notMatch(svg, "<rect");
});
