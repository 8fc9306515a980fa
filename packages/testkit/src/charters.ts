/** A charter for tests, from the preset of a Scottish cluster. */
import { readFileSync } from "node:fs";
import { parseCharter, PRESETS_LOCATION, type Charter } from "@cairn/charters";

const PRESET = "scottish-cluster";

/** The charter of a group, with fields of its own. */
export function groupCharter(group: string, change: Partial<Charter> = {}): Charter {
  const text = `charter: ${group}
extends: ${PRESET}
purpose: Practices of the glen learn from one another.
not_for: Performance management.
controller: Each practice for what it releases.
lawful_basis: UK GDPR article 6(1)(e).
keep_for: 60 months
review: 2027-03-31
`;
  const preset = readFileSync(new URL(`${PRESET}.yaml`, PRESETS_LOCATION), "utf8");
  const parsed = parseCharter(text, { file: "charter.yaml", presets: { [PRESET]: preset } });
  if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
  return { ...parsed.charter, ...change };
}
