/** A request as pages read it. */
import type { GroupCharter } from "@cairn/access";
import type { FastifyReply, FastifyRequest } from "fastify";
import { takeTyped } from "./session.js";

/** The names in a path: `"/groups/:group"` has `{ group }`. */
export type ParamsOf<P extends string> = P extends `${string}/:${infer Name}/${infer Rest}`
  ? { readonly [N in Name]: string } & ParamsOf<`/${Rest}`>
  : P extends `${string}/:${infer Name}`
    ? { readonly [N in Name]: string }
    : Readonly<Record<never, never>>;

/** A form's fields as they were typed; one that was not sent, or sent twice, is undefined. */
export type FormFields = Readonly<Record<string, string | undefined>>;

/** Finds the charter that is in force for a group; null where it has none. */
export type CharterSource = (group: string) => GroupCharter | null;

export interface RequestOf<P extends string> {
  readonly params: ParamsOf<P>;
  /** What stands behind the `?`, and is there once. */
  readonly query: FormFields;
  /** The charters in force when it came. */
  readonly charters: CharterSource;
}

/** The group of an address, with its charter. */
export function groupAsked({
  params: { group },
  charters,
}: {
  readonly params: { readonly group: string };
  readonly charters: CharterSource;
}): AskedGroup {
  return { group, charter: charters(group) };
}

export interface AskedGroup {
  readonly group: string;
  readonly charter: GroupCharter | null; // in force; null where the group has none
}

/** A request for a page, which may hold forms. */
export interface PageRequestOf<P extends string> extends RequestOf<P> {
  /** Makes the token that each form of the page carries in a hidden field `_csrf`. */
  readonly token: () => string;
  /** What was typed into the page's form before its person had to sign in again; null where nothing was. */
  readonly typed: FormFields | null;
}

/** Reads a request of a path. */
export function requestOf<P extends string>(request: FastifyRequest, charters: CharterSource): RequestOf<P> {
  return { params: request.params as ParamsOf<P>, query: onlyTexts(request.query), charters };
}

/** Reads a request for a page. What was typed before is taken: it is not there a second time. */
export function pageRequestOf<P extends string>(
  request: FastifyRequest,
  reply: FastifyReply,
  asked: RequestOf<P>,
): PageRequestOf<P> {
  const typed = hasSessions(request) ? takeTyped(request) : null;
  return { ...asked, token: () => reply.generateCsrf(), typed };
}

/** A site where nobody can sign in yet has none: there, every reader is a visitor. */
function hasSessions({ session }: { readonly session?: unknown }): boolean {
  return session !== undefined;
}

/** Those fields of an object that are text. A field that was sent twice is none. */
export function onlyTexts(fields: unknown): FormFields {
  if (typeof fields !== "object" || fields === null) return {};
  const texts = Object.entries(fields).filter(
    (each): each is [string, string] => typeof each[1] === "string",
  );
  return Object.fromEntries(texts);
}
