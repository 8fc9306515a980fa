export {
  CHARTER_ROLES,
  FEWEST_CONTRIBUTORS,
  type Asker,
  type Charter,
  type CharterRole,
  type NewQueryRule,
  type Sight,
} from "./charter.js";
export { parseCharter, type CharterOptions, type ParsedCharter } from "./parse-charter.js";
export { charterBytes, charterDigest, readCharter } from "./charter-bytes.js";
export { publishedCharters, type PublishedCharter } from "./published.js";
export { CharterError } from "./errors.js";
export { charterDraft } from "./draft.js";
export { charterDiff, widens } from "./diff.js";
export type { CharterChange } from "./fields.js";
export {
  asksQuery,
  reviewStanding,
  sightOf,
  strictestOptOuts,
  strictestRule,
  strictestSight,
} from "./compose.js";
export { strictestFloor } from "./floor.js";
export { charterText, explainCharter, partyWords, recipients, type CharterLine } from "./explain.js";
export { floorWords } from "./floor.js";
export { PRESETS_LOCATION } from "./presets.js";
