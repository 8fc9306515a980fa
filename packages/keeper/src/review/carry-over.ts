/**
 * Carries over a store from before groups were accepted: groups that asked and were answered go on, and the log says
 * why.
 */
import { actor, practiceLog } from "@cairn/ledger";
import { giveUse } from "../releases/uses.js";
import { requestsOf } from "../runs/requests.js";
import { runsInState, touchRun } from "../runs/run.js";
import type { Change } from "../store/store.js";
import { setMembership } from "../approvals/groups.js";
import { isDeclined } from "../approvals/offers.js";
import { setSetting, setting } from "../store/settings.js";

const BY = actor("carried over from before groups were accepted");

/**
 * Makes the practice a member of every group whose query it had accepted, that it has a rule for or has released for,
 * and gives that group the use of what the hub acknowledged, unless the query was declined since. Once in a store's life.
 */
export function carryOver(change: Change): void {
  if (setting(change, "groups-accepted") === "yes") return;
  setSetting(change, "groups-accepted", "yes");
  const known = change.db
    .prepare<[], { grp: string }>(
      `SELECT grp FROM offered WHERE accepted_at IS NOT NULL
       UNION SELECT grp FROM rule WHERE grp <> 'any'
       UNION SELECT grp FROM request WHERE run IN (SELECT run FROM release) ORDER BY grp`,
    )
    .all();
  for (const { grp: group } of known) {
    if (setMembership(change, group, "joined")) change.note(practiceLog.groupJoined, { group, by: BY });
  }
  for (const run of runsInState(change, "acknowledged")) {
    for (const request of requestsOf(change, run.run)) {
      if (isDeclined(change, run.query, request.group)) continue; // nothing is signed for what was declined since
      giveUse(change, run, request, { handed: true, acknowledged: true }); // the hub holds the release for this group
    }
    touchRun(change, run.run);
  }
}
