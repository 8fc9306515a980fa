import t from "tap";
import { decileBands, distribution, funnel, runChart, waterfall, type Chart } from "@cairn/charts";
import { funnelLimits, interval } from "@cairn/statistics";
import { textOf } from "@cairn/text";

const named = { id: "q1", title: "People <reviewed> & seen" };
const share = (low: number, high = low): { low: number; high: number } => interval(low, high);
const nbsp = (text: string): string => text.replaceAll(" %", "\u00a0%");
const dates = ["2025-03-31", "2025-06-30", "2025-09-30", "2025-12-31"];

const all: Record<string, Chart> = {
  run: runChart({
    ...named,
    points: dates.map((date) => ({ date, share: share(0.4, 0.42), joined: true })),
    limits: { mean: share(0.41), outer: share(0.3, 0.5) },
    notes: [{ date: "2025-06-30", text: "Recall letters <began>" }],
    aims: [{ date: "2025-06-30", until: "2025-12-31", share: 0.5, text: "half" }],
  }),
  funnel: funnel({
    ...named,
    target: 0.12,
    tau2: 0.004,
    marks: [
      { label: "This practice", own: true, x: interval(18, 22), n: interval(98, 102) },
      { label: "The group", own: false, x: interval(90, 110), n: interval(800, 820) },
    ],
  }),
  deciles: decileBands({
    ...named,
    label: "This practice",
    dates: dates.map((date, i) => ({
      date,
      deciles: [0.1, 0.12, 0.14, 0.16, 0.2, 0.22, 0.25, 0.3, 0.4],
      share: i === 1 ? null : share(0.2, 0.22),
    })),
  }),
  waterfall: waterfall({
    ...named,
    steps: [
      { label: "registered on the day", people: interval(5000, 5000) },
      { label: "with diabetes on the register", people: interval(298, 302) },
      { label: "with a review in the year before", people: null },
    ],
  }),
  distribution: distribution({
    ...named,
    places: Array.from({ length: 60 }, (_, i) => 20 + (i % 13)),
    median: share(0.25, 0.26),
    reference: { median: 0.27, middle: share(0.21, 0.33) },
    own: share(0.22, 0.24),
  }),
};

t.test("every chart has a title and a description, its text is escaped, and it is well-formed", async (t) => {
  for (const [kind, chart] of Object.entries(all)) {
    const drawn = textOf(chart.svg);
    t.match(drawn, /<title id="q1-title">People &lt;reviewed&gt; &amp; seen<\/title>/, kind);
    t.match(drawn, /<desc id="q1-desc">[^<]{20,}<\/desc>/, kind);
    t.notMatch(drawn, /NaN|undefined|Infinity|<(?:began|reviewed)>/, kind);
    const opened = drawn.match(/<[a-z]+(?=[\s>])[^>]*[^/]>|<[a-z]+>/g)?.length;
    t.equal(opened, drawn.match(/<\/[a-z]+>/g)?.length, `${kind}: what is opened is closed`);
    t.ok(chart.table.rows.length > 0, kind);
    t.ok(
      chart.table.rows.every((row) => row.length === chart.table.headings.length),
      `${kind}: as many cells as headings`,
    );
  }
});

t.test("everything that is drawn lies inside the picture", async (t) => {
  for (const [kind, chart] of Object.entries(all)) {
    const drawn = textOf(chart.svg);
    const height = Number(/viewBox="0 0 520 ([\d.]+)"/.exec(drawn)?.[1]);
    for (const [, name, value] of drawn.matchAll(/ (c?[xy][12]?)="(-?[\d.]+)"/g)) {
      const most = name?.includes("x") ? 520 : height;
      t.ok(Number(value) >= 0 && Number(value) <= most, `${kind}: ${name} ${value} of ${most}`);
    }
    for (const [, x, words] of drawn.matchAll(/<text x="([\d.]+)"[^>]*text-anchor="middle"[^>]*>([^<]*)</g)) {
      const half = 4.6 * (words?.length ?? 0); // of letters 17 units high
      t.ok(Number(x) - half >= 0 && Number(x) + half <= 520, `${kind}: "${words}" at ${x} is whole`);
    }
    for (const [, x, y] of drawn.matchAll(/(-?[\d.]+),(-?[\d.]+)/g))
      t.ok(Number(x) >= 0 && Number(x) <= 520 && Number(y) >= 0 && Number(y) <= height, `${kind}: ${x},${y}`);
  }
});

t.test(
  "a run chart joins points only where the same practices contribute, and not across what is unknown",
  async (t) => {
    const parts = (joined: boolean[], unknown = -1): number => {
      const chart = runChart({
        ...named,
        points: dates.map((date, i) => ({
          date,
          share: i === unknown ? "not shown" : share(0.4),
          joined: joined[i] as boolean,
        })),
        limits: null,
        notes: [],
        aims: [],
      });
      return textOf(chart.svg).match(/<path/g)?.length ?? 0;
    };
    t.equal(parts([true, true, true, true]), 1);
    t.equal(parts([true, true, false, true]), 2);
    t.equal(parts([true, true, true, true], 2), 1, "one point on the far side is no line");
    const points = [{ date: "2025-03-31", share: "withheld", joined: true }] as const;
    const one = runChart({ ...named, points, limits: null, notes: [], aims: [] });
    t.same(one.table.rows, [["31 March 2025", "withheld", ""]], "what is not known is said, not drawn as 0");
    t.notMatch(textOf(one.svg), /<circle|<path|<rect/);
    const bars = (high: number): [boolean, boolean] => {
      const known = [{ date: "2025-03-31", share: { low: 0.05, high }, joined: true }];
      const { svg, hasBars } = runChart({ ...named, points: known, limits: null, notes: [], aims: [] });
      return [hasBars, textOf(svg).includes("<rect")];
    };
    t.same([bars(0.14), bars(0.051)], [[true, true], [false, false]], "it says whether it drew ranges"); // prettier-ignore
    t.throws(() => runChart({ ...named, points: [], limits: null, notes: [], aims: [] }), RangeError);
    const same = [points[0], points[0]];
    t.throws(() => runChart({ ...named, points: same, limits: null, notes: [], aims: [] }), RangeError);
  },
);

