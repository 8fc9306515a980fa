/** Checks the hub's export by itself: how its logs follow one another, and what it counts. */
import { plural, type Findings } from "../findings.js";
import type { HubSide } from "../sides.js";

/** Each log but the first begins with the last checkpoint of the one before it. */
export function checkJoints(found: Findings, { name, logs }: HubSide): void {
  const origins = new Set<string>();
  logs.forEach((log, i) => {
    const [first, ...others] = log.entries.filter((entry) => entry.kind === "log-continues");
    const before = logs[i - 1];
    if (origins.has(log.origin))
      found.problem("hub-log-joint", name, `two of its logs are called ${log.origin}`);
    origins.add(log.origin);
    if (!before) {
      if (first)
        found.problem(
          "hub-log-joint",
          name,
          "its log continues another one, which this export does not hold",
          {
            entry: first.position,
          },
        );
      return;
    }
    const holds =
      first?.position === 0 &&
      others.length === 0 &&
      first.body.old_origin === before.origin &&
      first.body.size === before.size &&
      first.body.root === before.rootAt(before.size);
    if (!holds)
      found.problem(
        "hub-log-joint",
        name,
        `the log ${log.origin} does not begin with the last checkpoint of the log before it (${before.origin}, ${plural(before.size, "entry", "entries")})`,
        { entry: 0 },
      );
    else
      found.note(
        `The hub went on in a new log (${log.origin}) at ${first.time}, as after a restore from a backup: what it had written after entry ${before.size - 1} of ${before.origin} is lost, but for what practices sent again.`,
      );
  });
}

/** One release counts for a run and its correction, at one practice that was enrolled, in all logs together. */
export function checkCounted(found: Findings, { name, entries }: HubSide): void {
  const first = new Map<string, number>();
  for (const entry of entries) {
    if (entry.kind !== "release-received") continue;
    const run = entry.body.run;
    if (entry.keeper === "")
      found.problem("release-unknown", name, "it counts a release of a practice that it never enrolled", {
        entry: entry.position,
        run,
      });
    const counted = `${run} ${entry.body.correction}`;
    const before = first.get(counted);
    if (before !== undefined)
      found.problem("release-twice", name, `it counts this release twice: at entry ${before} and here`, {
        entry: entry.position,
        run,
      });
    else first.set(counted, entry.position);
  }
}
