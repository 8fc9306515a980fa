/** Which extract is next, by what those of each system say of themselves: nothing is read, and nothing lies on a disk. */
import type { ExtractFacts } from "@cairn/importers";
import t from "tap";
import type { Arrival } from "../src/records/watch/arrivals.js";
import { nextStep } from "../src/records/watch/plan.js";

const NOTHING: ExtractFacts = { kind: null, organisation: null, from: null, to: null, files: null };

function arrival(name: string, facts: Partial<ExtractFacts> | { unread: string }, atRest = true): Arrival {
  const said = "unread" in facts ? facts : { ...NOTHING, ...facts };
  return { name, path: `/inbox/${name}`, facts: said, atRest, changed: 0, state: name };
}

/** The step in one word or sentence. */
function next(arrivals: readonly Arrival[], last: string | null): string {
  const step = nextStep(arrivals, last, "cairn agent import --whole");
  if (step.do !== "take") return `${step.do}: ${step.words ?? ""}`;
  return `take ${step.arrival.name}${step.whole ? " whole" : ""}`;
}

t.test("EMIS: names say a moment and no kind; the first is the bulk, and each night follows", (t) => {
  const night = (day: string, time = "02:15:07"): Arrival => arrival(day, { to: `${day}T${time}` });
  const three = ["2026-11-28", "2026-11-29", "2026-11-30"].map((day) => night(day));
  t.equal(next(three, null), "take 2026-11-28");
  t.equal(next(three, "2026-11-28T02:15:07"), "take 2026-11-29");
  t.equal(next(three, "2026-11-30T02:15:07"), "wait: ");
  t.equal(next(three, "2026-12-24T02:15:07"), "wait: ", "an old one is never taken");
  t.match(
    next(three.slice(2), "2026-11-28T02:15:07"),
    /^stop: the extract complete to 2026-11-28 is missing: .* complete to 2026-11-27, .* is 2026-11-30 \(complete to 2026-11-29\)/,
  );
  t.equal(
    next([night("2026-11-29", "23:10:00")], "2026-11-28T00:05:00"),
    "take 2026-11-29",
    "late in the evening",
  );
  t.equal(
    next([night("2026-11-28", "20:00:00")], "2026-11-28T02:15:07"),
    "take 2026-11-28",
    "twice in a day",
  );
  t.equal(
    next([night("2026-11-29")], "2026-11-27"),
    "take 2026-11-29",
    "after one of a day, by hand: nothing is between",
  );
  t.match(next([night("2026-11-30")], "2026-11-27"), /^stop: the extract complete to 2026-11-28 is missing/);
  t.end();
});

t.test("SystmOne: a delta says from when on it is, whatever the nights between", (t) => {
  const delta = (from: string, to: string): Arrival => arrival(`to ${to}`, { kind: "delta", from, to });
  const last = "2026-11-27T02:00:00";
  t.equal(next([delta("2026-11-27T02:00:00", "2026-11-30T02:00:00")], last), "take to 2026-11-30T02:00:00");
  t.equal(next([delta("2026-11-26T02:00:00", "2026-11-30T02:00:00")], last), "take to 2026-11-30T02:00:00");
  t.match(
    next([delta("2026-11-27T02:01:00", "2026-11-28T02:00:00")], last),
    /^stop: what changed between 2026-11-27 02:00 and 2026-11-27 02:01 is missing/,
  );
  const bulk = arrival("full", { kind: "bulk", to: "2026-12-01T02:00:00" });
  const gap = delta("2026-11-29T02:00:00", "2026-11-30T02:00:00");
  t.equal(next([gap, bulk], last), "take full whole", "a full one ends the gap");
  t.equal(next([gap, { ...bulk, atRest: false }], last), "wait: full is still being written");
  t.equal(next([gap, bulk], null), "take full", "and begins: nothing was there");
  t.match(next([gap], null), /^stop: .* holds only what changed/);
  t.end();
});

t.test("of two of one moment neither is taken; a bulk tells all that a delta of its moment does", (t) => {
  const at = (name: string, kind: ExtractFacts["kind"], to = "2026-11-29"): Arrival => arrival(name, { kind, to }); // prettier-ignore
  const last = "2026-11-28";
  const both =
    /^stop: a and b are both of 2026-11-29, so neither is taken: .* move that away; .* into one folder$/;
  t.match(next([at("b", "delta"), at("a", "delta")], last), both);
  t.match(next([at("b", null), at("a", null)], last), both);
  t.match(next([at("b", "bulk"), at("a", "bulk")], null), both);
  t.match(next([at("b", "delta"), { ...at("a", "delta"), atRest: false }], last), /^wait: a is still being/);
  t.equal(next([at("a", "delta"), at("b", "bulk")], last), "take b whole");
  t.equal(next([at("a", "delta"), at("b", "bulk")], null), "take b");
  t.equal(next([at("a", "delta"), at("b", "delta"), at("full", "bulk")], last), "take full whole");
  t.equal(next([at("a", "delta"), at("b", "delta", "2026-11-30")], last), "take a", "of two moments");
  t.equal(next([at("a", "delta"), at("b", "delta"), at("c", "delta", "2026-11-28")], "2026-11-29"), "wait: ", "taken already"); // prettier-ignore
  t.end();
});

t.test("where a night is missing, those of which nothing can be told are named beside it", (t) => {
  const ahead = arrival("2026-11-30", { kind: "delta", to: "2026-11-30" });
  const words = next([ahead, arrival("odd", { unread: "SRManifest.csv: cannot be read (EACCES)" })], "2026-11-28"); // prettier-ignore
  t.match(
    words,
    /^stop: the extract complete to 2026-11-29 is missing: .*\. Of odd nothing is known: SRManifest/,
  );
  t.end();
});

t.test(
  "oldest first: a later one waits for an earlier one that is being written, and for what cannot be told yet",
  (t) => {
    const [one, two] = ["2026-11-29", "2026-11-30"].map((day) => arrival(day, { kind: "delta", to: day }));
    t.equal(
      next([two!, { ...one!, atRest: false }], "2026-11-28"),
      "wait: 2026-11-29 is still being written",
    );
    t.equal(
      next([{ ...two!, atRest: false }], "2026-11-28"),
      "wait: 2026-11-30 is still being written",
      "no gap yet",
    );
    t.match(next([two!], "2026-11-28"), /^stop: the extract complete to 2026-11-29 is missing/);
    t.equal(
      next([two!, one!, arrival("odd", { unread: "x" })], "2026-11-28"),
      "take 2026-11-29",
      "an odd one is in nobody's way",
    );
    t.equal(next([arrival("odd", { unread: "it is odd" })], "2026-11-28"), "stop: odd: it is odd");
    t.equal(next([arrival("odd", { unread: "it is odd" }, false)], null), "wait: odd is still being written");
    t.end();
  },
);

t.test(
  "the changes of the clock in spring and autumn, and the turn of the year, are nights like others",
  (t) => {
    for (const [before, after] of [
      ["2026-03-28T01:30:00", "2026-03-29T03:30:00"],
      ["2026-10-24T01:30:00", "2026-10-25T01:30:00"],
      ["2026-10-25T01:30:00", "2026-10-26T01:30:00"],
      ["2026-12-31T02:15:00", "2027-01-01T02:15:00"],
      ["2028-02-28T02:15:00", "2028-02-29T02:15:00"],
    ] as const)
      t.equal(next([arrival("next", { to: after })], before), "take next", after);
    t.end();
  },
);
