/** Uses: what a group may see is what the practice signed for it, and no group sees more. */
import { nameOf, releaseName, type Findings } from "../findings.js";
import type { HubSide, PracticeSide } from "../sides.js";

/**
 * Checks uses: each use or end in the hub's log is in the practice's log (`checkSent`), and is of a release that the
 * hub has. From its first use on, the hub counts no release of a practice that signs uses without one.
 */
export function checkUses(found: Findings, hub: HubSide, practice: PracticeSide): void {
  const received = new Set(
    hub.entries.flatMap((entry) => (entry.kind === "release-received" ? releaseName(entry) : [])),
  );
  const ended = new Set<string>();
  for (const entry of hub.entries) {
    if (entry.keeper !== practice.rawKey) continue;
    if (entry.kind === "use-ended") ended.add(nameOf("", entry));
    if (entry.kind !== "use-received") continue;
    const at = { entry: entry.position, run: entry.body.run };
    if (!received.has(releaseName(entry)))
      found.problem("use-unknown", hub.name, `it tells of a use of a release that it does not have`, at);
  }
  checkEnds(found, hub, practice, ended);
}

/** Checks that a use which the practice ended, and whose receipt it holds, is ended at the hub. */
function checkEnds(
  found: Findings,
  hub: HubSide,
  { withHub, name }: PracticeSide,
  ended: ReadonlySet<string>,
): void {
  for (const entry of withHub) {
    if (entry.kind !== "use-receipt" || !entry.body.ended) continue;
    if (ended.has(nameOf("", entry)) || hub.logs.length > 1) continue;
    found.problem(
      "use-unknown",
      hub.name,
      `it does not tell that ${name} ended the use of ${entry.body.group}`,
      {
        run: entry.body.run,
      },
    );
  }
}
