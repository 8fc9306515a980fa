/** Checks comparisons: what the hub named in its log is what each practice was given, and the same for all. */
import type { PracticeEntryOf } from "../../practice-log.js";
import { plural, type Findings } from "../findings.js";
import type { Moments } from "../moments.js";
import type { HubSide, PracticeSide } from "../sides.js";

type TakenEntry = PracticeEntryOf<"comparisonTaken">;

/** Checks that each revision of a collection's document is one in each log, and names the collection's closing. */
export function checkMade(found: Findings, { name, logs, entries }: HubSide): void {
  const closings = new Map(
    entries.flatMap((entry) =>
      entry.kind === "collection-closed" ? [[entry.index, entry.body.collection] as const] : [],
    ),
  );
  for (const log of logs) {
    const digests = new Map<string, string>();
    for (const entry of log.entries) {
      if (entry.kind !== "comparison-made") continue;
      const { collection, revision, digest, closed } = entry.body;
      const document = `${collection} ${revision}`;
      const before = digests.get(document);
      const at = { entry: entry.position };
      if (before !== undefined && before !== digest)
        found.problem("comparison-twice", name, "it made two documents of one revision that differ", at);
      digests.set(document, digest);
      if (closed !== null && closings.get(closed) !== collection)
        found.problem("comparison-unknown", name, "the closing that it names is not its collection's", at);
    }
  }
}

/** Checks that the comparisons a practice was given stand in the hub's log as the practice wrote them down. */
export function checkTaken(
  found: Findings,
  hub: HubSide,
  { name, withHub }: PracticeSide,
  moments: Moments,
): void {
  let lost = 0;
  for (const entry of withHub) {
    if (entry.kind !== "comparison-taken") continue;
    const log = hub.logs.find(({ origin }) => origin === entry.body.origin);
    const made = log?.entries[entry.body.position];
    if (made ? isSame(made, entry) : !moments.hubMustTell(entry.at)) continue;
    if (log && !made && log !== hub.logs.at(-1)) {
      lost += 1; // with the end of a log that a newer one follows
      continue;
    }
    found.problem(
      "comparison-unknown",
      name,
      `the comparison of ${entry.body.query} for ${entry.body.date} that it was given is not in the hub's log as it was then`,
      { entry: entry.position },
    );
  }
  if (lost > 0)
    found.note(
      `${name} was given ${plural(lost, "comparison")} that the hub had named where it lost its log's end: what it holds of them is theirs alone.`,
    );
}

function isSame(made: HubSide["logs"][number]["entries"][number], { body: taken }: TakenEntry): boolean {
  if (made.kind !== "comparison-made") return false;
  const { digest, group, query, version, date, revision } = made.body;
  return (
    digest === taken.digest &&
    group === taken.group &&
    query === taken.query &&
    version === taken.version &&
    date === taken.date &&
    revision === taken.revision
  );
}
