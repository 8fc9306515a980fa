/** Was a query version accepted by someone, from a library in force, by the rule that it names? */
import type { PracticeEntryOf } from "../../practice-log.js";
import { libraryNamed, ruleInForce, ruleNamed } from "../../rules.js";
import type { Findings } from "../findings.js";
import type { PracticeSide } from "../sides.js";
import { declines, lift, type Standing } from "./standing.js";

const DAY_MS = 86_400_000;

export function checkAcceptance(
  found: Findings,
  { name }: PracticeSide,
  is: Standing,
  entry: PracticeEntryOf<"queryAccepted">,
): void {
  const { query, digest, group, by } = entry.body;
  const at = { entry: entry.position };
  // Versions before there were uses lifted a decline for every group.
  if (group === null || (by === "a person" && entry.position < is.usesSince)) declines(is, query).clear();
  else lift(declines(is, query), group, entry.position);
  if (by === null)
    found.problem(
      "acceptance-missing",
      name,
      `${query} was accepted${group === null ? "" : ` for ${group}`}, and the log does not name who accepted it`,
      at,
    );
  if (digest === null || group === null) return; // a decline undone: what was accepted before is again
  const groups = is.accepted.get(digest) ?? new Set();
  is.accepted.set(digest, groups.add(group));
  if (is.libraries.size === 0)
    found.problem(
      "library-missing",
      name,
      `${query} was accepted for ${group} before any signed library was verified`,
      at,
    );
  else if (entry.at > is.inForceUntil)
    found.problem(
      "library-expired",
      name,
      `${query} was accepted for ${group} after its library had expired`,
      at,
    );
  if (by?.startsWith("rule ")) {
    const accepted = { query, group, offer: `${digest} ${group}`, at: entry.at, entry: entry.position };
    ruleHolds(found, name, is, accepted, by.slice("rule ".length));
  }
}

/** A query version as it was accepted for a group. */
interface Accepted {
  readonly query: string;
  readonly group: string;
  readonly offer: string; // the query's digest and the group
  readonly at: number; // milliseconds since 1970
  readonly entry: number;
}

function ruleHolds(
  found: Findings,
  name: string,
  is: Standing,
  { query, group, offer, at: acceptedAt, entry }: Accepted,
  rule: string,
): void {
  const own = is.rules.get(group) ?? is.rules.get("any");
  const inForce = ruleInForce(own, is.charters.get(group)?.rule);
  const at = { entry };
  if (ruleNamed(rule) !== inForce) {
    const words = `${query} was accepted for ${group} by the rule ${rule}, and the rule in force was ${inForce}`;
    found.problem("rule-unknown", name, words, at);
    return;
  }
  if (inForce.startsWith("delegate: ") && libraryNamed(rule) !== is.library) {
    const words = `${query} was accepted for ${group} by the rule ${rule}, and library ${is.library} was in force`;
    found.problem("rule-unknown", name, words, at);
    return;
  }
  const days = Number(/^accept-after: (\d+) days$/.exec(rule)?.[1] ?? 0);
  const offered = is.offered.get(offer);
  if (days === 0 || (offered !== undefined && acceptedAt - offered >= days * DAY_MS)) return;
  const words = `${query} was accepted for ${group} before the ${days} days of its rule were over`;
  found.problem("rule-unknown", name, words, at);
}
