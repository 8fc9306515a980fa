/** A practice's part of the account: how it stood, what left, what did not and why, what was corrected, who looked. */
import { joinNames } from "../names.js";
import { longDate, minute } from "@cairn/text";
import { plural } from "../cross-check/findings.js";
import type { PracticeEntry, PracticeEntryOf } from "../practice-log.js";
import { practiceLines } from "../report/practice-report.js";
import type { QueryName, ReportLine } from "../report/lines.js";
import type { GivenFiles, GivenPractice } from "./given.js";
import { grouped } from "./grouped.js";
import { looksTable } from "./looks.js";
import { heading, list, table, text, type PaperItem } from "./paper.js";
import { datesWords, isBy, isWithin, type Period } from "./period.js";
import { practiceState, type PracticeState } from "./practice-state.js";
import { unansweredRows } from "./unanswered.js";

export interface PaperSection {
  readonly blocks: readonly PaperItem[];
  /** Query versions that it is about. */
  readonly queries: readonly QueryName[];
  readonly lines: readonly ReportLine[]; // of the period
}

export function practicePart(given: GivenFiles, practice: GivenPractice, period: Period): PaperSection {
  const lines = practiceLines(practice.entries).filter((line) => isWithin(line, period));
  const until = practice.entries.filter((entry) => isBy(entry, period));
  const within = until.filter(
    (entry): entry is PracticeEntry => entry.kind !== null && isWithin(entry, period),
  );
  const state = practiceState(until);
  const blocks = [
    heading(2, practice.name),
    heading(3, "What it had decided by the end of the period"),
    ...decided(state, given),
    heading(3, "What left"),
    ...left(within, lines),
    heading(3, "What did not leave, and why"),
    table(
      ["Question", "Dates", "Why"],
      unansweredRows(given, until, within, period),
      "Everything that this log shows was asked, left.",
    ),
    heading(3, "Corrections and withdrawals"),
    linesTable(lines.filter(isCorrection(within)), "None in this period."),
    heading(3, "Who looked"),
    looksTable(lines, practice.entries),
    heading(3, "Decisions"),
    linesTable(
      lines.filter(({ section }) => section === "decided"),
      "None in this period.",
    ),
  ];
  return { blocks, queries: lines.flatMap(({ query }) => query ?? []), lines };
}

function decided(state: PracticeState, { beside }: GivenFiles): PaperItem[] {
  const rows = [...state.groups].map(([group, { joined, charter }]) => {
    const { rule, own } = state.rule(group);
    const known = charter && beside.charters.has(charter.digest);
    return [
      group,
      joined ? `${longDate(joined.time.slice(0, 10))}, by ${joined.by ?? "nobody named"}` : "not in this log",
      charter
        ? `${charter.digest.slice(0, 16)}, by ${charter.by ?? "nobody named"}${known ? "" : " (its text is in no export that was given)"}`
        : "none",
      own ? `${rule}, the practice's own set by ${own.by ?? "nobody named"}` : `${rule}`,
    ];
  });
  const [floor, hold] = ["floor", "hold"].map((name) => state.settings.get(name));
  return [
    table(["Group", "Accepted", "Charter accepted", "Rule for new questions"], rows, "It was in no group."),
    list([
      state.paused
        ? `Paused since ${minute(state.paused.time)}, by ${state.paused.by ?? "nobody named"}: nothing ran and nothing left from then on`
        : "Not paused",
      hold?.value === true
        ? `Hold is on, set by ${hold.by ?? "nobody named"}: each release waits until somebody has seen its numbers`
        : "Hold is off: what is accepted leaves without a further look",
      floor
        ? `Floor of its own: ${String(floor.value)}, set by ${floor.by ?? "nobody named"}`
        : "No floor of its own: the question's, the group's and the charter's hold, the strictest of them",
      optOutsWords(state.optOuts),
      state.leftOutList
        ? `The practice's own list of people to leave out: given ${minute(state.leftOutList.time)} by ${state.leftOutList.by ?? "nobody named"}; how many are on it is in no log`
        : "The practice's own list of people to leave out: none was given",
    ]),
  ];
}

