/** The eleven charters in plain English, as files that somebody has read; all on one screen. */
import { readFileSync } from "node:fs";
import t from "tap";
import { charterText, explainCharter } from "@cairn/charters";
import { neverSaid } from "../../../tests/house/never-said.js";
import { charterIn, EXAMPLES, OWN } from "./read-charters.js";

t.test("each of the eleven charters is explained as its golden file has it", async (t) => {
  for (const [name, text] of Object.entries(EXAMPLES)) {
    const golden = readFileSync(new URL(`golden/${name}.txt`, import.meta.url), "utf8");
    t.equal(charterText(charterIn(text)), golden, name);
  }
});

t.test("an explanation is one screen of 80 characters, and ranks or blames nobody", async (t) => {
  for (const [name, text] of Object.entries(EXAMPLES)) {
    const lines = charterText(charterIn(text)).trimEnd().split("\n");
    t.ok(lines.length <= 40, `${name}: ${lines.length} lines`);
    t.ok(
      lines.every((line) => line.length <= 80),
      name,
    );
    t.same(neverSaid(lines.join("\n").replace("Performance management", "")), [], name);
  }
});

t.test("what a charter leaves unsaid is said to be so, or left out", async (t) => {
  const lines = explainCharter({ ...charterIn(OWN), notFor: null });
  t.match(lines, [{ label: "What for" }, { label: "Not for", says: "The charter does not say." }]);
  t.notOk(lines.some(({ label }) => label === "Led by" || label === "Provider"));
});

t.test("what differs from the usual is in the words", async (t) => {
  const says = (more: string): string => charterText(charterIn(OWN + more)).replaceAll(/\s+/g, " ");
  t.match(says("new_query: ask\n"), "Waits until someone at the practice accepts or declines it.");
  t.notMatch(says("new_query: ask\n"), "stricter rule");
  t.match(says("new_query: {accept-after: 1 day}\n"), "within 1 day of being told");
  t.match(says("witness: not-required\n"), "runs without waiting for witnesses");
  t.match(
    says("opt_outs: counted\n"),
    "People with a type 1 opt-out in their record are counted at a practice that chooses it, if the charter of each of its groups and every question that they may ask agree; people on a practice's own list or marked as confidential are not",
  );
  t.match(says("queries: [records-*, bp-control]\n"), "Only bp-control and those named records-*.");
  t.match(says("sees: {supporter: named}\n"), "Supporters: practices by name, only by consent.");
});
