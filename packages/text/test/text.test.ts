import fc from "fast-check";
import t from "tap";
import {
  count,
  countRange,
  html,
  longDate,
  longMoment,
  monthsLong,
  percent,
  percentRange,
  pointsRange,
  ratioRange,
  svg,
  textOf,
  wrap,
} from "@cairn/text";

t.test("a percentage is whole, and never 0 % of something or 100 % of less than all", async (t) => {
  t.equal(percent(0.34), "34\u00a0%");
  t.equal(percent(0), "0\u00a0%");
  t.equal(percent(1), "100\u00a0%");
  t.equal(percent(0.0004), "<1\u00a0%");
  t.equal(percent(0.9996), ">99\u00a0%");
  t.equal(percentRange({ low: 0.34, high: 0.36 }), "34 to 36\u00a0%");
  t.equal(percentRange({ low: 0.341, high: 0.343 }), "34\u00a0%");
  t.equal(percentRange({ low: 0.001, high: 0.02 }), "<1 to 2\u00a0%");
  t.equal(percentRange({ low: 0, high: 0 }), "0\u00a0%");
});

t.test("counts have their thousands, ranges both ends, dates their month in words", async (t) => {
  t.equal(count(1240), "1,240");
  t.equal(countRange({ low: 1230, high: 1250 }), "1,230 to 1,250");
  t.equal(countRange({ low: 7, high: 7 }), "7");
  t.equal(longDate("2026-06-30"), "30 June 2026");
  t.equal(longMoment("2026-04-15T04:23:00Z", "Europe/London"), "15 April 2026 at 05:23 (Europe/London)");
});

t.test("a difference is in points, and a time between dates in the largest unit that is whole", async (t) => {
  t.equal(pointsRange({ low: 0.0201, high: 0.0899 }), "2 to 9 points");
  t.equal(pointsRange({ low: 0.03, high: 0.034 }), "3 points");
  t.equal(pointsRange({ low: 0.006, high: 0.013 }), "1 point");
  t.equal(pointsRange({ low: 0.001, high: 0.09 }), "up to 9 points");
  t.equal(pointsRange({ low: 0.001, high: 0.004 }), "less than 1 point");
  t.same([1, 3, 12, 15, 24].map(monthsLong), ["a month", "three months", "a year", "15 months", "two years"]);
});

t.test("wrapped lines are as wide as they may be, and lose no word", async (t) => {
  t.same(wrap("one two three", { width: 8, first: "- ", rest: "  " }), ["- one", "  two", "  three"]);
  t.same(wrap("one two three", { width: 7 }), ["one two", "three"]);
  t.same(wrap("  name   34 of 100, carried", { width: 18, rest: "    " }), [
    "  name   34 of",
    "    100, carried",
  ]);
  t.same(wrap("averylongword and", { width: 5 }), ["averylongword", "and"]);
  const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/), { minLength: 1 });
  fc.assert(
    fc.property(words, fc.integer({ min: 16, max: 40 }), (all, width) => {
      const lines = wrap(all.join(" "), { width, first: "> ", rest: "   " });
      return (
        lines.every((line) => line.length <= width) &&
        lines.join(" ").slice(1).trim().split(/ +/).join() === all.join()
      );
    }),
  );
});

t.test("what is put in a page is text, unless a template made it", async (t) => {
  const evil = `<b a='1' c="2">&`;
  t.equal(
    textOf(html`<p title="${evil}">${[evil, null, false, 7]}</p>`),
    `<p title="&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;">&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt;&amp;7</p>`,
  );
  t.equal(
    textOf(svg`<g>${["a", "b"].map((each) => svg`<text>${each}</text>`)}</g>`),
    "<g><text>a</text><text>b</text></g>",
  );
  t.throws(() => html`${{ text: "<b>" }}`, TypeError);
});

t.test("a ratio has two places", (t) => {
  t.equal(ratioRange({ low: 0.858, high: 1.5 }), "0.86 to 1.50");
  t.end();
});
