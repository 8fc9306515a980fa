/** A site: pages of which each has a rule. A route without one cannot be registered. */
import type { PersonOf } from "@cairn/access";
import type { Markup } from "@cairn/text";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { CharterSource, FormFields } from "./request.js";

export type Side = "hub" | "practice";

/** The rule of a route: the action that it is and what that is done to, or why it is open to everybody. */
export type RouteRule =
  { readonly action: string; readonly about: (request: AskedAddress) => object } | { readonly open: string };

/** What stands in an address, and the charters of its moment. */
interface AskedAddress {
  readonly params: FormFields;
  readonly query: FormFields;
  readonly charters: CharterSource;
}

declare module "fastify" {
  interface FastifyContextConfig {
    rule?: RouteRule;
  }
}

/** The answers of one process to whoever asks for a page. V is what a look at numbers is logged with. */
export interface SiteSpec<S extends Side, V> {
  /** Finds out who asks: a person, a visitor while nobody has an account, or null for nobody known. */
  readonly who: (request: FastifyRequest) => Promise<KnownPerson<S> | null>;
  readonly now: () => number; // milliseconds since 1970
  /** The charters in force, as they stand when a request comes. */
  readonly charters: () => Promise<CharterSource>;
  /** The page that says why this person may not. */
  readonly refused: (why: string) => Markup;
  /** The page that says that there is no such page. @param address as it was asked for, where that may help */
  readonly missing: (address?: string) => Markup;
  /** Folders of files that everybody may have, each with the reason: "/assets/". */
  readonly openFolders: Readonly<Record<string, string>>;
  /** Writes a look at numbers into the log, before they are shown. */
  readonly logViewing: (person: PersonOf<S>, viewed: V) => Promise<void>;
}

export interface KnownPerson<S extends Side> {
  readonly person: PersonOf<S>;
  /** When they last proved who they are, milliseconds since 1970; null of a visitor, or where that is not known. */
  readonly provenAt: number | null;
}

export interface Site<S extends Side, V> extends SiteSpec<S, V> {
  readonly app: FastifyInstance;
  readonly routes: readonly SiteRoute[];
}

export interface SiteRoute {
  readonly method: string;
  readonly path: string;
  readonly rule: RouteRule;
}

/**
 * Makes a site of an app that has no route yet.
 * @throws Error, later, from whoever registers a route without a rule: the server then does not start.
 */
export function siteOf<S extends Side, V>(app: FastifyInstance, spec: SiteSpec<S, V>): Site<S, V> {
  const routes: SiteRoute[] = [];
  app.addHook("onRoute", ({ method, url, config }) => {
    const [, why] = Object.entries(spec.openFolders).find(([folder]) => url.startsWith(folder)) ?? [];
    for (const each of [method].flat()) {
      const rule = config?.rule ?? (why !== undefined && isReading(each) ? { open: why } : undefined);
      if (!rule) throw new Error(`${each} ${url} has no rule: declare the route with page, form or open`);
      routes.push({ method: each, path: url, rule });
    }
  });
  return { ...spec, app, routes };
}

function isReading(method: string): boolean {
  return method === "GET" || method === "HEAD";
}
