/**
 * Every page of hub and practice in a real Chromium: accessible, light and dark, on a phone, a screen and paper, calling
 * out to nobody. A route that sends a page and is not looked at here is named by a test.
 */
import { explainCharter } from "@cairn/charters";
import { importReferences, invite } from "@cairn/hub";
import {
  bindAccountPage,
  charterPage,
  hubPage,
  practiceCharter,
  practiceComparison,
  questionPage,
} from "@cairn/pages";
import { groupCharter } from "@cairn/testkit";
import { textOf } from "@cairn/text";
import type { Browser, BrowserContext } from "playwright-core";
import t, { type Test } from "tap";
import type { SiteRoute } from "@cairn/sign-in";
import { line, named } from "../../packages/comparisons/test/fixtures/groups.js";
import { sixOfEight } from "../../packages/hub/test/cluster.js";
import { GROUP, story, type Story } from "../../packages/hub/test/story.js";
import { wholeSite } from "../../packages/hub/test/whole-site.js";
import { siteFor } from "../../packages/keeper/src/pages/app.js";
import { setHold } from "../../packages/keeper/src/decisions/standing-decisions.js";
import { practice, runOn } from "../../packages/keeper/test/fixtures/practice.js";
import { browserFor, look, onPaper, skip } from "./look.js";
import { atHub, atPractice, comesIn, type GivenLink } from "./people.js";
import { openPractice } from "./open-practice.js";

t.setTimeout(1_300_000); // a machine that does other work beside it

/** A look at a route: as whom (nobody, or somebody without an account at the machine itself), and at which address. */
interface PageLook {
  readonly as: string;
  readonly at: string;
  readonly status?: number;
  /** The page itself, where only a provider's answer leads to it. */
  readonly html?: string;
}

/** Whether an account at a provider is somebody's own. */
const BIND = textOf(
  bindAccountPage(hubPage, {
    ...{ token: "a-token", path: "/sign-in/elsewhere/confirm", service: "NHS mail" },
    ...{ account: "ng@practice.example", person: "Dr Ng", role: "cluster lead" },
  }),
);

/** So many practices that they are shown in bands. */
const MANY = (() => {
  const query = named("bp-control");
  const practices = Array.from({ length: 40 }, (_, i) => ({
    people: 3_000 + 137 * i,
    share: 0.35 + 0.011 * i,
  }));
  return { query, dates: line(query, () => practices, { of: 0.15 }), notes: [], sees: "dots" as const };
})();
const MANY_DATES = MANY.dates.map(({ date }) => date);
const MANY_AT_HUB = textOf(questionPage({ view: MANY, allDates: MANY_DATES, write: null }));
const MANY_AT_PRACTICE = textOf(
  practiceComparison({
    ...{ practice: "Ash", allDates: MANY_DATES, ownWords: "This practice is at 61 to 63 %." },
    ...{ checked: [], charter: null, named: null },
    view: {
      ...MANY,
      own: {
        sum: { numerator: { low: 370, high: 374 }, denominator: { low: 598, high: 602 } },
        ...{ series: [], notes: [], expected: null, list: null },
      },
    },
  }),
);

const CHARTER = explainCharter(groupCharter("glen-cluster"));
const CHARTER_AT_HUB = textOf(charterPage("glen-cluster", CHARTER));
const CHARTER_AT_PRACTICE = textOf(practiceCharter("Ash", "glen-cluster", CHARTER));

const group = `/groups/${encodeURIComponent(GROUP)}`;
const inGroup = (of: string): string => `/${of}/${encodeURIComponent(GROUP)}`;

/** Each route of the hub that sends a page, with the looks at it. */
const HUB: Readonly<Record<string, readonly PageLook[]>> = {
  "/": [
    { as: "visitor", at: "/" },
    { as: "cluster-lead", at: "/" },
    { as: "hub-operator", at: "/" },
  ],
  "/groups/:group": [
    { as: "cluster-lead", at: group },
    { as: "commissioner", at: group },
  ],
  "/groups/:group/:query": [
    { as: "cluster-lead", at: `${group}/bp-control` },
    { as: "cluster-lead", at: `${group}/hypertension-register` },
    { as: "cluster-lead", at: `${group}/many`, html: MANY_AT_HUB },
    { as: "commissioner", at: `${group}/bp-control` },
    { as: "hub-operator", at: `${group}/bp-control`, status: 403 },
  ],
  "/meetings/:group": [{ as: "cluster-lead", at: inGroup("meetings") }],
  "/meetings/:group/:query": [{ as: "cluster-lead", at: `${inGroup("meetings")}/bp-control` }],
  "/packs/:group": [{ as: "cluster-lead", at: `${inGroup("packs")}?all=yes` }],
  "/charters/:group": [{ as: "commissioner", at: inGroup("charters"), html: CHARTER_AT_HUB }],
  "/decisions/:group": [{ as: "governance-officer", at: `${inGroup("decisions")}?month=all` }],
  "/log": [{ as: "governance-officer", at: "/log" }],
  "/operator": [{ as: "hub-operator", at: "/operator" }],
  "/account": [{ as: "cluster-lead", at: "/account" }],
  "/sign-in": [{ as: "nobody", at: "/sign-in" }],
  "/first-visit/:secret": [
    { as: "nobody", at: "/first-visit/*" }, // the link of somebody new
    { as: "nobody", at: "/first-visit/gone", status: 404 },
  ],
  "/sign-in/elsewhere/confirm": [{ as: "nobody", at: "/sign-in/elsewhere/confirm", html: BIND }],
  "*": [{ as: "cluster-lead", at: "/nowhere", status: 404 }],
};

