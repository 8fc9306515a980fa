/** The officer's papers as pages in a real Chromium: accessible, on a phone, a screen and paper, with nothing from elsewhere. */
import { markdownOf, packPaper, pageOf, readGiven, reportPaper, type Paper } from "@cairn/ledger";
import { signatureChecks } from "@cairn/wire";
import t from "tap";
import { begun, GLEN, releases } from "../../packages/ledger/test/fixtures/exports.js";
import { browserFor, look, skip } from "./look.js";

t.setTimeout(600_000);

t.test("an account and a pack are pages like the house's", { skip }, async (t) => {
  const told = begun();
  releases(told, "r1");
  told.alder.note("query-declined", { query: "smoking", group: GLEN, by: "Dr Moss" });
  const given = readGiven([told.hub(), told.practice()], signatureChecks);
  const papers: Record<string, Paper> = {
    account: reportPaper(given, { from: null, to: null }),
    pack: packPaper(given, null),
  };
  const browser = await browserFor(t);
  for (const [name, paper] of Object.entries(papers)) {
    t.ok(markdownOf(paper).length > 1000);
    await look(t, browser, "http://papers.invalid/", { name, html: pageOf(paper) });
  }
});
