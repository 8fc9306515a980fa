/** How things stand, in words for the practice's own screens: its page and `agent status` say the same. */
import { factWords, LEFT_OUT_LIST_MISSING } from "@cairn/records";
import { longDate, minute } from "@cairn/text";
import type { GroupState } from "./approvals/groups.js";
import type { WitnessProblem } from "./approvals/witnesses.js";
import { consentLine, endedLine } from "./consents/standing.js";
import { NEVER_CHOSEN } from "./releases/opt-outs.js";
import { floorWords } from "./releases/policy.js";
import { stateWords } from "./runs/words.js";
import type { CharterStatus, KeeperStatus, RunStatus } from "./status.js";

/** Lines without a full stop at their end: what runs, what the records hold, which library and floor are in force. */
export function standingLines(status: KeeperStatus): string[] {
  const {
    paused,
    coversTo,
    recordsCameAt,
    recordsLack,
    hasLeftOutList,
    gaveLeftOutList,
    hubLog,
    library,
    libraryProblem,
    floor,
    hold,
  } = status;
  return [
    paused
      ? "Paused: nothing runs and nothing leaves (cairn agent resume goes on)"
      : "Not paused (cairn agent pause stops everything at once)",
    coversTo
      ? `Records are complete to ${longDate(coversTo)}${recordsCameAt === null ? "" : `, and last came at ${minute(recordsCameAt)}`}`
      : "No records yet (cairn agent import)",
    ...(recordsLack.length > 0
      ? [`Records do not say ${factWords(recordsLack)}: queries that ask it are refused`]
      : []),
    ...(hasLeftOutList ? [] : [LEFT_OUT_LIST_MISSING]),
    ...(hubLog.state !== "none" && hubLog.state !== "countersigned"
      ? [`The hub's log: ${hubLog.words}`]
      : []),
    library ? `Library version ${library} is in force` : "No library yet",
    ...(libraryProblem ? [`${libraryProblem.words} (${libraryProblem.code})`] : []),
    ...witnessLines(status).map(({ words, code }) => `${words} (${code})`),
    `Of what leaves, ${floorWords(floor)}`,
    optOutsLine(status),
    ...(gaveLeftOutList
      ? ["The practice has given its own list of people who are left out (cairn agent left-out)"]
      : []),
    ...status.consents.map(consentLine),
    ...status.consentsEnded.map(endedLine),
    ...ruleProblems(status),
    ...(hold ? ["Each release waits until someone here has seen it"] : []),
  ];
}

/** Whether people with a type 1 opt-out in their record are in what leaves, date by date, without a full stop. */
export function optOutsLine({ optOuts, groups }: Pick<KeeperStatus, "optOuts" | "groups">): string {
  const { choice, leftOutBy } = optOuts;
  const line = `People with a type 1 opt-out in their record are ${whenWords(optOuts)}`;
  const command = "(cairn agent opt-outs)";
  if (choice === "left-out") return `${line} ${command}`;
  const counted = `${line}, where no question that its groups may ask leaves them out`;
  if (leftOutBy.length === 0) return `${counted} ${command}`;
  const why = leftOutBy.map((name) =>
    leavesOutWords(
      name,
      groups.find(({ group }) => group === name),
    ),
  );
  return `${counted}. Now ${why.join("; ")}, and they are left out for every group ${command}`;
}

/** "left out of what leaves for reference dates up to 5 November 2024 and counted after that" */
function whenWords({ choice, after, before }: KeeperStatus["optOuts"]): string {
  const choices = [NEVER_CHOSEN, ...before, ...(after === null ? [] : [{ choice, after }])];
  const turns = choices.filter((each, i) => each.choice !== choices[i - 1]?.choice);
  if (turns.length === 1) return `${CHOICE[turns[0]!.choice]} of what leaves`;
  const spans = turns.slice(0, -1).map((each, i) => {
    const what = `${CHOICE[each.choice]}${i === 0 ? " of what leaves for reference dates" : ""}`;
    return `${what} up to ${longDate(turns[i + 1]!.after!)}`;
  });
  return `${spans.join(", ")} and ${CHOICE[turns.at(-1)!.choice]} after that`;
}

const CHOICE = { "left-out": "left out", counted: "counted" } as const;

/** Why a group leaves them out. */
function leavesOutWords(name: string, group: KeeperStatus["groups"][number] | undefined): string {
  if (!group?.charter) return `${name} has no charter, so it counts none of them`;
  return group.charter.accepted === null
    ? `the charter of ${name} is not accepted here, so it counts none of them`
    : `the charter of ${name} leaves them out`;
}

