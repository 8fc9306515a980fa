/** How things stand at the practice, for its own screen: the command line and the page read this. */
import { RECORD_FACTS, type RecordFact } from "@cairn/query-library";
import { allOffers, isDeclined } from "./practice/offers.js";
import { allRules, ruleText } from "./practice/rules.js";
import { holdsReleases, isPaused, setting } from "./practice/settings.js";
import { floorName } from "./releases/policy.js";
import { allRuns } from "./runs/run.js";
import type { RunState } from "./runs/states.js";
import type { KeeperStore } from "./store/store.js";
import { hubLog, type HubLog } from "./trust/hub-log.js";

export interface KeeperStatus {
  readonly practice: string | null; // null before it enrols
  readonly paused: boolean;
  readonly hold: boolean;
  readonly floor: string;
  readonly authorMode: boolean;
  readonly library: string | null; // version in force
  readonly coversTo: string | null;
  readonly recordsLack: readonly RecordFact[]; // what the records do not say
  readonly logSize: number;
  readonly hubLog: HubLog;
  readonly rules: readonly { readonly group: string; readonly rule: string }[];
  readonly queries: readonly {
    readonly query: string;
    readonly version: string;
    readonly group: string;
    readonly said: "accepted" | "declined" | "waiting";
  }[];
  readonly runs: readonly {
    readonly run: string;
    readonly query: string;
    readonly version: string;
    readonly date: string;
    readonly group: string;
    readonly state: RunState;
    readonly refusal: { readonly code: string; readonly words: string } | null;
    readonly correction: number; // 1: the one corrected run that follows a withdrawal
  }[];
}

export function keeperStatus(store: KeeperStore): KeeperStatus {
  const library = store.db
    .prepare<[], { version: string }>("SELECT version FROM library ORDER BY position DESC LIMIT 1")
    .get();
  return {
    practice: setting(store, "practice"),
    paused: isPaused(store),
    hold: holdsReleases(store),
    floor: floorName(store),
    authorMode: setting(store, "author-mode") === "yes",
    library: library?.version ?? null,
    coversTo: setting(store, "covers-to") || null,
    recordsLack: lacking(store),
    logSize: store.log.size,
    hubLog: hubLog(store),
    rules: allRules(store).map(({ group, rule }) => ({ group, rule: ruleText(rule) })),
    queries: allOffers(store).map(({ query, version, group, acceptedAt }) => ({
      query,
      version,
      group,
      said: isDeclined(store, query) ? "declined" : acceptedAt === null ? "waiting" : "accepted",
    })),
    runs: allRuns(store).map(({ run, query, version, referenceDate, group, state, refusal, correction }) => ({
      run,
      query,
      version,
      date: referenceDate,
      group,
      state,
      refusal,
      correction,
    })),
  };
}

function lacking(store: KeeperStore): RecordFact[] {
  const names = (setting(store, "records-lack") ?? "").split(" ");
  return RECORD_FACTS.filter((fact) => names.includes(fact));
}
