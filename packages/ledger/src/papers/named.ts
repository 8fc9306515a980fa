/** The practices that consent to be named in a group, for papers: each with whom, and until when. */
import { longDate } from "@cairn/text";
import { ConsentHistory } from "../consent-history.js";
import { HubNames } from "../report/hub-names.js";
import { whomWords } from "../report/lines.js";
import type { GivenHub } from "./given.js";
import { isBy } from "./period.js";

/**
 * "Ash, to supporters, until 31 March 2027", by name.
 * @param to the last day that counts, ISO; null for that of the log's last entry
 */
export function namedWords({ entries }: GivenHub, group: string, to: string | null = null): string[] {
  const [consents, names] = [new ConsentHistory(), new HubNames(entries)];
  for (const entry of entries) {
    if (!isBy(entry, { from: null, to })) continue;
    consents.learn(entry);
    if (entry.kind !== null) names.learn(entry);
  }
  return consents
    .standing(group, to ?? entries.at(-1)?.time.slice(0, 10) ?? "")
    .map(
      ({ practice, to: whom, until }) =>
        `${names.practice(practice)}, to ${whomWords(whom)}, until ${longDate(until)}`,
    )
    .toSorted();
}
