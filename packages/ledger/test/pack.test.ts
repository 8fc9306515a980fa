/** The pack: each sentence says where it is from, nothing is claimed that the program does not do, and a person has visible gaps. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { charterDigest } from "@cairn/charters";
import t from "tap";
import { markdownOf, packPaper, pageOf, readGiven, type ExportedLog, type Paper } from "@cairn/ledger";
import { signatureChecks } from "@cairn/wire";
import { neverSaid } from "../../../tests/house/never-said.js";
import { begun, charterWith, GLEN, releases, type Told } from "./fixtures/exports.js";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));

const packOf = (files: readonly ExportedLog[], group: string | null = GLEN): Paper =>
  packPaper(readGiven(files, signatureChecks), group);

function told(charter = charterWith("witness: not-required\n")): Told {
  const all = begun({ charter });
  releases(all, "r1", { policy: "k=8 base=5 midpoint=0" });
  all.story.hub.note("person-added", { person: "Lea", role: "cluster-lead", groups: GLEN, by: "Op" });
  return all;
}

const both = (all: Told): ExportedLog[] => [all.hub(), all.practice()];

t.test("all four papers are there, filled in from charter, settings and logs", async (t) => {
  const all = told();
  const markdown = markdownOf(packOf(both(all)));
  for (const one of [
    "data protection impact assessment",
    "record of processing \\(article 30\\)",
    "the five safes",
    "privacy notice",
  ])
    t.match(markdown, new RegExp(`^## glen: ${one}$`, "m"));
  const from = `charter ${charterDigest(all.charter).slice(0, 16)}, in the hub's log, entry 3`;
  t.match(markdown, `Purpose: Practices of the glen learn from one another. _(${from})_`);
  t.match(markdown, `Lawful basis: UK GDPR article 6(1)(e). _(${from})_`);
  t.match(markdown, `Kept for 60 months. _(${from})_`);
  t.match(
    markdown,
    /counts of 1 to 7 were withheld, the others rounded to 5 \(k8-r5\)\. _\(the log of Alder, entry \d+\)_/,
  );
  t.match(markdown, /- Lea, cluster-lead \(the hub's log, entry \d+\)/);
  t.match(
    markdown,
    /- Alder: accepted charter [0-9a-f]{16}, by Dr Fell; the rule in force for new questions is accept-signed/,
  );
  t.match(markdown, /The logs hold, and agree with each other/);
  t.same(neverSaid(markdown), []);
});

t.test("it does not claim what the program does not do", async (t) => {
  const markdown = markdownOf(packOf(both(told(charterWith("opt_outs: counted\nwitness: not-required\n")))));
  t.match(markdown, /Nothing is deleted by itself: whoever runs the hub deletes it/);
  t.match(markdown, /The charter would let them be counted, which this version of Cairn does nowhere/);
  t.match(markdown, /Cairn does not encrypt its files itself/);
  t.match(markdown, /this version asks nobody for that consent, so it names none/);
  t.match(markdown, /Not covered: people with outside knowledge/);
  t.notMatch(markdown, /anonym|guarantee|cannot be (re-?)?identified|automatically/i);
});

/** Sentences that lead to what follows them. */
const LEADS =
  /^(This is a draft|It was made from|What could not be|What practices had decided|Accounts at the hub|Risk: )/;

t.test(
  "each sentence of its papers says where it is from, and each place that it names is there",
  async (t) => {
    const promises = readFileSync(`${ROOT}docs/promises.md`, "utf8");
    for (const files of [both(told()), [told().hub()], [told().practice()]]) {
      const texts = packOf(files).blocks.flatMap((item) => (item.is === "text" ? item : []));
      t.ok(texts.length > 40);
      for (const { words, from } of texts) {
        if (from === null) t.match(words, LEADS, "only a sentence that leads to others has no source");
        for (const [page] of (from ?? "").matchAll(/(docs\/[\w-]+|README)\.md/g))
          t.ok(existsSync(ROOT + page), page);
        for (const [promise] of (from ?? "").matchAll(/\bH\d+\b/g)) t.match(promises, `**${promise}. `);
      }
    }
  },
);

t.test(
  "what nothing signed or logged says is a gap on paper and on the page, and never a sentence",
  async (t) => {
    const all = told();
    const { name, lines } = all.hub();
    const bare = packOf([{ name, lines: lines.filter((line) => !line.startsWith('{"charter"')) }]);
    const markdown = markdownOf(bare);
    for (const each of [
      "what the group's figures are for",
      "the lawful basis",
      "how long the figures are kept",
    ])
      t.match(markdown, `> **A person writes here:** ${each} (charter `);
    t.notMatch(markdown, /Purpose:|Lawful basis:|Kept for/);
    t.match(markdown, /A person writes here:\*\* which practices take part/, "no practice's log was given");
    const gaps = (text: string): number => text.split("A person writes here:").length;
    t.equal(gaps(pageOf(bare)), gaps(markdown));
    t.match(markdownOf(packOf([told().practice()])), /who has an account at the hub: its log was not given/);
  },
);

t.test("logs that do not hold are said so before anything that they are asked for", async (t) => {
  const all = told();
  const { name, lines } = all.practice();
  const altered = { name, lines: lines.map((line) => line.replace('"by":"Dr Fell"', '"by":"Dr Mess"')) };
  const markdown = markdownOf(packOf([all.hub(), altered]));
  t.ok(markdown.indexOf("They do not hold") < markdown.indexOf("data protection impact assessment"));
  t.match(markdownOf(packOf(both(all), "elsewhere")), /tell nothing of the group elsewhere/);
  t.match(markdownOf(packOf([{ name: "x", lines: [] }], null)), /nothing to fill in/);
});

t.test("a charter's words stay words", async (t) => {
  const hostile =
    "lead: '<script>alert(1)</script> [x](http://e.example) | **b** # c'\nwitness: not-required\n";
  const paper = packOf(both(told(charterWith(hostile))));
  t.notMatch(pageOf(paper), /<script/);
  t.match(pageOf(paper), /&lt;script&gt;/);
  t.match(
    markdownOf(paper),
    /led by \\<script\\>alert\(1\)\\<\/script\\> \\\[x\\\]\(http:\/\/e\.example\) \\\| \\\*\\\*b\\\*\\\* \\# c/,
  );
});
