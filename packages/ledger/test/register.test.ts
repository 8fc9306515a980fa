/** The register of data uses: what each row says, from both sides or one, and that a spreadsheet runs nothing of it. */
import { charterDigest } from "@cairn/charters";
import { csvOf } from "@cairn/text";
import t from "tap";
import { readGiven, REGISTER_COLUMNS, registerRows, type ExportedLog, type RegisterRow } from "@cairn/ledger";
import { signatureChecks } from "@cairn/wire";
import { begun, charterWith, GLEN, libraryWith, releases } from "./fixtures/exports.js";
import { DIGEST } from "./fixtures/two-logs.js";

const rowsOf = (...files: ExportedLog[]): RegisterRow[] => registerRows(readGiven(files, signatureChecks));
const ofGlen = (...files: ExportedLog[]): RegisterRow =>
  rowsOf(...files).find(({ group }) => group === GLEN)!;

t.test(
  "a group's question has its purpose, basis, data, recipients, dates and how long it is kept",
  async (t) => {
    const told = begun();
    releases(told, "r1");
    told.story.clock.now += 40 * 86_400_000;
    releases(told, "r2");
    const row = ofGlen(told.hub(), told.practice());
    t.match(row, {
      ...{
        query: "bp-control",
        version: "1.0.0",
        title: "Blood pressure",
        queryPurpose: "quality improvement",
      },
      controller: "Each practice for what it releases.",
      purpose: "Practices of the glen learn from one another.",
      ...{ notFor: "Contracts or pay.", lawfulBasis: "UK GDPR article 6(1)(e)." },
      data: /^counts of people, made from health records at the practice; counts of 1 to \d+ are withheld.*no record leaves$/,
      optOuts:
        "left out: people on the practice's own list or marked as confidential; and people with a type 1 opt-out in their record when it is answered, whatever the practice chooses",
      ...{ keepFor: "60 months", keptUntil: "2031-02-14", releases: 2 },
      recipients:
        /quality leads: their own practice's line beside the group; .*governance officers: questions, decisions/,
      ...{ askedFrom: "2026-01-05", charterFrom: "2026-01-05", charterTo: "" },
      ...{ firstRelease: "2026-01-05", lastRelease: "2026-02-14" },
      ...{
        charter: charterDigest(told.charter),
        digest: DIGEST.query,
        logs: "they hold; 2 of 2 releases compared, and agree",
      },
    });
    t.notMatch(row.recipients, /the provider/, "who sees nothing is no recipient");
  },
);

t.test("one side alone says of itself what it can, and of the rest that it is not known", async (t) => {
  const told = begun();
  releases(told, "r1");
  const practice = ofGlen(told.practice());
  t.match(practice, { releases: 1, purpose: /of the glen/, logs: "the side that was given holds by itself" });
  const hub = ofGlen(told.hub());
  t.match(hub, { releases: "not known from these exports", lastRelease: "not known from these exports" });
  const { name, lines } = told.hub();
  const bare = ofGlen({ name, lines: lines.filter((line) => !line.startsWith('{"charter"')) });
  t.match(bare, { purpose: "not known from these exports", charter: charterDigest(told.charter) });
  const without = { name, lines: lines.filter((line) => !line.startsWith('{"library"')) };
  t.match(ofGlen(without), { title: "not known from these exports", data: "not known from these exports" });
  const [other] = rowsOf(told.hub()).filter(({ group }) => group !== GLEN);
  t.match(other, { purpose: "no charter", keptUntil: "no charter", releases: 0 });
});

t.test("a row says how many of its releases both sides were compared on", async (t) => {
  const told = begun();
  releases(told, "r1");
  const birch = told.story.practice("Birch", { uses: true });
  birch.note("group-joined", { group: GLEN, by: "Dr Fell" });
  releases({ ...told, alder: birch }, "r2");
  t.match(ofGlen(told.hub(), told.practice()), {
    releases: 1,
    logs: "they hold; 1 of 1 release compared, and agree; of the group 1 more, whose question is not known from these exports, was not compared",
  });
});

t.test("where the logs do not hold each row says so", async (t) => {
  const told = begun();
  const { name, lines } = told.practice();
  const row = ofGlen({ name, lines: lines.map((line) => line.replace('"by":"Dr Fell"', '"by":"Dr Mess"')) });
  t.match(row, { logs: /they do not hold/ });
});

