/** The pack: each sentence says where it is from, nothing is claimed that the program does not do, and a person has visible gaps. */
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { charterDigest } from "@cairn/charters";
import t from "tap";
import {
  groupsIn,
  markdownOf,
  packPaper,
  pageOf,
  readGiven,
  type ExportedLog,
  type Paper,
} from "@cairn/ledger";
import { signatureChecks } from "@cairn/wire";
import { neverSaid } from "../../../tests/house/never-said.js";
import { begun, charterWith, GLEN, releases, type Told } from "./fixtures/exports.js";
import { Story } from "./fixtures/two-logs.js";

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
  t.match(
    markdown,
    `To be deleted after 60 months by whoever runs the hub; the program deletes nothing by itself. _(${from})_`,
  );
  t.match(
    markdown,
    /counts of 1 to 7 were withheld, the others rounded to the nearest 5 \(k8-r5\)\. _\(the log of Alder, entry \d+\)_/,
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
  t.match(markdown, /the program deletes nothing by itself/);
  t.match(markdown, /This charter lets them be counted where a practice chooses it/);
  t.match(markdown, /Cairn does not encrypt its files itself/);
  t.match(markdown, /A practice is named to others only by its own consent/);
  t.match(markdown, /No practice consents to be named now/);
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
      "how long the figures are kept, and who deletes them then: the program deletes nothing by itself",
    ])
      t.match(markdown, `> **A person writes here:** ${each} (charter `);
    t.notMatch(markdown, /Purpose:|Lawful basis:|To be deleted after/);
    t.match(markdown, /A person writes here:\*\* which practices take part/, "no practice's log was given");
    const gaps = (text: string): number => text.split("A person writes here:").length;
    t.equal(gaps(pageOf(bare)), gaps(markdown));
    t.match(markdownOf(packOf([told().practice()])), /who has an account at the hub: its log was not given/);
  },
);

t.test(
  "a group without a charter is told at the top how to write one, and that the operator sees names",
  async (t) => {
    const bare = markdownOf(packOf(both(told()), null));
    const [top = ""] = bare.split("## Do the logs hold?");
    t.match(top, /No charter is in what was given for: Glen\. Write one first.*cairn charter check/);
    t.match(bare, /no charter, so cairn hub comparison names each practice/);
    const unruled = new Story().practice("Alder", { uses: true }).exported();
    t.match(
      markdownOf(packOf([unruled], null)),
      /joined without a charter, by Dr Fell; the rule in force for new questions is ask; it/,
      "whose rule no charter gave",
    );
    const own = markdownOf(packOf(both(told())));
    t.notMatch(own, /No charter is in what was given|has no charter/);
    t.match(
      own,
      /names no practice; whoever holds the hub's machine can read in its files whose numbers are whose/,
    );
  },
);

t.test(
  "what stays, what else leaves, who reviewed and who sees is told in each paper that asks it",
  async (t) => {
    const markdown = markdownOf(packOf(both(told())));
    const [, notice = ""] = markdown.split("## glen: privacy notice");
    t.match(notice, /Whoever holds the hub's machine can read the releases/);
    t.match(markdown, /What leaves a practice about patients is whole numbers/);
    t.match(markdown, /Besides, the hub has from a practice its name/);
    t.match(markdown, /holds coded records over years, with dates of birth/);
    t.match(markdown, /A person writes here:\*\* how long each practice keeps the record store/);
    t.match(markdown, /not a clinical review.*\n\n- bp-control 1\.0\.0: Dr Rees/);
    t.match(markdown, /names without a sign-in were not checked/);
    t.match(notice, /national data opt-out.* you are counted unless your practice puts you on its list/);
    t.match(markdown, /national data opt-out concerns identifiable data/);
  },
);

t.test("a charter that does not say what it is not for leaves that to a person", async (t) => {
  const silent = { ...charterWith("witness: not-required\n"), notFor: null };
  const markdown = markdownOf(packOf(both(told(silent))));
  t.match(
    markdown,
    /A person writes here:\*\* what the figures may not be used for \(charter .* does not say\)/,
  );
  t.notMatch(markdown, /Not for:/);
});

t.test("logs that do not hold are said so before anything that they are asked for", async (t) => {
  const all = told();
  const { name, lines } = all.practice();
  const altered = { name, lines: lines.map((line) => line.replace('"by":"Dr Fell"', '"by":"Dr Mess"')) };
  const markdown = markdownOf(packOf([all.hub(), altered]));
  t.ok(markdown.indexOf("They do not hold") < markdown.indexOf("data protection impact assessment"));
  t.same(groupsIn(readGiven(both(all), signatureChecks)), ["Glen", GLEN], "those that it can be asked for");
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
