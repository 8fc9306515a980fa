/** A group's part of the account, from the hub's log: what it was asked, what came, who looked, who decided. */
import { longDate } from "@cairn/text";
import type { HubEntry } from "../hub-log.js";
import { HubNames } from "../report/hub-names.js";
import { hubLines } from "../report/hub-report.js";
import type { ReportLine } from "../report/lines.js";
import type { GivenHub, GivenFiles } from "./given.js";
import { grouped } from "./grouped.js";
import { looksTable } from "./looks.js";
import { consentWords, consentsIn, sealedConsentWords } from "./named.js";
import { heading, list, table, text, type PaperItem } from "./paper.js";
import { datesWords, isBy, isWithin, type Period } from "./period.js";
import { linesTable, type PaperSection } from "./practice-part.js";

/** The groups of which the hub's log tells, by name. */
export function groupsOf({ entries }: GivenHub): string[] {
  const named = entries.flatMap((entry) =>
    entry.kind === "schedule-added" ||
    entry.kind === "collection-opened" ||
    entry.kind === "charter-published" ||
    entry.kind === "use-received" ||
    entry.kind === "group-joined"
      ? entry.body.group
      : [],
  );
  return [...new Set(named)].toSorted();
}

export function groupPart(given: GivenFiles, hub: GivenHub, group: string, period: Period): PaperSection {
  const lines = hubLines(hub.entries, group, runsOf(given, hub, group)).filter((line) =>
    isWithin(line, period),
  );
  const until = hub.entries.filter((entry): entry is HubEntry => entry.kind !== null && isBy(entry, period));
  const blocks = [
    heading(2, `The group ${group}, as the hub's log has it`),
    ...charterBlocks(given, until, group),
    heading(3, "What it was asked"),
    ...askedBlocks(until, group, period),
    heading(3, "What came from practices"),
    ...cameBlocks(hub, until, group, period),
    heading(3, "Corrections and withdrawals"),
    linesTable(lines.filter(isCorrection(hub)), "None in this period."),
    heading(3, "Who looked"),
    looksTable(lines, hub.entries),
    heading(3, "Who consents to be named"),
    ...namedBlocks(given, hub, group, period),
    heading(3, "Decisions"),
    linesTable(
      lines.filter(({ section }) => section === "decided"),
      "None in this period.",
    ),
  ];
  return { blocks, queries: lines.flatMap(({ query }) => query ?? []), lines };
}

function namedBlocks(given: GivenFiles, hub: GivenHub, group: string, period: Period): PaperItem[] {
  const named = consentsIn(hub, group, period);
  const until = hub.entries.filter((entry): entry is HubEntry => entry.kind !== null && isBy(entry, period));
  const charter = given.beside.charters.get(charterInForce(until, group) ?? "") ?? null;
  const untold = sealedConsentWords(named, charter);
  const stands = named.spans.some(({ ended }) => ended === null);
  const none =
    named.spans.length > 0
      ? `No consent was in force on ${longDate(named.day)}; earlier ones stand under Decisions.`
      : "No practice consented to be named by the end of the period.";
  return [
    ...(stands || untold !== null ? [] : [text(none)]),
    ...(named.spans.length > 0 ? [list(named.spans.map(consentWords))] : []),
    ...(untold === null ? [] : [text(`${untold.replace(/^w/, "W")}.`)]),
  ];
}

/** The digest of the charter in force of a group; null where none is. */
function charterInForce(until: readonly HubEntry[], group: string): string | null {
  let digest: string | null = null;
  for (const entry of until) {
    if (entry.kind === "charter-published" && entry.body.group === group) digest = entry.body.charter;
    if (entry.kind === "charter-ended" && entry.body.group === group) digest = null;
  }
  return digest;
}

function charterBlocks({ beside }: GivenFiles, until: readonly HubEntry[], group: string): PaperItem[] {
  const digest = charterInForce(until, group);
  if (digest === null)
    return [text("No charter of the group was in force: nothing signed says what it is for.")];
  const charter = beside.charters.get(digest);
  const from = `charter ${digest.slice(0, 16)}`;
  if (!charter) return [text("Its charter is in force, and its text is in no export that was given.", from)];
  return [
    list([
      `What for: ${charter.purpose}`,
      `Not for: ${charter.notFor ?? "the charter does not say"}`,
      `Who answers for it: ${charter.controller}`,
      `Lawful basis: ${charter.lawfulBasis}`,
      `Review due by ${longDate(charter.review)}`,
    ]),
    text(`Charter in force: ${digest}.`),
  ];
}

