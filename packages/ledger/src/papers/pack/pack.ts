/** The pack: what a DPIA, an Article 30 record, the five safes and a privacy notice ask, filled in as far as anything signed or logged says it. */
import { joinNames } from "../../names.js";
import type { GivenFiles } from "../given.js";
import { heading, list, text, type Paper, type PaperItem } from "../paper.js";
import { verdictBlocks } from "../verdict-words.js";
import { assessment } from "./assessment.js";
import { fiveSafes } from "./five-safes.js";
import { allGroupFacts, byProgram, NO_CHARTER, type GroupFacts } from "./group-facts.js";
import { privacyNotice } from "./notice.js";
import { recordOfProcessing } from "./record.js";

/** @param group for one of `groupsIn` alone; null for each of them */
export function packPaper(given: GivenFiles, group: string | null): Paper {
  const groups = allGroupFacts(given).filter((facts) => group === null || facts.group === group);
  return {
    title: "Data protection papers, to be finished by a person",
    blocks: [
      text(
        "This is a draft. Each sentence says where it is from: a charter, the signed library, a log, or the program and its page. Where it says that a person writes, nothing signed or logged has the answer.",
      ),
      ...withoutCharter(groups),
      ...verdictBlocks(given),
      heading(2, "What is in it"),
      groups.length === 0
        ? text("No group is in the exports that were given, so there is nothing to fill in.")
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

/** What to do first about groups of whose charter no export has the text. */
function withoutCharter(groups: readonly GroupFacts[]): PaperItem[] {
  const none = groups.filter(({ source }) => source === NO_CHARTER).map(({ group }) => group);
  const untold = groups.filter(({ charter, source }) => charter === null && source !== NO_CHARTER);
  return [
    ...(none.length > 0
      ? [
          byProgram(
            `No charter is in what was given for: ${joinNames(none)}. Write one first, for most gaps below are what a charter says: copy the nearest of examples/charters, try it with cairn charter check FILE, bring it into force with cairn library add --charter FILE and two signatures, and make these papers anew.`,
            "docs/charters.md",
          ),
        ]
      : []),
    ...(untold.length > 0
      ? [
          byProgram(
            `The logs name a charter whose text is in no export that was given, for: ${joinNames(untold.map(({ group }) => group))}. Export both logs anew with this version of cairn.`,
            "docs/audit.md",
          ),
        ]
      : []),
  ];
}
