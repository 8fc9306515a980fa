/** The ways to declare a route: a page or a form with its action, and what is open to everybody. */
import { ACTIONS, may, type ActionOf, type ObjectOf, type PersonOf, type ViewingAction } from "@cairn/access";
import { textOf, type Markup, type Need } from "@cairn/text";
import type { FastifyReply, FastifyRequest } from "fastify";
import {
  onlyTexts,
  pageRequestOf,
  requestOf,
  type FormFields,
  type PageRequestOf,
  type RequestOf,
} from "./request.js";
import type { AddressLimit } from "./address-limit.js";
import { isForged, keepTyped, RECENT_MS } from "./session.js";
import { allowedTo } from "./reader.js";
import type { KnownPerson, RouteRule, Side, Site } from "./site.js";

/** A page; where it shows numbers, with what was looked at in it, which is logged before it is sent. */
type ShownOf<A, V> = A extends ViewingAction
  ? { readonly page: Markup; readonly viewed: readonly V[] }
  : { readonly page: Markup };

interface RouteSpec<S extends Side, A extends ActionOf<S>, P extends string> {
  readonly path: P;
  readonly action: A;
  readonly about: (request: RequestOf<P>) => ObjectOf<A>;
}

export interface PageSpec<S extends Side, V, A extends ActionOf<S>, P extends string> extends RouteSpec<
  S,
  A,
  P
> {
  /** @returns null where there is no such page */
  readonly show: (
    person: PersonOf<S>,
    request: PageRequestOf<P>,
  ) => Promise<ShownOf<A, V> | null> | ShownOf<A, V> | null;
}

/** Declares a page: shown by GET to whoever may do its action. */
export function page<S extends Side, V, A extends ActionOf<S>, const P extends string>(
  site: Site<S, V>,
  spec: PageSpec<S, V, A, P>,
): void {
  site.app.get(spec.path, { config: { rule: ruleOf(spec) } }, async (request, reply) => {
    const charters = await site.charters();
    const asked = requestOf<P>(request, charters);
    const person = await allowed(site, spec, asked, { request, reply, from: request.url });
    if (!person) return reply;
    const shown = await spec.show(person, pageRequestOf(request, reply, asked));
    const may = allowedTo(site, person, charters);
    if (shown === null) return send(reply.code(404), site.missing(request.url), may);
    if ("viewed" in shown) for (const each of shown.viewed) await site.logViewing(person, each);
    return send(reply, shown.page, may);
  });
}

/** A file to take away. */
interface PageFile {
  readonly name: string; // letters, digits, dots and dashes
  readonly type: string; // of its content
  readonly content: string;
}

interface FileSpec<S extends Side, V, A extends ActionOf<S>, P extends string> extends RouteSpec<S, A, P> {
  /** @returns null where there is no such file */
  readonly take: (
    person: PersonOf<S>,
    request: RequestOf<P>,
  ) => Promise<{ readonly file: PageFile; readonly viewed: readonly V[] } | null>;
}

/** Declares a file: sent by GET to whoever may do its action, after what is in it was logged as looked at. */
export function file<S extends Side, V, A extends ActionOf<S>, const P extends string>(
  site: Site<S, V>,
  spec: FileSpec<S, V, A, P>,
): void {
  site.app.get(spec.path, { config: { rule: ruleOf(spec) } }, async (request, reply) => {
    const asked = requestOf<P>(request, await site.charters());
    const person = await allowed(site, spec, asked, { request, reply, from: request.url });
    if (!person) return reply;
    const taken = await spec.take(person, asked);
    if (taken === null) return send(reply.code(404), site.missing());
    for (const each of taken.viewed) await site.logViewing(person, each);
    const { name, type, content } = taken.file;
    return reply.type(type).header("content-disposition", `attachment; filename="${name}"`).send(content);
  });
}

/** The outcome of a form: another page to go to, or a page: what was looked for (200), or the form with what is wrong. */
export type FormOutcome =
  | { readonly goTo: string }
  | { readonly page: Markup; readonly status: 200 | 400 | 403 | 404 | 409 | 422 | 429 };

/** The page again, which shows numbers: with what was looked at in it, which is logged before it is sent. */
type NumbersAgain<V> = Extract<FormOutcome, { readonly page: Markup }> & { readonly viewed: readonly V[] };

export interface FormSpec<S extends Side, V, A extends ActionOf<S>, P extends string> extends RouteSpec<
  S,
  A,
  P
> {
  /**
   * The address of the page that holds the form: its person comes back there after signing in again. Of the fields it
   * holds those alone that an address may: none that was typed.
   */
  readonly from: (request: RequestOf<P>, fields: FormFields) => string;
  /** @returns null where there is nothing at this address */
  readonly send: (
    person: PersonOf<S>,
    request: RequestOf<P>,
    fields: FormFields,
  ) => Promise<FormOutcome | NumbersAgain<V> | null> | FormOutcome | NumbersAgain<V> | null;
}

/**
 * Declares a form: sent by POST by whoever may do its action, with the token of its page. Where somebody has to sign in
 * (again) for it, what was typed is kept for the page that holds it.
 */
