/** Accepts the charter of a group: a person does, or a rule where the newer version widens nothing. */
import { widens } from "@cairn/charters";
import { actor, practiceLog, type Actor } from "@cairn/ledger";
import type { Change } from "../store/store.js";
import { libraryExpired } from "../trust/expiry.js";
import { acceptedCharter, charterInForce, charterWaits } from "./charters.js";
import { allGroups } from "./groups.js";
import { ruleText } from "./rules.js";

/** Who accepts a version that widens nothing. */
const BY_RULE = actor("rule: a charter that widens nothing");

/** Accepts the charter in force and logs who did. @returns false where there is none that waits */
export function acceptCharter(change: Change, group: string, by: Actor): boolean {
  if (!charterWaits(change, group)) return false;
  change.db
    .prepare(
      `INSERT OR REPLACE INTO charter_accepted (grp, digest, bytes, accepted_at, by)
       SELECT grp, digest, bytes, ?, ? FROM charter WHERE grp = ?`,
    )
    .run(BigInt(change.now()), by, group);
  const accepted = acceptedCharter(change, group)!;
  const rule = ruleText(accepted.charter.newQuery);
  change.note(practiceLog.charterAccepted, { group, charter: accepted.digest.toString("hex"), rule, by });
  return true;
}

/** Accepts by rule what widens nothing for groups that the practice is in, while the library is in time. */
export function takeNarrowedCharters(change: Change): void {
  if (libraryExpired(change)) return;
  for (const { group, state } of allGroups(change)) {
    if (state !== "joined" || !charterWaits(change, group)) continue;
    const accepted = acceptedCharter(change, group);
    const inForce = charterInForce(change, group);
    if (accepted && inForce && !widens(accepted.charter, inForce.charter))
      acceptCharter(change, group, BY_RULE);
  }
}
