/** The charters of the demo's two groups: its signers sign them with the library, and a person at each practice accepts them. */
import { readFileSync } from "node:fs";
import { charterBytes, parseCharter, PRESETS_LOCATION } from "@cairn/charters";

const PRESET = "scottish-cluster";

/** Of no real cluster: a new question there waits 14 days for an objection, and the demo lasts two minutes. */
const RULE = "new_query: accept-signed";

const PURPOSES: Readonly<Record<string, string>> = {
  "demo-cluster": "Eight invented practices learn from one another, and show a newcomer how a cluster works.",
  "demo-board": "An invented health board supports the cluster's meeting and sees its figures as a whole.",
};

/** Charters as they are signed, by group. @throws TypeError where one does not check */
export function demoCharters(): Map<string, string> {
  const presets = { [PRESET]: readFileSync(new URL(`${PRESET}.yaml`, PRESETS_LOCATION), "utf8") };
  const year = new Date().getUTCFullYear();
  return new Map(
    Object.entries(PURPOSES).map(([group, purpose]) => {
      const text = [
        `charter: ${group}`,
        `extends: ${PRESET}`,
        `purpose: ${purpose}`,
        "lead: Morag Lead",
        "controller: Nobody, for all of it is invented.",
        "lawful_basis: None is needed, as nobody in it lives.",
        "keep_for: 12 months",
        `review: ${year + 1}-12-31`,
        RULE,
        "",
      ].join("\n");
      const parsed = parseCharter(text, { file: `${group}.yaml`, presets });
      if ("problems" in parsed) throw new TypeError(JSON.stringify(parsed.problems));
      return [group, charterBytes(parsed.charter).toString("utf8")];
    }),
  );
}
