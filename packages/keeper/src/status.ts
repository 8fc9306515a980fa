/** The status of a practice, for its own screens: the command line and the page read it. */
import { RECORD_FACTS, type RecordFact } from "@cairn/query-library";
import type { LinkState } from "@cairn/wire";
import { shellWord } from "@cairn/text";
import {
  acceptedCharter,
  charterInForce,
  charterWaits,
  overdueReview,
  whyNotInCharter,
} from "./approvals/charters.js";
import { receiptsUnwitnessed, witnessWait, type WitnessProblem } from "./approvals/witnesses.js";
import { allGroups, type GroupState } from "./approvals/groups.js";
import {
  consentStandings,
  endedConsents,
  type ConsentStanding,
  type EndedConsent,
} from "./consents/standing.js";
import { deskStatus, type DeskStatus } from "./desks.js";
import { type Feed, feedOf } from "./feed.js";
import { reportedLink } from "./link-state.js";
import { acceptedByTimeAt, allOffers, isDeclined } from "./approvals/offers.js";
import { allRules, charteredRules, ruleText } from "./approvals/rules.js";
import { hasLeftOutList, holdsReleases, isPaused, setting } from "./store/settings.js";
import { allThinMonths } from "./releases/held.js";
import { groupsLeavingOut, NEVER_CHOSEN, optOutChoices, type OptOutChoice } from "./releases/opt-outs.js";
import { floorName } from "./releases/policy.js";
import { allRuns, type Run } from "./runs/run.js";
import { allRequests, type GroupRequest, type RequestState } from "./runs/requests.js";
import type { RunState } from "./runs/states.js";
import type { KeeperStore, Reader } from "./store/store.js";
import { libraryExpired, libraryExpires } from "./trust/expiry.js";
import { hubLog, type HubLog } from "./trust/hub-log.js";

export interface KeeperStatus {
  readonly practice: string | null; // null before it enrols
  readonly paused: boolean;
  readonly hold: boolean;
  readonly floor: string;
  readonly authorMode: boolean;
  readonly library: string | null; // version in force
  readonly libraryExpires: string | null; // ISO date
  /** Why nothing new is accepted, once the library has expired. */
  readonly libraryProblem: { readonly code: string; readonly words: string } | null;
  /** Why questions wait for witnesses of the hub's log. */
  readonly witnessWait: WitnessProblem | null;
  /** Alarm: the hub has not shown within seven days that witnesses countersigned what it confirmed. */
  readonly receiptsUnwitnessed: WitnessProblem | null;
  readonly coversTo: string | null;
  readonly recordsCameAt: string | null; // ISO 8601: when records last came that changed anything
  readonly feed: Feed | null; // how the watch for extracts last left it; null where there is none
  readonly recordsLack: readonly RecordFact[]; // what the records do not say
  /**
   * The practice's newest choice on people with a type 1 opt-out, those before it (oldest first), and the groups that leave
   * them out all the same.
   */
  readonly optOuts: OptOutChoice & {
    readonly before: readonly OptOutChoice[];
    readonly leftOutBy: readonly string[];
  };
  readonly hasLeftOutList: boolean; // false: the records lack the list of people left out that was given last
  readonly gaveLeftOutList: boolean; // it may name nobody: who is on it stands with the records
  readonly logSize: number;
  /** How the courier last said that the link stands; null where none has said anything. */
  readonly link: LinkState | null;
  readonly courierSpokeAt: string | null; // ISO 8601
  readonly hubLog: HubLog;
  /** Whether the last start opened the pages to other desks; null where they are on this machine alone. */
  readonly desks: DeskStatus | null;
  /** Groups that asked, and those that a person here accepted or left. */
  readonly groups: readonly {
    readonly group: string;
    readonly state: GroupState;
    readonly command: string | null; // what a person types to accept it, or its charter
    /** Absent where it has none. */
    readonly charter?: CharterStatus;
  }[];
  /** Whom charters let see practices by name, and what this practice has said of it. */
  readonly consents: readonly ConsentStanding[];
  readonly consentsEnded: readonly EndedConsent[];
  readonly rules: readonly {
    readonly group: string;
    readonly rule: string;
    readonly problem: string | null; // why a body's word does not count now, and what to do
  }[];
  /** Of each group with a charter, the stricter of its rule and the practice's. */
  readonly inForce: readonly { readonly group: string; readonly rule: string }[];
  readonly queries: readonly {
    readonly query: string;
    readonly version: string;
    readonly group: string;
    readonly said: "accepted" | "declined" | "waiting" | "not in its charter";
    readonly byTimeOn: string | null; // day on which its rule accepts what waits, unless somebody declines
    readonly body: string | null; // on whose word it was accepted, where a rule leaves it to one
    readonly command: string | null; // what a person types to accept it for this group
    readonly emptyCodelists: readonly string[]; // those it names of which the records have no event
  }[];
  readonly runs: readonly RunStatus[];
}

/** Digests in hex; null where the library in force holds none of the group, or none was accepted here. */
export interface CharterStatus {
  readonly inForce: string | null;
  readonly accepted: string | null;
  readonly waits: boolean; // until a person accepts the one in force, the group gets nothing new
  /** The review date that is over, and whether it is over for a year; null where it is not. */
  readonly overdue: { readonly review: string; readonly stopsNewQueries: boolean } | null;
}

export interface RunStatus {
  readonly run: string;
  readonly query: string;
  readonly version: string;
  readonly date: string;
  readonly state: RunState;
  readonly refusal: { readonly code: string; readonly words: string } | null;
  readonly correction: number; // 1: the one corrected run that follows a withdrawal
  readonly thinMonths: readonly string[]; // with hardly any events: why its release was held for a look
  /** The state of each group that asked for it. */
  readonly groups: readonly {
    readonly group: string;
    readonly state: RequestState;
    readonly refusal: { readonly code: string; readonly words: string } | null;
    readonly use: "given" | "ended" | null; // its leave to the release that counts
  }[];
  /** The command that withdraws a release that the hub holds and no group may see; null otherwise. */
  readonly withdraw: string | null;
}

