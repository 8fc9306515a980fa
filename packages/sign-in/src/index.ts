export { file, form, open, page, send, type FormFields, type FormOutcome, type PageSpec } from "./routes.js";
export { type RequestOf } from "./request.js";
export { siteOf, type RouteRule, type Site, type SiteRoute, type SiteSpec } from "./site.js";
