/** Who looked, at what, for which purpose and under which charter: looks that read the same are one row. */
import { minute } from "@cairn/text";
import type { ReportLine } from "../report/lines.js";
import { hubLog } from "../hub-log.js";
import { table, type PaperItem } from "./paper.js";

/** In the place of a charter's digest, of a look at the whole log. */
const OF_ALL = "all";

interface Look extends ReportLine {
  /** The charter's digest; "" for none, OF_ALL of a whole log, null where the entry has no such field. */
  readonly charter: string | null;
}

/**
 * @param lines of a log in the period
 * @param entries of the same log, by their positions: what a line does not carry stands there
 */
export function looksTable(
  lines: readonly ReportLine[],
  entries: readonly {
    readonly kind: string | null;
    readonly position: number;
    readonly time: string;
    readonly body?: unknown;
  }[],
): PaperItem {
  const charters = new Map(entries.map((entry) => [`${entry.position} ${entry.time}`, charterIn(entry)]));
  const rows = new Map<string, { look: Look; times: number; last: string }>();
  for (const line of lines) {
    if (line.counts !== "look") continue;
    const look = { ...line, charter: charters.get(`${line.position} ${line.time}`) ?? null };
    const name = JSON.stringify([look.by, look.words, look.charter]);
    rows.set(name, { look, times: (rows.get(name)?.times ?? 0) + 1, last: line.time });
  }
  return table(
    ["Who", "What", "Charter", "Times", "Last"],
    [...rows.values()].map(({ look, times, last }) => [
      look.by ?? "nobody is named",
      look.words,
      charterWords(look.charter),
      String(times),
      minute(last),
    ]),
    "Nobody looked in this period.",
  );
}

function charterIn({ kind, body }: { readonly kind: string | null; readonly body?: unknown }): string | null {
  if (kind === hubLog.logViewed.kind) return OF_ALL;
  const charter = (body as { readonly charter?: unknown } | undefined)?.charter;
  return typeof charter === "string" ? charter : null;
}

function charterWords(charter: string | null): string {
  if (charter === null) return "the practice's own";
  if (charter === OF_ALL) return "the log is of every group";
  return charter === "" ? "none" : charter.slice(0, 16);
}