export function keeperStatus(store: KeeperStore): KeeperStatus {
  const library = store.db
    .prepare<[], { version: string }>("SELECT version FROM library ORDER BY position DESC LIMIT 1")
    .get();
  const expired = libraryExpired(store);
  const told = reportedLink(store);
  const empty = emptyCodelists(store);
  const choices = optOutChoices(store);
  return {
    practice: setting(store, "practice"),
    paused: isPaused(store),
    hold: holdsReleases(store),
    floor: floorName(store),
    authorMode: setting(store, "author-mode") === "yes",
    library: library?.version ?? null,
    libraryExpires: libraryExpires(store),
    libraryProblem: expired && { code: expired.code, words: expired.words },
    witnessWait: witnessWait(store),
    receiptsUnwitnessed: receiptsUnwitnessed(store),
    coversTo: setting(store, "covers-to") || null,
    recordsCameAt: setting(store, "records-came"),
    feed: feedOf(store),
    recordsLack: lacking(store),
    optOuts: {
      ...(choices.at(-1) ?? NEVER_CHOSEN),
      before: choices.slice(0, -1),
      leftOutBy: groupsLeavingOut(store),
    },
    hasLeftOutList: hasLeftOutList(store),
    gaveLeftOutList: setting(store, "left-out-list") !== null,
    logSize: store.log.size,
    link: told?.link ?? null,
    courierSpokeAt: told?.at ?? null,
    hubLog: hubLog(store),
    desks: deskStatus(store),
    groups: allGroups(store).map(({ group, state }) => ({
      group,
      state,
      command:
        state === "waiting" || (state === "joined" && charterWaits(store, group))
          ? `cairn agent join ${shellWord(group)}`
          : null,
      ...charterStatus(store, group),
    })),
    consents: consentStandings(store),
    consentsEnded: endedConsents(store),
    rules: allRules(store).map(({ group, rule, problem }) => ({ group, rule: ruleText(rule), problem })),
    inForce: charteredRules(store).map(({ group, rule }) => ({ group, rule: ruleText(rule) })),
    queries: allOffers(store).map((offer) => {
      const { query, version, group, acceptedAt, acceptedBody } = offer;
      const outside = whyNotInCharter(store, group, query) !== null;
      const undecided = outside ? "not in its charter" : acceptedAt === null ? "waiting" : "accepted";
      const said = isDeclined(store, query, group) ? "declined" : undecided;
      const command = said === "waiting" ? `cairn agent approve ${query} --group ${shellWord(group)}` : null;
      const body = said === "accepted" ? acceptedBody : null;
      const codelists = empty[`${query}@${version}`] ?? [];
      const byTimeAt = said === "waiting" ? acceptedByTimeAt(store, offer) : null;
      const byTimeOn = byTimeAt === null ? null : new Date(byTimeAt).toISOString().slice(0, 10);
      return { query, version, group, said, byTimeOn, body, command, emptyCodelists: codelists };
    }),
    runs: runsOf(store),
  };
}

function charterStatus(store: Reader, group: string): { charter?: CharterStatus } {
  const inForce = charterInForce(store, group)?.digest.toString("hex") ?? null;
  const accepted = acceptedCharter(store, group)?.digest.toString("hex") ?? null;
  if (inForce === null && accepted === null) return {};
  return {
    charter: { inForce, accepted, waits: charterWaits(store, group), overdue: overdueReview(store, group) },
  };
}

function runsOf(store: Reader): RunStatus[] {
  const uses = usesGiven(store);
  const thin = allThinMonths(store);
  const requests = new Map<string, GroupRequest[]>();
  for (const request of allRequests(store))
    requests.set(request.run, [...(requests.get(request.run) ?? []), request]);
  return allRuns(store).map((run) => {
    const groups = (requests.get(run.run) ?? []).map(({ group, state, refusal }) => ({
      group,
      state,
      refusal,
      use: uses.get(useKey(run, group)) ?? null,
    }));
    const unseen = run.state === "acknowledged" && !groups.some(({ use }) => use === "given");
    return {
      run: run.run,
      query: run.query,
      version: run.version,
      date: run.referenceDate,
      state: run.state,
      refusal: run.refusal,
      correction: run.correction,
      thinMonths: thin.get(`${run.run} ${run.correction}`) ?? [],
      groups,
      withdraw: unseen ? `cairn agent withdraw ${run.run} --why TEXT` : null,
    };
  });
}

function usesGiven(store: Reader): Map<string, "given" | "ended"> {
  const rows = store.db
    .prepare<[], { run: string; correction: number; grp: string; ended: number }>(
      "SELECT run, correction, grp, ended FROM release_use ORDER BY position",
    )
    .all();
  return new Map(rows.map((row) => [useKey(row, row.grp), row.ended === 1 ? "ended" : "given"])); // the newest stays
}

function useKey({ run, correction }: Pick<Run, "run" | "correction">, group: string): string {
  return `${run} ${correction} ${group}`;
}

/** Codelists without events by query, as `name@version`. */
function emptyCodelists(store: Reader): Readonly<Record<string, readonly string[]>> {
  return JSON.parse(setting(store, "codelists-empty") ?? "{}") as Record<string, readonly string[]>;
}

function lacking(store: Reader): RecordFact[] {
  const names = (setting(store, "records-lack") ?? "").split(" ");
  return RECORD_FACTS.filter((fact) => names.includes(fact));
}