t.test("each charter that was in force has its row, with its dates and the releases under it", async (t) => {
  const told = begun();
  const { hub, clock } = told.story;
  releases(told, "r1");
  const next = charterWith("lead: Another\nwitness: not-required\n");
  const row = (one: ReturnType<typeof charterWith>) => ({ charter: charterDigest(one), query: "bp-control" });
  const rows = (period?: Parameters<typeof registerRows>[1]): RegisterRow[] =>
    registerRows(readGiven([told.hub(), told.practice()], signatureChecks), period).filter(
      ({ group }) => group === GLEN,
    );
  clock.now += 86_400_000;
  hub.note("charter-published", { group: GLEN, charter: charterDigest(next), library: "2" });
  clock.now += 86_400_000;
  releases(told, "r2"); // the practice has not accepted the next one
  told.alder.note("charter-accepted", {
    ...{ group: GLEN, charter: charterDigest(next), rule: "accept-signed", by: "Dr Fell" },
  });
  releases({ ...told, charter: next }, "r3");
  hub.note("charter-ended", { group: GLEN, library: "3" });
  const [first, second, ...more] = rows();
  t.match(first, {
    ...{ ...row(told.charter), charterFrom: "2026-01-05", charterTo: "2026-01-06" },
    ...{ releases: 2, firstRelease: "2026-01-05", lastRelease: "2026-01-07", keptUntil: "2031-01-07" },
    logs: "they hold; 2 of 2 releases compared, and agree",
  });
  t.match(second, {
    ...{ ...row(next), charterFrom: "2026-01-06", charterTo: "2026-01-07", releases: 1 },
    purpose: "not known from these exports",
  });
  t.same(more, []);
  const days = (from: string, to: string) => rows({ from, to }).map((each) => [each.charter, each.releases]);
  t.same(days("2026-01-05", "2026-01-05"), [[charterDigest(told.charter), 1]]);
  t.same(days("2026-01-06", "2026-01-06"), [
    [charterDigest(told.charter), 0],
    [charterDigest(next), 0],
  ]);
  t.same(days("2026-01-08", "2026-01-31"), [["", 0]], "none was in force any more");
  t.same(days("2025-01-01", "2025-12-31"), [], "nothing was asked yet");
});

t.test("by practices alone a charter begins once, and ends with the last that leaves", async (t) => {
  const told = begun();
  const next = charterWith("lead: Another\nwitness: not-required\n");
  const birch = told.story.practice("Birch", { uses: true });
  const accepts = (who: typeof birch, charter: typeof next, by: string): void =>
    void who.note("charter-accepted", {
      ...{ group: GLEN, charter: charterDigest(charter), rule: "ask", by },
    });
  const later = (): void => void (told.story.clock.now += 10 * 86_400_000);
  birch.note("group-joined", { group: GLEN, by: "Ben" });
  releases(told, "r1");
  later();
  accepts(told.alder, next, "Dr Fell");
  later();
  accepts(birch, told.charter, "Ben"); // late: the others have gone on
  later();
  accepts(birch, next, "Ben");
  const both = (): ExportedLog[] => [
    told.practice(),
    { name: "birch.ndjson", lines: birch.exported().lines },
  ];
  const dates = (): string[][] =>
    rowsOf(...both())
      .filter(({ group }) => group === GLEN)
      .map(({ charterFrom, charterTo }) => [charterFrom, charterTo]);
  t.same(dates(), [
    ["2026-01-05", "2026-01-15"],
    ["2026-01-15", ""],
  ]);
  told.alder.note("group-left", { group: GLEN, by: "Dr Fell" });
  t.same(dates().at(-1), ["2026-01-15", ""], "Birch is still there");
  later();
  birch.note("group-left", { group: GLEN, by: "Ben" });
  t.same(dates().at(-1), ["2026-01-15", "2026-02-14"]);
});

t.test("a spreadsheet runs nothing, and no name ends a cell or a line", async (t) => {
  const told = begun({
    charter: charterWith('lead: "x"\nwitness: not-required\n'),
    content: libraryWith('=HYPERLINK("http://e.example","x")'),
  });
  told.alder.note("query-offered", {
    ...{ query: '@SUM(1+1)*cmd|"/C calc"!A0', version: "-1+2", digest: "ee".repeat(32), group: "=1+2" },
  });
  const rows = rowsOf(told.practice());
  const names = Object.keys(REGISTER_COLUMNS) as (keyof RegisterRow)[];
  const csv = csvOf([Object.values(REGISTER_COLUMNS), ...rows.map((row) => names.map((name) => row[name]))]);
  t.equal(csv.split("\r\n").length, rows.length + 2, "a line for each row, the columns and the end");
  t.match(csv, /"'=HYPERLINK\(""http:/);
  t.match(csv, /"'@SUM\(1\+1\)\*cmd\|""\/C calc""!A0","'-1\+2"/);
  t.match(csv, /"'=1\+2"/);
  t.notMatch(csv, /(^|,)"?[=+@]/m);
});
