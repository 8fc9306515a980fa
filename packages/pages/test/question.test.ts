import type { ComparisonModel, GroupNote, PublishedReference } from "@cairn/comparisons";
import {
  chooseForm,
  groupPage,
  meetingPage,
  packPage,
  PAGE,
  practiceComparison,
  questionPage,
  questionParts,
  writeForms,
  type QuestionView,
} from "@cairn/pages";
import type { Query } from "@cairn/query-library";
import { textOf, type Markup } from "@cairn/text";
import t from "tap";
import { HARD, LIBRARY, line, named, USUAL, type Practice } from "../../comparisons/test/fixtures/groups.js";
import { neverSaid } from "../../../tests/house/never-said.js";

const REFERENCE: PublishedReference = {
  ...{ of: "elsewhere" as const, source: "QOF 2024-25", date: "2025-03-31", practices: 6_230 },
  ...{ p10: 0.4, p50: 0.5, p90: 0.6, tau2: 0 },
};
const NOTES: readonly (GroupNote & { id: number; written_by: string })[] = [
  {
    ...{
      id: 1,
      written_by: "Dr Ng",
      date: "2024-07-01",
      kind: "test-of-change",
      text: "Call in by birthday month",
    },
    ...{ share: null, measured_by: "readings", until: "2025-09-30", outcome: null },
  },
  {
    ...{ id: 2, written_by: "Dr Ng", date: "2024-09-02", kind: "aim", text: "For people under 65" },
    ...{ share: 0.7, measured_by: null, until: "2025-06-30", outcome: null },
  },
];

function view(query: Query, dates: ComparisonModel[], more: Partial<QuestionView> = {}): QuestionView {
  return { query, dates, notes: [], sees: "dots", ...more };
}

/** The words of a page as somebody reads or hears them. */
function words(page: Markup): string {
  return textOf(page)
    .replace(/<[^>]+>/g, " ")
    .replaceAll("\u00a0", " ")
    .replace(/\s+/g, " ");
}

/** Every page of a question. */
function pagesOf(one: QuestionView): Markup[] {
  return [
    questionPage({ view: one, allDates: one.dates.map(({ date }) => date), write: null }),
    meetingPage({ view: one, number: 1, of: 1, before: null, next: null, writes: true }),
    packPage("Glen cluster", [one], []),
    groupPage({ name: "Glen cluster", practices: 8, views: [one], chosen: [], choose: null }),
  ];
}

const FEW: readonly Practice[] = [0, 0, 0.002, 0.003, 0.002, 0.004, 0.02, 0.001].map((share) => ({
  people: 1_000,
  share,
}));