/** Routes that are read and send no page of their own, each with what they send. */
const HUB_OTHERS: Readonly<Record<string, string>> = {
  "/checkpoint": "a checkpoint, for programs",
  "/healthz": "JSON",
  "/readyz": "JSON",
  "/assets/*": "style sheets and a picture",
  "/assets/nhsuk.css": "a style sheet",
  "/sign-in/elsewhere": "the way to the provider's page; without one, what /nowhere sends",
  "/sign-in/elsewhere/back": "the way back from it; where that goes wrong, the page that asks to sign in",
};

const QUESTION = "/questions/asthma-review";

const PRACTICE: Readonly<Record<string, readonly PageLook[]>> = {
  "/": [
    { as: "visitor", at: "/" },
    { as: "quality-lead", at: "/" },
    { as: "administrator", at: "/" },
  ],
  "/runs/:run": [
    { as: "quality-lead", at: `/runs/${runOn("review")}` },
    { as: "quality-lead", at: `/runs/${runOn("2024-12-31")}` },
  ],
  "/questions/:query": [
    { as: "quality-lead", at: QUESTION },
    { as: "clinician", at: QUESTION },
  ],
  "/groups/:group/:query": [
    { as: "quality-lead", at: "/groups/cluster/asthma-review" },
    { as: "clinician", at: "/groups/cluster/asthma-review?date=2024-09-30" },
    { as: "clinician", at: "/groups/cluster/many", html: MANY_AT_PRACTICE },
    { as: "officer", at: "/groups/cluster/asthma-review", status: 403 },
  ],
  "/charters/:group": [{ as: "clinician", at: "/charters/cluster", html: CHARTER_AT_PRACTICE }],
  "/questions/:query/people": [{ as: "clinician", at: `${QUESTION}/people?list=rest` }],
  "/questions/:query/people/found": [{ as: "clinician", at: `${QUESTION}/people/found?list=rest` }],
  "/log": [{ as: "officer", at: "/log?month=2025-05" }],
  "/log/check": [{ as: "officer", at: "/log/check" }],
  "/account": [{ as: "clinician", at: "/account" }],
  "/sign-in": [{ as: "nobody", at: "/sign-in" }],
  "/first-visit/:secret": [
    { as: "nobody", at: "/first-visit/*" },
    { as: "nobody", at: "/first-visit/gone", status: 404 },
  ],
  "*": [{ as: "clinician", at: "/nowhere", status: 404 }],
};

const PRACTICE_OTHERS: Readonly<Record<string, string>> = {
  "/page.css": "a style sheet",
  "/questions/:query/people.csv": "a file to take away",
};

/** Whether an address is one of a route's. */
function leadsTo({ at }: PageLook, route: string): boolean {
  if (route === "*") return true;
  const [path = ""] = at.split("?");
  const names = route.split("/").map((name) => (name.startsWith(":") ? "[^/]+" : name));
  return new RegExp(`^${names.join("/")}$`).test(path);
}

/** Holds routes against the looks at them: each is looked at, or known to send no page. */
function eachIsSeen(
  t: Test,
  routes: readonly SiteRoute[],
  looks: typeof HUB,
  others: typeof HUB_OTHERS,
): void {
  const read = routes.filter(({ method }) => method === "GET").map(({ path }) => path);
  t.same(
    [...new Set(read)].filter((path) => !(path in looks) && !(path in others)),
    [],
    "pages that nobody looks at: name them in tests/browser/page.test.ts",
  );
  const all = [...Object.keys(looks), ...Object.keys(others)].filter((path) => path !== "*");
  t.same(
    all.filter((path) => !read.includes(path)),
    [],
    "looks at pages that are gone",
  );
  for (const [route, of] of Object.entries(looks))
    for (const each of of) t.ok(leadsTo(each, route), `${each.at} is a page of ${route}`);
}

t.test("every route that sends a page is looked at", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const hub = await wholeSite(it.serving.hub);
  eachIsSeen(t, hub.routes, HUB, HUB_OTHERS);
  for (const path of Object.keys(HUB_OTHERS)) {
    const { statusCode, headers } = await hub.app.inject({ url: path.replace("*", "cairn.css") });
    t.ok(statusCode !== 200 || !String(headers["content-type"]).startsWith("text/html"), path);
  }
  const { keeper } = await practice(t).start();
  const own = await siteFor(keeper, {});
  t.teardown(() => own.app.close());
  eachIsSeen(t, own.routes, PRACTICE, PRACTICE_OTHERS);
});

