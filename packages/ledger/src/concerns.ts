/** Whom an entry of the hub's log concerns: what an export for one practice leaves open, and what it seals. */
import type { UnreadEntry } from "./codec.js";
import type { HubEntry, HubKind } from "./hub-log.js";

/**
 * `all`: every practice, for it names none. Else one practice: by its id, its agent, one of its runs, or by what it was
 * called then.
 */
type Concern = "all" | "practice" | "agent" | "run" | "name";

const CONCERNS: Readonly<Record<HubKind["kind"], Concern>> = {
  "log-continues": "all",
  "practice-invited": "name",
  "practice-renamed": "practice",
  "practice-forgotten": "practice",
  "group-joined": "practice",
  "group-left": "practice",
  "agent-enrolled": "practice",
  "agent-admitted": "agent",
  "agent-revoked": "agent",
  "agent-renewed": "agent",
  "library-published": "all",
  "charter-published": "all",
  "charter-ended": "all",
  "library-root-replaced": "all",
  "schedule-added": "all",
  "schedule-paused": "all",
  "schedule-resumed": "all",
  "schedule-skipped": "all",
  "collection-opened": "all",
  "past-dates-asked": "practice",
  "collections-ended": "all",
  "collection-closed": "all",
  "comparison-made": "all",
  "note-written": "all",
  "plan-looked-at": "all",
  "questions-chosen": "all",
  "references-imported": "all",
  "hub-issuer-replaced": "all",
  "hub-root-added": "all",
  "hub-root-dropped": "all",
  "release-received": "practice",
  "release-conflict": "run",
  "release-withdrawn": "practice",
  "correction-allowed": "practice",
  "use-received": "practice",
  "use-ended": "practice",
  "consent-received": "practice",
  "consent-ended": "practice",
  "sign-in-provider-set": "all",
  "account-passed-on": "all",
  "comparison-viewed": "all",
  "practice-named": "practice",
  "log-viewed": "all",
  "person-added": "all",
  "person-disabled": "all",
  "person-linked": "all",
  "account-set": "all",
  "signed-in": "all",
  "sign-in-refused": "all",
  "sign-ins-refused": "all",
  "signed-out": "all",
};

/** Whether an entry of this kind concerns every practice. An unknown kind does not. */
export function concernsAll(kind: string): boolean {
  return Object.hasOwn(CONCERNS, kind) && CONCERNS[kind as HubKind["kind"]] === "all";
}

/**
 * Whether an entry may be shown to some practices.
 * @param entries of all the hub's logs
 * @param practices their ids
 * @returns true of those that concern one of them, or all; false of others, and of what cannot be read
 */
export function concerning(
  entries: readonly (HubEntry | UnreadEntry)[],
  practices: ReadonlySet<string>,
): (entry: HubEntry | UnreadEntry) => boolean {
  const [agents, runs, names] = [new Set<string>(), new Set<string>(), new Set<string>()];
  for (const entry of entries) {
    if (entry.kind === null || !isOf(entry, practices)) continue;
    const { body } = entry;
    if ("agent" in body) agents.add(body.agent);
    if ("run" in body) runs.add(body.run);
    if ("name" in body) names.add(body.name);
    if (entry.kind === "practice-renamed") names.add(entry.body.from).add(entry.body.to);
  }
  for (const entry of entries)
    if (entry.kind === "agent-admitted" && agents.has(entry.body.agent)) names.add(entry.body.practice);
  return (entry) => {
    if (entry.kind === null) return false;
    const { body } = entry;
    switch (CONCERNS[entry.kind]) {
      case "all":
        return true;
      case "practice":
        return isOf(entry, practices);
      case "agent":
        return "agent" in body && agents.has(body.agent);
      case "run":
        return "run" in body && runs.has(body.run);
      case "name":
        return "practice" in body && body.practice !== null && names.has(body.practice);
    }
  };
}

function isOf({ kind, body }: HubEntry, practices: ReadonlySet<string>): boolean {
  return (
    CONCERNS[kind] === "practice" &&
    "practice" in body &&
    body.practice !== null &&
    practices.has(body.practice)
  );
}
