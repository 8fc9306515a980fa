export {
  HUB_ROLES,
  PRACTICE_ROLES,
  isHubRole,
  isPracticeRole,
  type HubRole,
  type PracticeRole,
} from "./roles.js";
export {
  ACTIONS,
  type Action,
  type ActionOf,
  type CharteredAction,
  type HubAction,
  type PracticeAction,
  type ViewingAction,
} from "./actions.js";
export {
  may,
  roleWords,
  namedTo,
  rolesWithNames,
  isSeenAtPractices,
  type ObjectOf,
  type Answer,
  type HubPerson,
  type Person,
  type PersonOf,
  type PracticePerson,
  type Visitor,
} from "./may.js";
export type { CharterRole, CharterSight, GroupCharter } from "./charter.js";
export { mayGive } from "./commands.js";
export { rightsOf, type RoleRights } from "./rights.js";
