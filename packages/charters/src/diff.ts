/** The differences between two versions of a charter, and whether the later needs a person's yes. */
import { canonicalJson } from "@cairn/query-library";
import type { Charter } from "./charter.js";
import { written } from "./charter-bytes.js";
import { FIELD_NAMES, FIELDS, type CharterChange } from "./fields.js";

/** Every field that differs, in the order of a charter's file; empty where the two are one charter. */
export function charterDiff(from: Charter, to: Charter): CharterChange[] {
  return FIELD_NAMES.flatMap((name) => differences(name, from, to));
}

/** Whether a new version widens anything, so that no rule accepts it: a person at the practice does. */
export function widens(from: Charter, to: Charter): boolean {
  return charterDiff(from, to).some((change) => change.widens);
}

function differences<K extends keyof Charter>(field: K, from: Charter, to: Charter): CharterChange[] {
  if (canonicalJson(written(from, field)) === canonicalJson(written(to, field))) return [];
  return FIELDS[field].differences(from[field], to[field]).map((one) => ({
    field: FIELDS[field].key,
    ...one,
  }));
}
