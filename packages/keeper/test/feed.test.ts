/** The practice's page says when records came, which extract was taken last, and what stands in the way. */
import { practiceHome } from "@cairn/pages";
import { textOf } from "@cairn/text";
import t from "tap";
import { type Feed, keepFeed } from "../src/feed.js";
import { homeModel } from "../src/pages/home-model.js";
import { practice } from "./fixtures/practice.js";

t.test("the page says how the feed stands, and first what somebody has to look at", async (t) => {
  const { keeper } = await practice(t).start();
  const page = (): string => textOf(practiceHome(homeModel(keeper)));
  const iso = (hours: number): string => new Date(keeper.store.now() + hours * 3_600_000).toISOString();
  t.notMatch(page(), /Extracts/, "nothing where no watch looked");
  t.match(page(), /Records are complete to [^<]*, and last came at/);
  const feed: Feed = {
    folder: "/var/lib/cairn-inbox",
    format: "journal",
    lookedAt: iso(0),
    taken: { at: iso(-1), moment: "2025-03-31T02:15:00" },
    waits: "2025-04-01 is still being written",
    problem: null,
  };
  keepFeed(keeper.store, feed);
  t.match(
    page(),
    /are taken from \/var\/lib\/cairn-inbox; the last, of 31 March 2025 at 02:15, was taken at/,
  );
  t.match(page(), /Waiting: 2025-04-01 is still being written/);
  t.same(
    homeModel(keeper).alarms.filter((line) => /[Ee]xtracts/.test(line)),
    [],
  );
  keepFeed(keeper.store, {
    ...feed,
    lookedAt: iso(-7),
    taken: { at: iso(-49), moment: null },
    problem: { since: iso(-7), words: "the extract of 2025-04-01 is missing" },
  });
  t.match(
    homeModel(keeper).alarms.filter((line) => /[Ee]xtracts/.test(line)),
    [/not taken, since .*: the extract of 2025-04-01 is missing/, /^Nobody has looked/, /^Extracts are late/],
  );
});
