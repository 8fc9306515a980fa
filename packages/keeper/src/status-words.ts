/** How things stand, in words for the practice's own screens: its page and `agent status` say the same. */
import { factWords, LEFT_OUT_LIST_MISSING } from "@cairn/records";
import { longDate } from "@cairn/text";
import type { GroupState } from "./approvals/groups.js";
import { floorWords } from "./releases/policy.js";
import type { KeeperStatus } from "./status.js";

/** Lines without a full stop at their end: what runs, what the records hold, which library and floor are in force. */
export function standingLines(status: KeeperStatus): string[] {
  const { paused, coversTo, recordsLack, hasLeftOutList, hubLog, library, libraryProblem, floor, hold } =
    status;
  return [
    paused
      ? "Paused: nothing runs and nothing leaves (cairn agent resume goes on)"
      : "Not paused (cairn agent pause stops everything at once)",
    coversTo ? `Records are complete to ${longDate(coversTo)}` : "No records yet (cairn agent import)",
    ...(recordsLack.length > 0
      ? [`Records do not say ${factWords(recordsLack)}: queries that ask it are refused`]
      : []),
    ...(hasLeftOutList ? [] : [LEFT_OUT_LIST_MISSING]),
    ...(hubLog.state === "new-log" || hubLog.state === "forked" ? [`The hub's log: ${hubLog.words}`] : []),
    library ? `Library version ${library} is in force` : "No library yet",
    ...(libraryProblem ? [`${libraryProblem.words} (${libraryProblem.code})`] : []),
    `Of what leaves, ${floorWords(floor)}`,
    ...(hold ? ["Each release waits until someone here has seen it"] : []),
  ];
}

const GROUP_WORDS: Readonly<Record<GroupState, string>> = {
  joined: "accepted here",
  left: "left: it gets nothing new",
  waiting: "asks, and nobody here has accepted it: it gets nothing",
};

/** "Riverside: accepted here"; of one that asked nothing yet, that too: its name may be written wrong. */
export function groupLine(
  { group, state }: Pick<KeeperStatus["groups"][number], "group" | "state">,
  { queries }: { readonly queries: readonly Pick<KeeperStatus["queries"][number], "group">[] },
): string {
  const hasAsked = queries.some((asked) => asked.group === group);
  return `${group}: ${GROUP_WORDS[state]}${state === "joined" && !hasAsked ? ", has asked for nothing" : ""}`;
}

/** "asthma-seen 1.0.0, asked by Riverside: accepted" */
export function askedLine({
  query,
  version,
  group,
  said,
}: Pick<KeeperStatus["queries"][number], "query" | "version" | "group" | "said">): string {
  return `${query} ${version}, asked by ${group}: ${said}`;
}