function askedBlocks(until: readonly HubEntry[], group: string, period: Period): PaperItem[] {
  const closed = new Map<number, { released: number; members: number }>();
  for (const entry of until)
    if (entry.kind === "collection-closed") closed.set(entry.body.collection, entry.body);
  const opened = until.flatMap((entry) =>
    entry.kind === "collection-opened" && entry.body.group === group && isWithin(entry, period)
      ? entry.body
      : [],
  );
  const rows = [...grouped(opened, ({ digest }) => digest).values()].map((all) => {
    const [first] = all;
    const ended = all.flatMap(({ collection }) => closed.get(collection) ?? []);
    const missing = ended.filter(({ released, members }) => released < members);
    return [
      `${first.query} ${first.version}`,
      datesWords(all.map(({ date }) => date)),
      range(all.map(({ collection, members }) => closed.get(collection)?.members ?? members)), // who came since, too
      `${ended.length} of ${all.length}`,
      ended.length === 0 ? "none is closed" : range(ended.map(({ released }) => released)),
      String(missing.length),
    ];
  });
  return [
    table(
      [
        "Question",
        "Dates",
        "Practices asked",
        "Dates closed",
        "Practices that had released",
        "Dates without all of them",
      ],
      rows,
      "Nothing was asked in this period.",
    ),
    ...(rows.length > 0
      ? [
          text(
            "Of a practice that had not released, the hub's log does not say whether it declined, was offline or waits: the practice's own log does.",
          ),
        ]
      : []),
  ];
}

/** "8", "6 to 8". */
function range(numbers: readonly number[]): string {
  const [low, high] = [Math.min(...numbers), Math.max(...numbers)];
  return low === high ? String(low) : `${low} to ${high}`;
}

function cameBlocks(hub: GivenHub, until: readonly HubEntry[], group: string, period: Period): PaperItem[] {
  const names = new HubNames(hub.entries);
  for (const entry of until) names.learn(entry);
  const came = new Map<string, { uses: number; ended: number }>();
  for (const entry of until) {
    if (entry.kind !== "use-received" && entry.kind !== "use-ended") continue;
    if (entry.body.group !== group || !isWithin(entry, period)) continue;
    const name = names.practice(entry.body.practice);
    const { uses, ended } = came.get(name) ?? { uses: 0, ended: 0 };
    came.set(name, entry.kind === "use-received" ? { uses: uses + 1, ended } : { uses, ended: ended + 1 });
  }
  const rows = [...came].toSorted(([a], [b]) => (a < b ? -1 : 1));
  return [
    table(
      ["Practice", "Releases that the group may use", "Of which it may use no more"],
      rows.map(([name, { uses, ended }]) => [name, String(uses), String(ended)]),
      "Nothing came for this group in this period.",
    ),
    ...(rows.length > 0
      ? [
          text(
            "In the order of the practices' names. How many cells had something withheld is in the practices' own logs alone.",
          ),
        ]
      : []),
  ];
}

/** The runs that the group was given a use of, with what is known of them. */
function runsOf({ runs }: GivenFiles, hub: GivenHub, group: string) {
  const own = new Map<
    string,
    Parameters<typeof hubLines>[2] extends ReadonlyMap<string, infer R> ? R : never
  >();
  const digests = new Map<string, string>();
  for (const entry of hub.entries) {
    if (entry.kind === "release-received" && entry.body.correction === 0)
      digests.set(entry.body.run, entry.body.digest);
    if (entry.kind !== "use-received" || entry.body.group !== group) continue;
    const { run } = entry.body;
    const known = runs.get(run) ?? {
      query: "a question that these exports do not name",
      version: "",
      digest: "",
      date: "",
      bytes: null,
    };
    const { bytes, ...facts } = known;
    const sizes = bytes === null ? [] : [[digests.get(run) ?? "", bytes] as const];
    own.set(run, { ...facts, sizes: new Map(sizes) });
  }
  return own;
}

function isCorrection({ entries }: GivenHub): (line: ReportLine) => boolean {
  const places = new Set(
    entries.flatMap((entry) =>
      entry.kind === "release-withdrawn" || entry.kind === "correction-allowed" || entry.kind === "use-ended"
        ? `${entry.position} ${entry.time}`
        : [],
    ),
  );
  return ({ position, time }) => places.has(`${position} ${time}`);
}