t.test("a note is a number in the picture and words beside it, in order of date", async (t) => {
  const chart = runChart({
    ...named,
    points: dates.map((date) => ({ date, share: share(0.4), joined: true })),
    limits: null,
    notes: [
      { date: "2025-09-30", text: "second" },
      { date: "2025-06-30", text: "first" },
    ],
    aims: [],
  });
  t.same(
    chart.notes.map(({ number, text }) => [number, text]),
    [
      [1, "first"],
      [2, "second"],
    ],
  );
  t.equal(chart.table.rows[1]?.[2], "first");
});

t.test("a funnel says the widest limits of its own mark, and draws no peer", async (t) => {
  const chart = all.funnel as Chart;
  const { low, high } = funnelLimits(0.12, 98, 0.998, 0.004);
  t.equal(
    chart.table.rows[0]?.[4],
    nbsp(`${Math.round(100 * low)} to ${Math.round(100 * high)} %`).replace("0 to", "<1 to"),
  );
  t.equal(textOf(chart.svg).match(/<polygon/g)?.length, 1, "own mark");
  t.equal(textOf(chart.svg).match(/<circle/g)?.length, 1, "the group's");
  const nobody = [{ label: "own", own: true, x: interval(0, 0), n: interval(0, 4) }];
  t.throws(() => funnel({ ...named, target: 0.1, tau2: 0, marks: nobody }), RangeError);
});

t.test("decile bands need nine deciles that do not fall", async (t) => {
  const date = { date: "2025-03-31", share: null };
  const of = (deciles: number[]): unknown =>
    decileBands({ ...named, label: "own", dates: [{ ...date, deciles }] });
  t.throws(() => of([0.1, 0.2]), RangeError);
  t.throws(() => of([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.9, 0.8]), RangeError);
  t.ok(of([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]), "one date alone");
  t.equal((all.deciles as Chart).table.rows[1]?.[1], "not shown");
});

t.test("a waterfall says what each step leaves and leaves out, as ranges where numbers are", async (t) => {
  t.same((all.waterfall as Chart).table.rows, [
    ["registered on the day", "5,000", ""],
    ["with diabetes on the register", "298 to 302", "4,698 to 4,702"],
    ["with a review in the year before", "withheld", "cannot tell"],
  ]);
  const more = [
    { label: "a", people: interval(5, 5) },
    { label: "b", people: interval(9, 9) },
  ];
  t.throws(() => waterfall({ ...named, steps: more }), RangeError);
});

t.test("a distribution counts every practice once, and is for forty or more", async (t) => {
  const chart = all.distribution as Chart;
  t.equal(
    chart.table.rows.reduce((total, row) => total + Number(row[1]), 0),
    60,
  );
  const of = (places: number[]): Chart =>
    distribution({ ...named, places, median: null, reference: null, own: null });
  t.throws(() => of(Array<number>(39).fill(50)), RangeError);
  t.throws(() => of(Array<number>(40).fill(50.5)), RangeError);
  const drawn = textOf(chart.svg);
  const most = Math.max(...chart.table.rows.map((row) => Number(row[1])));
  t.match(drawn, `>${most} practices</text>`, "how many the highest bar is");
  t.match(drawn, /stroke-dasharray="4 3"/, "what is compared with is drawn");
  t.match(drawn, nbsp("whose middle is at 27 %; eight of ten of those lie at 21 to 33 %."));
  t.same(of([...Array<number>(39).fill(100), 97]).table.rows, [[nbsp("95 to 100 %"), "40"]]);
});

t.test("notes of one date stand together above it, and an aim ends at its date", async (t) => {
  const note = (date: string, text: string) => ({ date, text });
  const chart = runChart({
    ...{ id: "r", title: "t", limits: null },
    points: [
      { date: "2024-12-31", share: { low: 0.5, high: 0.5 }, joined: false },
      { date: "2025-12-31", share: { low: 0.5, high: 0.5 }, joined: true },
    ],
    notes: [note("2025-06-30", "a"), note("2025-06-30", "b"), note("2025-12-01", "c")],
    aims: [{ date: "2025-06-30", until: "2026-06-30", share: 0.6, text: "" }],
  });
  const drawn = textOf(chart.svg);
  t.match(drawn, ">1, 2</text>");
  t.match(drawn, ">3</text>");
  const [, from, to] = /x1="([\d.]+)" x2="([\d.]+)"[^>]*stroke-width="3"/.exec(drawn) ?? [];
  const points = [...drawn.matchAll(/<circle cx="([\d.]+)"/g)].map(([, x]) => Number(x));
  t.ok(Number(from) < Number(to) && Number(to) > (points[1] as number), "it reaches beyond the newest point");
});
