/** The account of a period for a meeting, from the hub's export, practices' exports, or both. */
import type { QueryName } from "../report/lines.js";
import { coveredDays, isOutside, uncoveredWords } from "./covered.js";
import type { GivenFiles } from "./given.js";
import { groupPart, groupsOf } from "./group-part.js";
import { heading, list, text, type Paper } from "./paper.js";
import { periodWords, type Period } from "./period.js";
import { practicePart, summaryWords } from "./practice-part.js";
import { questionBlocks } from "./questions.js";
import { verdictBlocks } from "./verdict-words.js";

/** Reads as somebody asks who answers for it: do the logs hold, what happened, what was asked, practice by practice. */
export function reportPaper(given: GivenFiles, period: Period): Paper {
  const { hub } = given;
  const tells = (log: Parameters<typeof coveredDays>[0]): boolean => {
    const days = coveredDays(log);
    return days === null || !isOutside(days, period);
  };
  const practices = given.practices.filter(tells).map((practice) => ({
    name: practice.name,
    ...practicePart(given, practice, period),
  }));
  const groups = (hub && tells(hub) ? groupsOf(hub) : []).map((group) => ({
    name: group,
    ...groupPart(given, hub!, group, period),
  }));
  const parts = [...groups, ...practices];
  const uncovered = uncoveredLines(given, period);
  const nothing = uncovered.length > 0 ? uncovered.join(" ") : "no export that was given can be read.";
  return {
    title: `What was asked, decided, released and seen: ${periodWords(period)}`,
    blocks: [
      ...verdictBlocks(given, uncovered),
      heading(2, "In short"),
      parts.length === 0
        ? text(`Nothing can be told: ${nothing}`)
        : list([
            ...uncovered,
            ...groups.map(({ name, lines }) => summaryWords(`The group ${name}, at the hub`, "came", lines)),
            ...practices.map(({ name, lines }) => summaryWords(name, "left", lines)),
          ]),
      ...parts.flatMap(({ blocks }) => blocks),
      ...(parts.length === 0 ? [] : questionBlocks(given, each(parts.flatMap(({ queries }) => queries)))),
      text("Times are UTC. Each row with an entry's number can be found under it in that log."),
    ],
  };
}

/** A line for each log that does not cover the whole period. */
function uncoveredLines({ hub, practices }: GivenFiles, period: Period): string[] {
  const logs = [
    ...(hub ? [{ whose: "The hub's log", log: hub }] : []),
    ...practices.map((log) => ({ whose: `The log of ${log.name}`, log })),
  ];
  return logs.flatMap(({ whose, log }) => {
    const days = coveredDays(log);
    return (days && uncoveredWords(whose, days, period)) ?? [];
  });
}

/** @returns each version once */
function each(queries: readonly QueryName[]): QueryName[] {
  return [
    ...new Map(queries.filter(({ digest }) => digest !== "").map((query) => [query.digest, query])).values(),
  ];
}