/** The problems with witnesses of the hub's log, each as a sentence. */
export function witnessLines({
  witnessWait,
  receiptsUnwitnessed,
}: Pick<KeeperStatus, "witnessWait" | "receiptsUnwitnessed">): WitnessProblem[] {
  return [witnessWait, receiptsUnwitnessed].flatMap((problem) =>
    problem ? [{ ...problem, words: problem.words.replace(/^./, (letter) => letter.toUpperCase()) }] : [],
  );
}

/** Rules that leave it to a body whose word does not count now, with what to do. */
export function ruleProblems({ rules }: Pick<KeeperStatus, "rules">): string[] {
  return rules.flatMap(({ group, problem }) =>
    problem === null ? [] : [`The rule for ${group === "any" ? "every other group" : group}: ${problem}`],
  );
}

const GROUP_WORDS: Readonly<Record<GroupState, string>> = {
  joined: "accepted here",
  left: "left: it gets nothing new",
  waiting: "asks, and nobody here has accepted it: it gets nothing",
};

/** Of a group that is accepted, and gets nothing new until a person here accepts its charter. */
export const CHARTER_WAITS = {
  new: "accepted here before it had a charter: it gets nothing new until someone here accepts that",
  changed: "its charter has changed and asks for more: it gets nothing new until someone here accepts that",
} as const;

/** What is said of a charter whose review date is over; empty of one that is not. */
function reviewWords(overdue: CharterStatus["overdue"]): string {
  if (!overdue) return "";
  const then = overdue.stopsNewQueries
    ? "more than a year ago, and no new query is accepted until it is"
    : "and a year after that no new query is accepted";
  return `; its charter was to be reviewed by ${longDate(overdue.review)}, ${then}`;
}

/** "Riverside: accepted here"; of one that asked nothing yet, that too: its name may be written wrong. */
export function groupLine(
  { group, state, charter }: Pick<KeeperStatus["groups"][number], "group" | "state" | "charter">,
  { queries }: { readonly queries: readonly Pick<KeeperStatus["queries"][number], "group">[] },
): string {
  if (state === "joined" && charter?.waits)
    return `${group}: ${CHARTER_WAITS[charter.accepted ? "changed" : "new"]}`;
  const hasAsked = queries.some((asked) => asked.group === group);
  const nothing = state === "joined" && !hasAsked ? ", has asked for nothing" : "";
  return `${group}: ${GROUP_WORDS[state]}${nothing}${state === "left" ? "" : reviewWords(charter?.overdue ?? null)}`;
}

/** "asthma-seen 1.0.0, asked by Riverside: accepted" */
export function askedLine({
  query,
  version,
  group,
  said,
  byTimeOn,
  body,
}: Omit<KeeperStatus["queries"][number], "command" | "emptyCodelists">): string {
  const by = body === null ? "" : ` by ${body}, to which this practice leaves it`;
  const unless =
    byTimeOn === null
      ? ""
      : `, and accepted by the rule on ${longDate(byTimeOn)} unless somebody declines it`;
  return `${query} ${version}, asked by ${group}: ${said}${by}${unless}`;
}

const WITHOUT_IT = {
  "outbox-for-others": "nothing goes to this group; on its way to the hub for others",
  "acknowledged-for-others": "nothing has gone to this group; left for others",
  "withdrawn-for-others": "nothing has gone to this group; left for others, and withdrawn",
  "went-back": "taken back from this group",
} as const;

/** How a run stands for one group that asked: what went to other groups has not gone to it. */
interface GroupRun {
  readonly state: RunStatus["state"] | keyof typeof WITHOUT_IT;
  readonly refusal: RunStatus["refusal"];
}

export function standsFor({ state, refusal, groups }: RunStatus, group: string): GroupRun {
  const own = groups.find((one) => one.group === group);
  const asItIs = { state, refusal };
  if (!own || own.use === "given" || state === "refused" || state === "quarantined") return asItIs;
  if (own.use === "ended") return state === "withdrawn" ? asItIs : { state: "went-back", refusal: null };
  if (own.state === "refused") return { state: "refused", refusal: own.refusal };
  if (own.state === "declined") return { state: "declined", refusal: null };
  if (state === "outbox" || state === "acknowledged" || state === "withdrawn")
    return { state: `${state}-for-others`, refusal: null };
  return own.state === "ready" ? asItIs : { state: own.state, refusal: null };
}

/** @param referenceDate ISO */
export function groupRunWords({ state, refusal }: GroupRun, referenceDate: string): string {
  return state in WITHOUT_IT
    ? WITHOUT_IT[state as keyof typeof WITHOUT_IT]
    : stateWords({ state: state as RunStatus["state"], referenceDate, refusal });
}