/** Looks at each page, each time as somebody who may or may not see it. */
async function lookAtAll(
  t: Test,
  browser: Browser,
  site: {
    readonly name: string;
    readonly address: string;
    readonly link: (role: string) => Promise<GivenLink>;
  },
  looks: typeof HUB,
): Promise<Map<string, Awaited<ReturnType<BrowserContext["storageState"]>>>> {
  const cookies = new Map<string, Awaited<ReturnType<BrowserContext["storageState"]>>>();
  // Who has no account comes first: with the first account they are nobody.
  const all = Object.values(looks).flat();
  const inOrder = [...all.filter(({ as }) => as === "visitor"), ...all.filter(({ as }) => as !== "visitor")];
  for (const { as, at, status, html } of inOrder)
    await t.test(`${site.name}, ${as}: ${at}`, async (t) => {
      const isPerson = as !== "visitor" && as !== "nobody";
      if (isPerson && !cookies.has(as)) {
        const { context } = await comesIn(t, browser, await site.link(as));
        cookies.set(as, await context.storageState());
      }
      const path = at === "/first-visit/*" ? (await site.link("clinician-or-lead")).path : at;
      const name = `${site.name}-${as}-${at === "/" ? "first" : at.slice(1)}`;
      await look(t, browser, site.address + path, {
        name,
        ...(status === undefined ? {} : { status }),
        ...(html === undefined ? {} : { html }),
        ...(isPerson ? { as: cookies.get(as)! } : {}),
      });
    });
  return cookies;
}

/** A hub with all that can wait there, and with a published figure to compare with. */
async function busyHub(t: Test): Promise<Story> {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  await importReferences(
    hub,
    "query,date,source,practices,p10,p50,p90,tau2\nbp-control,2025-03-31,QOF 2024-25,6230,0.55,0.64,0.72,0.004\n",
  );
  await sixOfEight(it, { queries: ["bp-control", "hypertension-register"], periods: 2 });
  await it.newAgent().enrol(await invite(hub, "A practice with a rather long name, by the sea", [GROUP]));
  await invite(hub, "Late", [GROUP]);
  return it;
}

t.test("the hub's pages", { skip }, async (t) => {
  const it = await busyHub(t);
  const browser = await browserFor(t);
  const link = async (role: string): Promise<GivenLink> => {
    const [name, of] = role === "clinician-or-lead" ? ["Somebody New", "cluster-lead"] : [`Dr ${role}`, role];
    return atHub(it, name, of, of === "hub-operator" ? [] : [GROUP]);
  };
  const cookies = await lookAtAll(t, browser, { name: "hub", address: it.serving.pages, link }, HUB);
  const as = cookies.get("cluster-lead")!;
  await t.test("on paper", async (t) =>
    onPaper(t, browser, `${it.serving.pages}${group}/bp-control`, { name: "hub-question", as }),
  );
});

t.test("a practice's pages", { skip }, async (t) => {
  const home = await openPractice(t);
  const browser = await browserFor(t);
  const [first, second] = home.runs;
  const earlier = [first!, second!];
  await home.answer(earlier.map(({ run }) => run), "OUTBOX"); // prettier-ignore
  for (const { run, date } of earlier) await home.compare(date, await home.take(run), COMPARED);
  setHold(home.keeper.store, true);
  await home.answer([runOn("review")], "ON_HOLD");
  const link = async (role: string): Promise<GivenLink> => {
    const [name, of] = role === "clinician-or-lead" ? ["Somebody New", "clinician"] : [`Dr ${role}`, role];
    return atPractice(home.keeper.store, home.address, name, of);
  };
  const cookies = await lookAtAll(t, browser, { name: "practice", address: home.address, link }, PRACTICE);
  const as = cookies.get("quality-lead")!;
  for (const path of ["/groups/cluster/asthma-review", QUESTION])
    await t.test(`${path} on paper`, async (t) =>
      onPaper(t, browser, home.address + path, { name: `practice${path.replaceAll("/", "-")}`, as }),
    );
});

/** What a group's comparison can bring besides numbers. */
const COMPARED = {
  reference: {
    ...{ of: "elsewhere" as const, source: "an invented source", date: "2024-12-31", practices: 6000 },
    ...{ p10: 0.4, p50: 0.55, p90: 0.7, tau2: 0.004 },
  },
  notes: [
    {
      ...{ date: "2024-10-15", kind: "test-of-change" as const, text: "Call people in by birthday month" },
      ...{ share: null, measured_by: "people seen", until: "2025-06-30", outcome: null },
    },
    {
      ...{ date: "2024-10-15", kind: "aim" as const, text: "of all adults" },
      ...{ share: 0.6, measured_by: null, until: "2025-09-30", outcome: null },
    },
  ],
};
