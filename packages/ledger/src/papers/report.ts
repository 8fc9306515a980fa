/** The account of a period for a meeting, from the hub's export, practices' exports, or both. */
import type { QueryName } from "../report/lines.js";
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
  const practices = given.practices.map((practice) => ({
    name: practice.name,
    ...practicePart(given, practice, period),
  }));
  const groups = (hub ? groupsOf(hub) : []).map((group) => ({
    name: group,
    ...groupPart(given, hub!, group, period),
  }));
  const parts = [...groups, ...practices];
  return {
    title: `What was asked, decided, released and seen: ${periodWords(period)}`,
    blocks: [
      ...verdictBlocks(given),
      heading(2, "In short"),
      parts.length === 0
        ? text("Nothing can be told: no export that was given can be read.")
        : list([
            ...groups.map(({ name, lines }) => summaryWords(`The group ${name}, at the hub`, "came", lines)),
            ...practices.map(({ name, lines }) => summaryWords(name, "left", lines)),
          ]),
      ...parts.flatMap(({ blocks }) => blocks),
      ...questionBlocks(given, each(parts.flatMap(({ queries }) => queries))),
      text("Times are UTC. Each row with an entry's number can be found under it in that log."),
    ],
  };
}

/** @returns each version once */
function each(queries: readonly QueryName[]): QueryName[] {
  return [
    ...new Map(queries.filter(({ digest }) => digest !== "").map((query) => [query.digest, query])).values(),
  ];
}