export function form<S extends Side, V, A extends ActionOf<S>, const P extends string>(
  site: Site<S, V>,
  spec: FormSpec<S, V, A, P>,
): void {
  site.app.post(spec.path, { config: { rule: ruleOf(spec) } }, async (request, reply) => {
    if (isForged(site.app, request)) return forged(site, reply);
    const charters = await site.charters();
    const asked = requestOf<P>(request, charters);
    const fields = onlyTexts(request.body);
    const from = spec.from(asked, fields);
    const keep = (): void => keepTyped(request, from, fields);
    const person = await allowed(site, spec, asked, { request, reply, from, keep });
    if (!person) return reply;
    const came = await spec.send(person, asked, fields);
    if (came && "viewed" in came) for (const each of came.viewed) await site.logViewing(person, each);
    return outcome(site, reply, came, allowedTo(site, person, charters));
  });
}

interface OpenSpec {
  readonly path: string;
  /** The reason why everybody may. */
  readonly why: string;
  /** How often one address may; without a limit where the answer keeps nothing. */
  readonly limit?: AddressLimit;
}

/** Declares an address that answers everybody, with the reason why it may. */
export function open<S extends Side, V>(
  { app }: Pick<Site<S, V>, "app">,
  spec: OpenSpec & { readonly answer: (request: FastifyRequest, reply: FastifyReply) => unknown },
): void {
  app.get(spec.path, { config: { rule: { open: spec.why } } }, async (request, reply) => {
    const refused = await spec.limit?.(request);
    return refused ? send(reply.code(429), refused) : spec.answer(request, reply);
  });
}

/** Declares a form that everybody may send, with the token of its page: the way in has no person yet. */
export function openForm<S extends Side, V>(
  site: Site<S, V>,
  spec: OpenSpec & {
    readonly send: (
      request: FastifyRequest,
      fields: FormFields,
      reply: FastifyReply,
    ) => Promise<FormOutcome | null>;
  },
): void {
  site.app.post(spec.path, { config: { rule: { open: spec.why } } }, async (request, reply) => {
    if (isForged(site.app, request)) return forged(site, reply);
    const refused = await spec.limit?.(request);
    if (refused) return send(reply.code(429), refused);
    return outcome(site, reply, await spec.send(request, onlyTexts(request.body), reply));
  });
}

/** The rule of a route as the site keeps it, which reads an address as the route itself does. */
function ruleOf<S extends Side, A extends ActionOf<S>, P extends string>({
  action,
  about,
}: RouteSpec<S, A, P>): RouteRule {
  return { action, about: (asked) => about(asked as RequestOf<P>) };
}

interface Coming {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  /** The page to come back to after signing in. */
  readonly from: string;
  /** Keeps what was typed meanwhile. */
  readonly keep?: () => void;
}

/** Who asks, where they may; else null, with the reply sent. */
async function allowed<S extends Side, V, A extends ActionOf<S>, P extends string>(
  site: Site<S, V>,
  { action, about }: RouteSpec<S, A, P>,
  asked: RequestOf<P>,
  { request, reply, from, keep = () => undefined }: Coming,
): Promise<PersonOf<S> | null> {
  const known = await site.who(request);
  if (!known) {
    keep();
    reply.redirect(signInAddress(from), 303);
    return null;
  }
  const answer = may(known.person, action, about(asked));
  if (!answer.allowed) {
    send(reply.code(403), site.refused(answer.why), allowedTo(site, known.person, asked.charters));
    return null;
  }
  if (!("recent" in ACTIONS[action]) || recently(site, known)) return known.person;
  keep();
  reply.redirect(`${signInAddress(from)}&again=yes`, 303);
  return null;
}

/** Has this person proved who they are within the last minutes? What matters asks for it. */
export function recently<S extends Side>(
  { now }: { readonly now: () => number },
  { provenAt }: KnownPerson<S>,
): boolean {
  return provenAt !== null && now() - provenAt <= RECENT_MS;
}

function signInAddress(from: string): string {
  return `/sign-in?to=${encodeURIComponent(from)}`;
}

const FORGED =
  "This form did not come from a page that was shown to you here, or that page is a day old. Go back, load the page again and send the form once more.";

function forged<S extends Side, V>(site: Site<S, V>, reply: FastifyReply): FastifyReply {
  return send(reply.code(403), site.refused(FORGED));
}

function outcome<S extends Side, V>(
  site: Site<S, V>,
  reply: FastifyReply,
  came: FormOutcome | null,
  allowed?: (need: Need) => boolean,
): FastifyReply {
  if (came === null) return send(reply.code(404), site.missing(), allowed);
  if ("goTo" in came) return reply.redirect(came.goTo, 303);
  return send(reply.code(came.status), came.page, allowed);
}

/** Sends a page. @param allowed what its reader is allowed; everything, where nobody knows yet who reads it */
export function send(reply: FastifyReply, markup: Markup, allowed?: (need: Need) => boolean): FastifyReply {
  return reply.type("text/html; charset=utf-8").send(textOf(markup, allowed));
}
