/** The account of a period on paper: what it says of both logs, of one alone, of an empty time, and of logs that do not hold. */
import { charterDigest } from "@cairn/charters";
import t from "tap";
import {
  isHubExport,
  markdownOf,
  packPaper,
  pageOf,
  readGiven,
  registerRows,
  reportPaper,
  type ExportedLog,
} from "@cairn/ledger";
import { signatureChecks } from "@cairn/wire";
import { neverSaid } from "../../../tests/house/never-said.js";
import { begun, charterWith, GLEN, libraryWith, releases, type Told } from "./fixtures/exports.js";
import { DIGEST } from "./fixtures/two-logs.js";

const ALL = { from: null, to: null };

function report(
  files: readonly ExportedLog[],
  period: { from: string | null; to: string | null } = ALL,
): string {
  return markdownOf(reportPaper(readGiven(files, signatureChecks), period));
}

/** The part of a paper under a heading, up to the next of its kind. */
function under(markdown: string, heading: string): string {
  const [, part = ""] = markdown.split(`${heading}\n`);
  return part.split(/^#{2,3} /m)[0] ?? "";
}

function month(told = begun()): Told {
  const { story, alder, charter } = told;
  releases(told, "r1");
  releases(told, "r2");
  const dates = "2025-12-31";
  const look = { group: GLEN, query: "bp-control", purpose: "learning", charter: charterDigest(charter) };
  alder.note("worklist-viewed", { query: "bp-control", version: "1.0.0", dates, by: "Ann" });
  alder.note("worklist-viewed", { query: "bp-control", version: "1.0.0", dates, by: "Ann" });
  story.hub.note("person-added", { person: "Lea", role: "cluster-lead", groups: GLEN, by: "Op" });
  story.hub.note("comparison-viewed", { ...look, date: dates, shown: "dots", by: "Lea" });
  alder.note("query-declined", { query: "smoking", group: GLEN, by: "Dr Moss" });
  alder.note("query-offered", { query: "frailty", version: "2.0.0", digest: "ee".repeat(32), group: GLEN });
  alder.note("run-refused", { run: "r9", query: "asthma", date: "2025-12-31", code: "not-in-charter" });
  story.hub.note("collection-opened", {
    ...{ collection: 3, group: GLEN, query: "bp-control", version: "1.0.0", digest: DIGEST.query },
    ...{ date: "2026-03-31", members: 6 },
  });
  return told;
}

t.test(
  "both logs: they hold, what left and what did not, who looked, each question in plain words",
  async (t) => {
    const told = month();
    const markdown = report([told.practice(), told.hub()]);
    t.match(
      under(markdown, "## Do the logs hold?"),
      /The logs hold, and agree with each other on 2 releases/,
    );
    t.match(
      under(markdown, "### What left"),
      /\| bp-control 1\.0\.0 \| .* \(2 dates\) \| 2 \| 16 \| 6 \| glen \|/,
      "of 2 tables of 11 cells 3 each had something withheld",
    );
    const decided = under(markdown, "### What it had decided by the end of the period");
    t.match(
      decided,
      /\| glen \| 5 January 2026, by Dr Fell \| [0-9a-f]{16}, by Dr Fell \| accept-signed, the practice's own set by Dr Fell \|/,
    );
    t.match(decided, /People with a type 1 opt-out in their record: left out of every number that leaves/);
    const not = under(markdown, "### What did not leave, and why");
    t.match(not, /\| smoking \| all \| declined for glen, by Dr Moss \|/);
    t.match(not, /\| frailty 2\.0\.0 \| all \| waits for a decision for glen \|/);
    t.match(not, /\| asthma \| 31 December 2025 \| refused by a rule of the program \(not-in-charter\) \|/);
    t.match(
      not,
      /\| bp-control 1\.0\.0 \| .*31 March 2026.* \| nothing of it is in this log: its agent was offline/,
    );
    t.match(markdown, /\| Ann \| looked at the list of patients .* \| the practice's own \| 2 \|/);
    t.match(
      markdown,
      new RegExp(
        `\\| Lea \\| looked at .*for: learning \\| ${charterDigest(told.charter).slice(0, 16)} \\| 1 \\|`,
      ),
    );
    const question = under(markdown, "### Blood pressure (bp-control 1.0.0)");
    t.match(question, /Who is counted: a person who is aged 18 or over at D/);
    t.match(question, "- People: everyone registered with the practice and alive at D\n");
    t.match(
      question,
      /- Left out: people on the practice's own list or marked as confidential; and .* type 1 /,
    );
    t.match(question, /Written by: Ada Author/);
    t.match(question, /Reviewed by: Dr Rees/);
    t.match(question, /Signed: library 1, by x, /, "as the log has its signers");
    t.match(markdown, /What for: Practices of the glen learn from one another\./);
    t.same(neverSaid(markdown), []);
  },
);

t.test("a practice's export alone, and a hub's alone, say what cannot be told from them", async (t) => {
  const told = month();
  const practice = report([told.practice()]);
  t.match(practice, /The practice's log holds by itself/);
  t.match(practice, /The hub's log was not given/);
  t.match(practice, /### Blood pressure \(bp-control/, "its export carries the signed library");
  t.notMatch(practice, /## The group glen/);
  const hub = report([told.hub()]);
  t.match(hub, /Whose signature is on the hub's log/);
  t.match(hub, /No practice's log was given: rules, who accepted, what was withheld/);
  t.match(hub, /\| Alder \| 2 \| 0 \|/);
  t.notMatch(hub, /Cells with something withheld/);
});

t.test("an export of a version that carried no library says that a question's text is in none", async (t) => {
  const told = month();
  const { name, lines } = told.practice();
  const markdown = report([{ name, lines: lines.filter((line) => !line.startsWith('{"library"')) }]);
  t.match(under(markdown, "### bp-control 1.0.0"), /Its text is in no export that was given/);
});

t.test(
  "of a time in which nothing happened each part says so, and the state at its end is told",
  async (t) => {
    const told = month();
    told.story.clock.now = Date.parse("2027-02-15");
    const markdown = report([told.practice(), told.hub()], { from: "2027-01-01", to: "2027-01-31" });
    t.match(markdown, /^# .*1 January 2027 to 31 January 2027$/m);
    t.match(under(markdown, "### What left"), /Nothing left in this period\./);
    t.match(under(markdown, "### What it was asked"), /Nothing was asked in this period\./);
    t.match(markdown, /No question was asked, answered or looked at in this period\./);
    t.match(under(markdown, "### What it had decided by the end of the period"), /\| glen \|/);
    t.notMatch(markdown, /\| bp-control/);
  },
);

t.test("of a time that an export does not cover nothing is told but where it begins and ends", async (t) => {
  const told = month();
  const both = [told.practice(), told.hub()];
  for (const [period, says] of [
    [
      { from: "2027-01-01", to: "2027-02-01" },
      "ends on 5 January 2026, when it was exported, so it tells nothing",
    ],
    [{ from: "2027-01-01", to: null }, "ends on 5 January 2026, when it was exported, so it tells nothing"],
    [
      { from: "2025-01-01", to: "2025-02-01" },
      "begins on 5 January 2026, so it tells nothing of this period",
    ],
  ] as const) {
    const markdown = report(both, period);
    for (const whose of ["The hub's log", "The log of Alder"])
      t.match(under(markdown, "## In short"), `${whose} ${says}`);
    t.notMatch(markdown, /Nothing was asked|Nothing left|0 releases|was in no group/);
  }
  const over = report(both, { from: "2026-01-01", to: "2026-02-01" });
  t.match(over, /The log of Alder begins on 5 January 2026 and ends on .*, so of the other days/);
  t.match(over, /Alder: 2 releases left/);
  t.notMatch(report(both), /begins on|ends on/);
});

t.test(
  "a decline stands for what is offered after it, until somebody accepts the question again",
  async (t) => {
    const offer = { version: "1.0.0", digest: "ee".repeat(32) };
    const not = ({ practice }: Told): string =>
      under(report([practice()]), "### What did not leave, and why");
    const told = begun();
    const { alder } = told;
    alder.note("query-declined", { query: "nsaid", group: null, by: "root" });
    alder.note("query-offered", { query: "nsaid", ...offer, group: GLEN });
    t.match(not(told), /\| nsaid \| all \| declined for every group, by root \|/);
    t.notMatch(not(told), /waits for a decision/);
    alder.note("query-accepted", { query: "nsaid", ...offer, group: GLEN, by: "Ann" });
    alder.note("query-offered", { query: "nsaid", ...offer, group: "other" });
    t.match(not(told), /declined for every group except glen, by root/);
    t.notMatch(not(told), /waits for a decision/);
    alder.note("query-declined", { query: "frailty", group: GLEN, by: "Ann" });
    alder.note("query-accepted", { query: "frailty", version: null, digest: null, group: GLEN, by: "Ann" });
    t.match(not(told), /\| frailty \| all \| declined for glen for a time, and accepted again, by Ann \|/);
  },
);

t.test("a period has its first and last day, and nothing after it", async (t) => {
  const told = month();
  const day = { from: "2026-01-05", to: "2026-01-05" };
  t.equal(
    under(report([told.practice()], day), "### What left"),
    under(report([told.practice()]), "### What left"),
  );
  t.match(
    report([told.practice()], { from: null, to: "2026-01-04" }),
    /begins on 5 January 2026, so it tells nothing/,
  );
});

t.test("logs that do not hold are said so first, and the account is what they claim", async (t) => {
  const told = month();
  const { name, lines } = told.practice();
  const altered = lines.map((line) => line.replace('"by":"Dr Moss"', '"by":"Dr Mess"'));
  for (const files of [[told.hub(), { name, lines: altered }], [{ name, lines: altered }]]) {
    const markdown = report(files);
    const [, first = ""] = markdown.split("## Do the logs hold?\n\n");
    t.match(first, /^They do not hold, or do not agree: 1 thing/);
    t.match(first, /alder\.ndjson: the log .* does not hold: an entry was altered/);
    t.equal(readGiven(files, signatureChecks).account.verified, false);
  }
  const nothing = report([{ name: "x", lines: ["nonsense"] }]);
  t.match(nothing, /no export that was given can be read/);
});

t.test("a hub's log alone whose entries do not lead to its head does not hold", async (t) => {
  const { name, lines } = month().hub();
  const altered = lines.map((line) => line.replace('"purpose":"learning"', '"purpose":"leisure"'));
  t.equal(readGiven([{ name, lines }], signatureChecks).account.verified, true);
  t.match(readGiven([{ name, lines: altered }], signatureChecks).account.problems, [{ code: "log-altered" }]);
});

t.test("papers say whose consents ended in the period, and what a sealed export cannot tell", async (t) => {
  const told = begun({ charter: charterWith("sees: {supporter: named}\n") });
  const { story, alder, charter } = told;
  releases(told, "r1");
  const consent = { practice: alder.id, group: GLEN, charter: charterDigest(charter), to: "supporter" };
  story.hub.note("consent-received", { ...consent, until: "2026-12-31", practice_log_index: 1 });
  story.hub.note("consent-ended", { ...consent, until: "2026-12-31", practice_log_index: 2 });
  const given = readGiven([told.hub()], signatureChecks);
  const paper = (of: typeof given): string =>
    under(
      markdownOf(reportPaper(of, ALL)).split("## The group glen")[1] ?? "",
      "### Who consents to be named",
    );
  t.match(paper(given), "No consent was in force on 5 January 2026; earlier ones stand under Decisions.");
  const was = "Alder, to supporters, from 5 January 2026 to 5 January 2026";
  t.match(
    registerRows(given)
      .map(({ recipients }) => recipients)
      .join(),
    `named by their consent: ${was}`,
  );
  t.match(markdownOf(packPaper(given, GLEN)), `Named before: ${was}.`);
  const untold = /[Ww]hich other practices consent to be named is not known from this export/;
  const sealed = { ...given, hub: given.hub && { ...given.hub, isSealed: true } };
  t.match(paper(sealed), untold);
  t.notMatch(paper(sealed), /No (practice|consent)/);
  t.match(
    registerRows(sealed)
      .map(({ recipients }) => recipients)
      .join(),
    untold,
  );
  t.match(markdownOf(packPaper(sealed, GLEN)), untold);
  t.notMatch(markdownOf(packPaper(sealed, GLEN)), "No practice consents");
});

const HOSTILE = "<img src=x onerror=alert(1)> [a](javascript:x) | **b** `c` # d";

t.test("names in charters, queries and logs stay text: no markup, no link, no control", async (t) => {
  const charter = charterWith(
    "lead: '<script>alert(1)</script> [x](http://e.example)'\nwitness: not-required\n",
  );
  const content = libraryWith("# <b>Title</b> | *x* \u202e\u001b[31m [y](javascript:z)");
  const told = begun({ charter, content });
  releases(told, "r1");
  const { alder } = told;
  alder.note("query-declined", { query: HOSTILE, group: HOSTILE, by: "<i>Ann</i> [x](y)" });
  alder.note("run-refused", { run: "r9", query: HOSTILE, date: "| 2025 |", code: "<b>" });
  const given = readGiven([told.practice(), told.hub()], signatureChecks);
  const markdown = markdownOf(reportPaper(given, ALL));
  const page = pageOf(reportPaper(given, ALL));
  t.same(given.account.problems, []);
  t.match(markdown, /Title/);
  for (const each of [markdown, page])
    t.notMatch(each, /[\u001b\u202e]/, "nothing that moves a terminal's cursor");
  t.notMatch(page, /<img|<script|<b>|<i>|javascript:[^<]*"/);
  t.match(page, /&lt;img src=x onerror=alert\(1\)&gt;/);
  const outside = markdown.replaceAll(/\\[\\`*_[\]<>#|~&]/g, ""); // what is escaped is text
  t.notMatch(outside, /<|\]\(|`/);
  const headings = outside.split("\n").filter((line) => line.startsWith("#"));
  t.ok(headings.every((line) => /^#{1,3} /.test(line)));
  const rows = outside.split("\n").filter((line) => line.startsWith("| Q") || line.includes("alert"));
  t.ok(rows.length > 0);
  t.ok(page.startsWith("<!doctype html>"));
  t.notMatch(page, /src=["']|href=|<script|https?:/, "nothing from elsewhere");
});

t.test("each export is taken for what it is, in whatever order and under whatever name", async (t) => {
  const told = begun();
  t.same([told.hub(), told.practice()].map(isHubExport), [true, false]);
});
