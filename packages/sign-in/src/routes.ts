/** The three ways to declare a route: a page, a form that is sent, and what is open to everybody. */
import { may, type ObjectOf, type ActionOf, type PersonOf, type ViewingAction } from "@cairn/access";
import { textOf, type Markup } from "@cairn/text";
import type { FastifyReply, FastifyRequest } from "fastify";
import { onlyTexts, requestOf, type RequestOf } from "./request.js";
import type { Side, Site } from "./site.js";

/** A page; where it shows numbers, with what was looked at in it, which is logged before it is sent. */
export type ShownOf<A, V> = A extends ViewingAction
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
    request: RequestOf<P>,
  ) => Promise<ShownOf<A, V> | null> | ShownOf<A, V> | null;
}

/** Declares a page: shown by GET to whoever may do its action. */
export function page<S extends Side, V, A extends ActionOf<S>, const P extends string>(
  site: Site<S, V>,
  spec: PageSpec<S, V, A, P>,
): void {
  site.app.get(spec.path, { config: { rule: { action: spec.action } } }, async (request, reply) => {
    const asked = requestOf<P>(request);
    const person = await allowed(site, spec, request, reply);
    if (!person) return reply;
    const shown = await spec.show(person, asked);
    if (shown === null) return send(reply.code(404), site.missing());
    if ("viewed" in shown) for (const each of shown.viewed) await site.logViewing(person, each);
    return send(reply, shown.page);
  });
}

/** A file to take away. */
export interface FileToTake {
  readonly name: string; // letters, digits, dots and dashes
  readonly type: string; // of its content
  readonly content: string;
}

export interface FileSpec<S extends Side, V, A extends ActionOf<S>, P extends string> extends RouteSpec<
  S,
  A,
  P
> {
  /** @returns null where there is no such file */
  readonly take: (
    person: PersonOf<S>,
    request: RequestOf<P>,
  ) => Promise<{ readonly file: FileToTake; readonly viewed: readonly V[] } | null>;
}

/** Declares a file: sent by GET to whoever may do its action, after what is in it was logged as looked at. */
export function file<S extends Side, V, A extends ActionOf<S>, const P extends string>(
  site: Site<S, V>,
  spec: FileSpec<S, V, A, P>,
): void {
  site.app.get(spec.path, { config: { rule: { action: spec.action } } }, async (request, reply) => {
    const person = await allowed(site, spec, request, reply);
    if (!person) return reply;
    const taken = await spec.take(person, requestOf<P>(request));
    if (taken === null) return send(reply.code(404), site.missing());
    for (const each of taken.viewed) await site.logViewing(person, each);
    const { name, type, content } = taken.file;
    return reply.type(type).header("content-disposition", `attachment; filename="${name}"`).send(content);
  });
}

/** A form's fields as they were typed; one that was not sent, or sent twice, is undefined. */
export type FormFields = Readonly<Record<string, string | undefined>>;

/** The outcome of a form: another page to go to, or the page again with what is wrong in it. */
export type FormOutcome =
  { readonly goTo: string } | { readonly page: Markup; readonly status: 400 | 403 | 409 | 422 };

export interface FormSpec<S extends Side, A extends ActionOf<S>, P extends string> extends RouteSpec<
  S,
  A,
  P
> {
  /** @returns null where there is nothing at this address */
  readonly send: (
    person: PersonOf<S>,
    request: RequestOf<P>,
    fields: FormFields,
  ) => Promise<FormOutcome | null> | FormOutcome | null;
}

/** Declares a form: sent by POST by whoever may do its action. */
export function form<S extends Side, V, A extends ActionOf<S>, const P extends string>(
  site: Site<S, V>,
  spec: FormSpec<S, A, P>,
): void {
  site.app.post(spec.path, { config: { rule: { action: spec.action } } }, async (request, reply) => {
    const person = await allowed(site, spec, request, reply);
    if (!person) return reply;
    const outcome = await spec.send(person, requestOf<P>(request), onlyTexts(request.body));
    if (outcome === null) return send(reply.code(404), site.missing());
    if ("goTo" in outcome) return reply.redirect(outcome.goTo, 303);
    return send(reply.code(outcome.status), outcome.page);
  });
}

/** Declares an address that answers everybody, with the reason why it may. */
export function open<S extends Side, V>(
  site: Site<S, V>,
  spec: {
    readonly path: string;
    readonly why: string;
    readonly answer: (request: FastifyRequest, reply: FastifyReply) => unknown;
  },
): void {
  site.app.get(spec.path, { config: { rule: { open: spec.why } } }, spec.answer);
}

/** Who asks, where they may; else null, with the reply sent. */
async function allowed<S extends Side, V, A extends ActionOf<S>, P extends string>(
  site: Site<S, V>,
  { action, about }: RouteSpec<S, A, P>,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<PersonOf<S> | null> {
  const person = await site.who(request);
  if (!person) {
    await site.askToSignIn(request, reply);
    return null;
  }
  const answer = may(person, action, about(requestOf<P>(request)));
  if (answer.allowed) return person;
  send(reply.code(403), site.refused(answer.why));
  return null;
}

/** Sends a page. */
export function send(reply: FastifyReply, markup: Markup): FastifyReply {
  return reply.type("text/html; charset=utf-8").send(textOf(markup));
}