function optOutsWords(chosen: PracticeState["optOuts"]): string {
  if (chosen === null)
    return "People with a type 1 opt-out in their record: left out of every number that leaves. Nobody here has chosen otherwise";
  const { choice, after, by, time } = chosen;
  const what =
    choice === "counted"
      ? "counted in what leaves, where every charter and the question let them be; the practice's own list is left out all the same"
      : "left out of every number that leaves";
  return `People with a type 1 opt-out in their record: ${what}, for reference dates after ${longDate(after)}, chosen ${minute(time)} by ${by ?? "nobody named"}`;
}

type Released = PracticeEntryOf<"released">;

function left(within: readonly PracticeEntry[], lines: readonly ReportLine[]): PaperItem[] {
  const gone = new Set(lines.filter(({ counts }) => counts === "release").map(({ position }) => position));
  const releases = within.filter(
    (entry): entry is Released => entry.kind === "released" && gone.has(entry.position),
  );
  const to = new Map<string, Set<string>>();
  for (const entry of within)
    if (entry.kind === "use") {
      const digest = entry.body.query_digest;
      to.set(digest, (to.get(digest) ?? new Set()).add(entry.body.group));
    }
  const byQuery = grouped(releases, ({ body }) => body.query_digest);
  const rows = [...byQuery].map(([digest, all]) => {
    const [{ body }] = all;
    const sum = (of: (each: Released["body"]) => number): number =>
      all.reduce((n, each) => n + of(each.body), 0);
    const cells = sum((each) => each.cells);
    const withheld = sum((each) => each.withheld);
    return [
      `${body.query} ${body.version}`,
      datesWords(all.map((each) => each.body.date)),
      String(all.length),
      String(cells - withheld),
      String(withheld),
      joinNames([...(to.get(digest) ?? [])].toSorted()) || "no group in this period",
    ];
  });
  return [
    table(
      ["Question", "Dates", "Releases", "Cells released whole", "Cells with something withheld", "Groups"],
      rows,
      "Nothing left in this period.",
    ),
    ...(rows.length > 0
      ? [
          text(
            "A cell is one line of a question's table: how many are counted, and how many of these. Withheld is not zero: of what is withheld nobody outside the practice learns how many there are.",
          ),
        ]
      : []),
  ];
}

/** Whether a line tells of a correction, a withdrawal, or a use that ended. */
function isCorrection(within: readonly PracticeEntry[]): (line: ReportLine) => boolean {
  const positions = new Set(
    within.flatMap((entry) => {
      const isOne =
        entry.kind === "withdrawn" ||
        entry.kind === "correction-allowed" ||
        entry.kind === "use-ended" ||
        (entry.kind === "released" && entry.body.correction > 0);
      return isOne ? entry.position : [];
    }),
  );
  return ({ position }) => positions.has(position);
}

export function linesTable(lines: readonly ReportLine[], none: string): PaperItem {
  return table(
    ["When", "What", "Who", "Entry"],
    lines.map(({ time, words, by, position }) => [minute(time), words, by ?? "by itself", String(position)]),
    none,
  );
}

/** "3 releases, 1 withdrawn; 2 looks by Ann" */
export function summaryWords(whose: string, verb: "left" | "came", lines: readonly ReportLine[]): string {
  const of = (what: ReportLine["counts"]): ReportLine[] => lines.filter(({ counts }) => counts === what);
  const lookers = [...new Set(of("look").flatMap(({ by }) => by ?? []))];
  const who = lookers.length === 0 ? "" : ` by ${lookers.join(", ")}`;
  return `${whose}: ${plural(of("release").length, "release")} ${verb}, ${of("withdrawal").length} withdrawn; ${plural(of("decision").length, "decision")}; ${plural(of("look").length, "look")}${who}.`;
}
