import fc from "fast-check";
import t from "tap";
import { strip as drawStrip, type StripInput } from "@cairn/charts";
import { textOf } from "@cairn/text";

function strip(drawn: StripInput): Omit<ReturnType<typeof drawStrip>, "svg"> & { readonly svg: string } {
  const made = drawStrip(drawn);
  return { ...made, svg: textOf(made.svg) };
}

const input: StripInput = {
  id: "bp",
  title: "Blood pressure <controlled> & recorded",
  dots: [34, 61, 34, 58, 0, 47],
  median: { low: 0.452, high: 0.498 },
  medianLabel: "middle of the group",
};

t.test("a strip has a title, a description and a table of the same numbers", async (t) => {
  const { svg, table } = strip(input);
  t.match(svg, 'aria-labelledby="bp-title"');
  t.match(svg, "Blood pressure &lt;controlled&gt; &amp; recorded</title>");
  t.match(svg, "6 practices as dots on a line from 0\u00a0%: 1 at 0\u00a0%, 2 at 34\u00a0%");
  t.match(svg, "The middle of the group is at 45 to 50\u00a0%.");
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

/** Of each dot that is drawn, in the picture's own units. */
function middles(svg: string): { x: number; y: number; r: number }[] {
  return [...svg.matchAll(/<circle cx="([\d.]+)" cy="([\d.]+)" r="(\d+)"[^>]* stroke-width="([\d.]+)"/g)].map(
    ([, x, y, r, rim]) => ({ x: Number(x), y: Number(y), r: Number(r) + Number(rim) / 2 }),
  );
}

/** The nearest two dots are so far apart, rim to rim; below 0 one covers the other. */
function nearest(svg: string): number {
  const all = middles(svg);
  const gaps = all.flatMap((a, i) =>
    all.slice(i + 1).map((b) => Math.hypot(a.x - b.x, a.y - b.y) - a.r - b.r),
  );
  return Math.min(Infinity, ...gaps);
}

t.test("no dot covers another, whatever the places", async (t) => {
  const percents = fc.array(fc.integer({ min: 0, max: 100 }), { minLength: 1, maxLength: 40 });
  const crowd = fc.array(fc.integer({ min: 40, max: 48 }), { minLength: 5, maxLength: 40 });
  const low = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 5, maxLength: 12 });
  fc.assert(
    fc.property(fc.oneof(percents, crowd, low), (dots) => {
      const { svg } = strip({ ...input, dots, median: null });
      const [, width, height] = /viewBox="0 0 (\d+) (\d+)"/.exec(svg) ?? [];
      const inside = middles(svg).every(
        ({ x, y, r }) => x - r >= 0 && x + r <= Number(width) && y - r >= 0 && y + r <= Number(height),
      );
      return middles(svg).length === dots.length && nearest(svg) > 0 && inside;
    }),
  );
  for (const dots of [
    [34, 34],
    [34, 35, 36, 37],
    [0, 1, 2, 3, 99, 100],
    [5, 3, 4, 3, 5, 4, 3],
  ])
    t.ok(nearest(strip({ ...input, dots }).svg) > 0, dots.join(" "));
});

t.test("how high a dot stands follows from the places of all, not from whose it is", async (t) => {
  const drawn = (dots: readonly number[]): string[] =>
    middles(strip({ ...input, dots }).svg)
      .map(({ x, y }) => `${x} ${y}`)
      .sort();
  t.same(drawn([36, 34, 35, 34]), drawn([34, 34, 35, 36]));
});

t.test("nothing finer than a whole percentage point can be drawn", async (t) => {
  t.throws(() => strip({ ...input, dots: [34.5] }), RangeError);
  t.throws(() => strip({ ...input, dots: [101] }), RangeError);
});

t.test("what the band is stands in the legend; without a median there is neither", async (t) => {
  t.equal(strip(input).legend, "middle of the group");
  const { svg, legend } = strip({ ...input, median: null });
  t.equal(legend, "");
  t.notMatch(svg, "<rect");
});

t.test(
  "a reference is shaded behind the dots, and the reader's own range is a diamond below them",
  async (t) => {
    const { svg: plain } = strip(input);
    const { svg } = strip({
      ...input,
      reference: { median: 0.5, middle: { low: 0.3, high: 0.78 } },
      own: { low: 0.55, high: 0.61 },
    });
    t.match(svg, "eight of ten of those lie at 30 to 78\u00a0%. This practice is at 55 to 61\u00a0%.");
    t.equal(svg.match(/<polygon/g)?.length, 1);
    t.equal(plain.match(/<polygon/g), null);
    const axis = Number(/<line x1="\d+" x2="\d+" y1="(\d+)" y2="\1"/.exec(svg)?.[1]);
    const [, lowest] = /points="[\d.]+,[\d.]+ [\d.]+,[\d.]+ [\d.]+,([\d.]+)/.exec(svg) ?? [];
    t.ok(Number(lowest) <= axis, "the diamond is above the axis");
    t.ok(
      middles(svg).every(({ y, r }) => y + r <= Number(lowest) - 18 + 0.1),
      "and below every dot",
    );
  },
);
