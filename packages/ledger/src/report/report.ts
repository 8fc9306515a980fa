/** The account of a log for one month, or for all of it: its lines by section, with what is counted in them. */
import { SECTIONS, type CountKind, type QueryName, type ReportLine, type Section } from "./lines.js";

export interface LogReport {
  /** "2026-03"; null for all months. */
  readonly month: string | null;
  /** Months in which something happened, the newest first. */
  readonly months: readonly string[];
  readonly sections: Readonly<Record<Section, readonly ReportLine[]>>;
  readonly counts: Readonly<Record<CountKind, number>>;
  /** People who looked, each once, in the order of their first look. */
  readonly lookers: readonly string[];
  /** Versions of queries that the lines are about, by name. */
  readonly queries: readonly QueryName[];
}

/**
 * Makes the account of a month.
 * @param lines of a whole log, in its order.
 * @param asked "2026-03"; "all" for all months, "newest" for the last in which something happened
 */
export function reportOf(lines: readonly ReportLine[], asked: string): LogReport {
  const months = [...new Set(lines.map(monthOf))].toSorted().toReversed();
  const month = asked === "all" ? null : asked === "newest" ? (months[0] ?? null) : asked;
  const chosen = month === null ? lines : lines.filter((line) => monthOf(line) === month);
  const of = (section: Section): ReportLine[] => chosen.filter((line) => line.section === section);
  const counted = (what: CountKind): number => chosen.filter(({ counts }) => counts === what).length;
  const looks = chosen.filter(({ counts }) => counts === "look");
  return {
    ...{ month, months },
    sections: Object.fromEntries(SECTIONS.map((each) => [each, of(each)])) as Record<Section, ReportLine[]>,
    counts: {
      release: counted("release"),
      withdrawal: counted("withdrawal"),
      look: looks.length,
      decision: counted("decision"),
      unlooked: counted("unlooked"),
    },
    lookers: [...new Set(looks.flatMap(({ by }) => by ?? []))],
    queries: queriesOf(chosen),
  };
}

function monthOf({ time }: ReportLine): string {
  return time.slice(0, 7);
}

function queriesOf(lines: readonly ReportLine[]): QueryName[] {
  const found = new Map<string, QueryName>();
  for (const { query } of lines) if (query && !found.has(query.digest)) found.set(query.digest, query);
  return [...found.values()].toSorted((a, b) => a.query.localeCompare(b.query, "en"));
}
