/** A request as pages read it. */
import type { FastifyRequest } from "fastify";

/** The names in a path: `"/groups/:group"` has `{ group }`. */
export type ParamsOf<P extends string> = P extends `${string}/:${infer Name}/${infer Rest}`
  ? { readonly [N in Name]: string } & ParamsOf<`/${Rest}`>
  : P extends `${string}/:${infer Name}`
    ? { readonly [N in Name]: string }
    : Readonly<Record<never, never>>;

export interface RequestOf<P extends string> {
  readonly params: ParamsOf<P>;
  /** What stands behind the `?`, and is there once. */
  readonly query: Readonly<Record<string, string | undefined>>;
}

/** Reads a request of a path. */
export function requestOf<P extends string>(request: FastifyRequest): RequestOf<P> {
  return { params: request.params as ParamsOf<P>, query: onlyTexts(request.query) };
}

/** Those fields of an object that are text. A field that was sent twice is none. */
export function onlyTexts(fields: unknown): Readonly<Record<string, string | undefined>> {
  if (typeof fields !== "object" || fields === null) return {};
  const texts = Object.entries(fields).filter(
    (each): each is [string, string] => typeof each[1] === "string",
  );
  return Object.fromEntries(texts);
}
