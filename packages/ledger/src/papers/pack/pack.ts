/** The pack: what a DPIA, an Article 30 record, the five safes and a privacy notice ask, filled in as far as anything signed or logged says it. */
import type { GivenFiles } from "../given.js";
import { heading, list, text, type Paper } from "../paper.js";
import { verdictBlocks } from "../verdict-words.js";
import { assessment } from "./assessment.js";
import { fiveSafes } from "./five-safes.js";
import { allGroupFacts } from "./group-facts.js";
import { privacyNotice } from "./notice.js";
import { recordOfProcessing } from "./record.js";

/** @param group for one alone; null for each of which the exports tell */
export function packPaper(given: GivenFiles, group: string | null): Paper {
  const groups = allGroupFacts(given).filter((facts) => group === null || facts.group === group);
  return {
    title: "Data protection papers, to be finished by a person",
    blocks: [
      text(
        "This is a draft. Each sentence says where it is from: a charter, the signed library, a log, or the program and its page. Where it says that a person writes, nothing signed or logged has the answer.",
      ),
      ...verdictBlocks(given),
      heading(2, "What is in it"),
      groups.length === 0
        ? text(
            group === null
              ? "No group is in the exports that were given, so there is nothing to fill in."
              : `The exports that were given tell nothing of the group ${group}.`,
          )
        : list(groups.map(({ group: name, source }) => `${name}: ${source}`)),
      ...groups.flatMap((facts) => [
        ...assessment(facts),
        ...recordOfProcessing(facts),
        ...fiveSafes(facts),
        ...privacyNotice(facts),
      ]),
    ],
  };
}
