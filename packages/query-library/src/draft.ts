import type { Query } from "./query.js";

/** A query that has been read and has no digest yet: the input of the checks. */
export type Draft = Query extends infer Q ? (Q extends Query ? Omit<Q, "digest"> : never) : never;