t.test("no page of any query says a word of rank or blame, or that a share is anything at all", async (t) => {
  t.same(neverSaid("People with heart failure"), []);
  t.same(neverSaid("the Worst practice failed its heart failure target"), ["Worst", "failed"]);
  for (const query of LIBRARY.values())
    for (const [name, practices] of Object.entries({ USUAL, HARD, FEW })) {
      const dates = line(query, () => practices, { of: 0.2, beside: { reference: REFERENCE } });
      for (const page of pagesOf(view(query, dates, { notes: NOTES }))) {
        const said = words(page);
        t.same(neverSaid(said), [], `${query.query}, ${name}`);
        t.notMatch(said, /\b(0|<1) to (100|>99) %/, `${query.query}, ${name}`);
        t.notMatch(said, /undefined|NaN|\[object|null\b/, `${query.query}, ${name}`);
      }
    }
});

t.test("a page has eight parts in the order that a meeting needs, its own plans before them", async (t) => {
  const query = named("bp-control");
  const dates = line(query, () => USUAL, { of: 0.15, beside: { reference: REFERENCE } });
  const own = {
    sum: { numerator: { low: 60, high: 60 }, denominator: { low: 100, high: 100 } },
    series: dates.map(({ date }) => ({ date, number: "withheld" })),
    notes: [],
    expected: "41 would be expected of your patients.",
    list: null,
  };
  const html = textOf(questionParts(view(query, dates, { notes: NOTES, own: { ...own, list: null } }), PAGE));
  t.match(html.slice(html.indexOf("and more</h2>")), "41 would be expected of your patients.");
  const headings = [...html.matchAll(/<h2[^>]*>\s*([^<]*?)\s*<\/h2>/g)].map(([, heading]) => heading);
  t.same(headings, [
    "What you set out to do",
    "The question",
    "How far these numbers can be trusted",
    "What this says",
    "How practices spread",
    "Over time",
    "By group of patients, and more",
    "To talk about",
  ]);
  t.match(html, /<polygon/, "the practice's own share is a diamond");
  t.match(words(questionParts(view(query, dates), PAGE)), "eight of ten practices elsewhere: 40 to 60 %");
  t.match(html, "cairn-funnel", "the funnel stands where there is a reference");
  t.notMatch(
    textOf(questionParts(view(query, dates), PAGE)),
    "This practice",
    "at the hub nothing is anybody's own",
  );
});

t.test(
  "what others have tried stands under what to talk about, at hub and practice, on screen and paper",
  async (t) => {
    const tried = [...LIBRARY.values()].filter(({ othersTried }) => othersTried.length > 0);
    t.ok(tried.length >= 10, "the library has some");
    const own = { sum: null, series: [], notes: [], expected: null, list: null };
    for (const query of tried) {
      const dates = line(query, () => USUAL);
      const shown = view(query, dates);
      const pages = {
        hub: questionPage({ view: shown, allDates: [], write: null }),
        paper: packPage("Glen", [shown], []),
        practice: practiceComparison({
          ...{ practice: "Alder", view: { ...shown, own }, allDates: [] },
          ...{ ownWords: "Nothing here.", checked: [], charter: null, named: null },
        }),
      };
      for (const [name, page] of Object.entries(pages)) {
        const html = textOf(page);
        const part = html.slice(html.lastIndexOf("To talk about"));
        t.match(words(page), /To talk about .* Others have tried /, `${query.query}, ${name}`);
        for (const { what, source, url } of query.othersTried) {
          t.same(neverSaid(`${what} ${source}`), [], query.query);
          t.ok(
            part.includes(`${what} (<a href="${url}">${source}</a>).`),
            `${query.query}, ${name}: ${what}`,
          );
        }
      }
    }
    const [query] = tried;
    const evil = { what: "<script>x</script>", source: '"><b>', url: 'https://example.org/"><script>' };
    const marked = { ...query!, othersTried: [evil, { ...evil, url: null }] };
    const html = textOf(
      questionParts(
        view(
          marked,
          line(marked, () => USUAL),
        ),
        PAGE,
      ),
    );
    t.notMatch(html, /<script|"><b>/, "what a query says is text");
    t.match(html, "&lt;script&gt;x&lt;/script&gt; (&quot;&gt;&lt;b&gt;).", "without an address it is words");
    const none = named("bp-control");
    t.notMatch(
      textOf(
        questionParts(
          view(
            none,
            line(none, () => USUAL),
          ),
          PAGE,
        ),
      ),
      /Others have tried/,
    );
  },
);

t.test("ids on a page are its own, also where it has many questions", async (t) => {
  const views = ["bp-control", "hypertension-register", "nsaid-65-no-gastroprotection"].map((name) => {
    const query = named(name);
    return view(
      query,
      line(query, () => USUAL, { of: 0.15, beside: { reference: REFERENCE } }),
      { notes: NOTES },
    );
  });
  for (const page of [
    packPage("Glen", views, []),
    groupPage({ name: "Glen", practices: 8, views, chosen: ["bp-control"], choose: null }),
  ]) {
    const ids = [...textOf(page).matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    t.equal(new Set(ids).size, ids.length, ids.filter((id, i) => ids.indexOf(id) !== i).join(", "));
    for (const [, of] of textOf(page).matchAll(/aria-(?:labelledby|describedby)="([^"]+)"/g))
      for (const id of (of ?? "").split(" ")) t.ok(ids.includes(id), id);
  }
});

t.test("an overview orders by topic and by what was chosen, never by value", async (t) => {
  const names = ["nsaid-65-no-gastroprotection", "bp-control", "diabetes-foot-check"];
  const order = (shares: readonly number[], chosen: string[]): string[] => {
    const views = names.map((name, i) => {
      const query = named(name);
      return view(
        query,
        line(query, () => USUAL.map((one) => ({ ...one, share: shares[i] ?? 0 })), { of: 0.15 }),
      );
    });
    const html = textOf(groupPage({ name: "Glen", practices: 8, views, chosen, choose: null }));
    return [...html.matchAll(/<h3[^>]*><a href="\/groups\/Glen\/([^"]+)"/g)].map(
      ([, name]) => name as string,
    );
  };
  const topical = ["diabetes-foot-check", "bp-control", "nsaid-65-no-gastroprotection"];
  for (const shares of [
    [0.1, 0.5, 0.9],
    [0.9, 0.5, 0.1],
    [0.5, 0.9, 0.1],
  ])
    t.same(order(shares, []), topical);
  t.same(order([0.1, 0.5, 0.9], ["nsaid-65-no-gastroprotection"]), [
    "nsaid-65-no-gastroprotection",
    ...topical.slice(0, 2),
  ]);
});

t.test(
  "an overview folds topics of which nothing can be told into one line, and keeps each question there",
  async (t) => {
    const tells = ["nsaid-65-no-gastroprotection", "diabetes-foot-check"];
    const views = (told: readonly string[], notes = NOTES.slice(0, 0), scale = 0.02) =>
      ["diabetes-foot-check", "diabetes-hba1c-58", "bp-control", "nsaid-65-no-gastroprotection"].map(
        (name) => {
          const query = named(name);
          const practices = told.includes(name) ? USUAL : HARD;
          return view(
            query,
            line(query, () => practices, { of: 0.15, scale: told.includes(name) ? 1 : scale }),
            { notes: name === "bp-control" ? notes : [] },
          );
        },
      );
    const page = (of: QuestionView[], chosen: string[] = []): string =>
      textOf(groupPage({ name: "Glen", practices: 8, views: of, chosen, choose: null }));
    const part = (html: string): string => /<details[^]*?<\/details>/.exec(html)?.[0] ?? "";
    const html = page(views(tells));
    t.match(part(html), /1 question of which we cannot tell: High blood pressure/);
    t.match(part(html), 'href="/groups/Glen/bp-control"');
    t.match(part(html), /we cannot tell: too many numbers are withheld/, "the reason");
    t.notMatch(
      part(html),
      "/groups/Glen/diabetes-hba1c-58",
      "a topic of which something is told stays whole",
    );
    t.equal(html.split("<details").length, 2);
    t.match(
      part(page(views([]))),
      /4 questions of which we cannot tell: Diabetes, High blood pressure, Medicines safety/,
    );
    t.equal(part(page(views(tells), ["bp-control"])), "", "what the group chose is not folded");
    const tried = NOTES.map((note) => ({ ...note, outcome: { date: "2025-01-31", what: "kept" as const } }));
    t.equal(part(page(views(tells, tried))), "", "nor what it tried");
    t.equal(part(page(views(tells, [], 0))), "", "that nobody is counted in some practices is told");
  },
);

t.test("dots say nothing of what a practice was before or in another question", async (t) => {
  const query = named("bp-control");
  const html = textOf(
    questionPage({
      view: view(
        query,
        line(query, () => USUAL, { of: 0.15 }),
      ),
      allDates: [],
      write: null,
    }),
  );
  const dots = [...html.matchAll(/<circle[^>]* r="7"[^>]*>/g)].map(([dot]) => dot);
  t.equal(dots.length, 8);
  t.equal(
    new Set(dots.map((dot) => dot.replace(/c[xy]="[\d.]+"/g, ""))).size,
    1,
    "no dot has anything of its own",
  );
  const places = [...html.matchAll(/<circle cx="([\d.]+)"[^>]* r="7"/g)].map(([, x]) => Number(x));
  t.same(
    places,
    [...places].sort((a, b) => a - b),
    "they stand from low to high",
  );
  t.notMatch(html, /Surgery|practice-id/);
});

t.test("what is typed into a form is text, wherever it is shown again", async (t) => {
  const evil = `"><script>x</script>`;
  const notes = [{ ...NOTES[0], text: evil, measured_by: evil, written_by: evil }] as typeof NOTES;
  const query = named("bp-control");
  const form = writeForms({
    ...{ action: "/x", token: evil, notes, problems: [{ field: "text", words: evil }] },
    today: "9999-12-31",
    typed: { text: evil, until: evil, share: evil, kind: evil },
  });
  const page = questionPage({
    view: view(
      query,
      line(query, () => USUAL),
      { notes },
    ),
    allDates: [],
    write: form,
  });
  t.notMatch(textOf(page), /<script|"">/);
});

t.test("behind more stand the share standardised by age, what it is for, and bands over time", async (t) => {
  const query = named("opioid-with-sedative");
  const dates = line(query, () => USUAL, { of: 0.15 });
  const said = words(questionParts(view(query, dates), PAGE));
  t.match(said, "Standardised by age, for comparing dates while the ages of the patients change");
  t.match(said, "the European Standard Population of 2013 (Eurostat)", "the standard is named");
  t.match(
    said,
    /31 March 2025 As it is \d+ to \d+ % Standardised by age \d+ to \d+ % 95 % limits \d+ to \d+ %/,
  );
  const sex = named("ace-inhibitor-diuretic-no-kidney-test");
  t.match(
    words(
      questionParts(
        view(
          sex,
          line(sex, () => USUAL),
        ),
        PAGE,
      ),
    ),
    "Not standardised: the numbers of this question are not split by age.",
  );
  t.notMatch(
    textOf(questionParts(view(query, dates), PAGE)),
    "cairn-deciles",
    "with nothing to draw nothing is",
  );
  t.notMatch(said, "for one date alone");

  const one = dates.map((date) => ({ ...date, reference: REFERENCE }));
  t.match(words(questionParts(view(query, one), PAGE)), "their figure is here for one date alone");
  const later = { ...REFERENCE, date: "2024-09-30", source: "QOF 2023-24", p10: 0.35, p50: 0.45, p90: 0.55 };
  const drawn = textOf(
    questionParts(
      view(
        query,
        one.map((date, i) => (i < 2 ? { ...date, reference: later } : date)),
      ),
      PAGE,
    ),
  );
  const [chart = ""] = /<svg[^>]*cairn-deciles[\s\S]*?<\/svg>/.exec(drawn) ?? [];
  t.match(
    chart,
    /<title[^>]*>[^<]*how practices elsewhere spread at each date, and the middle of the group</,
  );
  t.match(chart, /<desc[^>]*>31 March 2024: Middle of the group [^<]*tenths from 35.% to 55.%, middle 45.%/);
  t.match(drawn, "QOF 2023-24; QOF 2024-25", "each source is named");
  t.match(drawn, /Lowest tenth up to[\s\S]*?35.%[\s\S]*?40.%/, "the same numbers stand in a table");
});

t.test(
  "what a bar and a cell of few words mean is told below the bars and the cells, and only there",
  (t) => {
    const query = named("bp-control");
    const exact = words(
      questionPage({
        view: view(
          query,
          line(query, () => USUAL),
        ),
        allDates: [],
        write: null,
      }),
    );
    const hard = questionPage({
      view: view(
        query,
        line(query, () => HARD),
      ),
      allDates: [],
      write: null,
    });
    t.notMatch(exact, "A bar is a range");
    const small = line(query, () => Array.from({ length: 8 }, () => ({ people: 60, share: 0.3 })));
    t.match(
      words(questionPage({ view: view(query, small), allDates: [], write: null })),
      "A bar is a range: the figure lies somewhere in it.",
    );
    const few = textOf(hard);
    const legend = few.indexOf("in a cell means");
    t.ok(legend > few.lastIndexOf("too few</"), "below the last table");
    t.end();
  },
);

t.test("a meeting's page has the way on first, and tells a plan once where it is not unfolded", (t) => {
  const one = view(
    named("bp-control"),
    line(named("bp-control"), () => USUAL),
    { notes: NOTES },
  );
  const next = { query: "asthma-review", title: "Asthma review" };
  const page = textOf(meetingPage({ view: one, number: 1, of: 2, before: null, next, writes: true }));
  t.ok(page.indexOf("Next: Asthma review") < page.indexOf("<h1"));
  const open = page.replace(/<details[^]*?<\/details>/g, "").replace(/<svg[^]*?<\/svg>/g, "");
  t.equal(open.match(/For people under 65/g)?.length, 1);
  t.match(page, /<summary[^]*The numbers in the picture/);
  t.end();
});

t.test("an overview leads to the form that chooses, and says how many are chosen", (t) => {
  const views = [
    view(
      named("bp-control"),
      line(named("bp-control"), () => USUAL),
    ),
  ];
  const chosen = ["bp-control", "asthma-review"];
  const said = (choose: Markup | null, first = chosen): string =>
    textOf(groupPage({ name: "Glen", practices: 8, views, chosen: first, choose })).replace(/\s+/g, " ");
  const form = chooseForm({ action: "/x", token: "t", questions: [], chosen });
  t.match(said(form), /<a href="#choose">Choose questions<\/a>[^]*Chosen: 2 questions[^]*id="choose"/);
  t.match(said(form), "One named twice counts once.");
  t.notMatch(said(form, []), "Chosen:");
  t.notMatch(said(null), "#choose", "who may not choose is not led to a form that is not there");
  t.end();
});
