export {
  file,
  form,
  open,
  openForm,
  page,
  recently,
  send,
  type FormOutcome,
  type FormSpec,
  type PageSpec,
} from "./routes.js";
export {
  groupAsked,
  onlyTexts,
  type AskedGroup,
  type CharterSource,
  type FormFields,
  type PageRequestOf,
  type RequestOf,
} from "./request.js";
export {
  siteOf,
  type KnownPerson,
  type RouteRule,
  type Site,
  type SiteRoute,
  type SiteSpec,
} from "./site.js";
export {
  beginSession,
  begunIn,
  formToken,
  keepBegun,
  startSessions,
  takeBegun,
  type SessionSettings,
} from "./session.js";
export { whoAsks, whoAsksWithCodes, type AccountPerson } from "./who-asks.js";
export { wayIn, localPath, type WayInSettings } from "./way-in.js";
export { firstVisit } from "./first-visit.js";
export { digestOf, LINK_LIVES_HOURS, newLink } from "./one-time-link.js";
export { codeAt } from "./one-time-code.js";
export type { Account, OneTimeLink, SignInStore, SignInWay, StoredSession } from "./store.js";
export { addressLimit, timeLimit, type AddressLimit } from "./address-limit.js";
export { Refusals } from "./refusals.js";
