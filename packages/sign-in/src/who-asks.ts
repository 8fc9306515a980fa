/** Who asks for a page, from the session of the request. */
import type { HubPerson, PracticePerson, Visitor } from "@cairn/access";
import type { FastifyRequest } from "fastify";
import { signedInBy } from "./session.js";
import type { SignInStore } from "./store.js";

/** The person of an account: at a hub or at a practice. */
export type AccountPerson = HubPerson | PracticePerson;

/**
 * Finds out who asks. The account is read at each request, so that a person who was disabled, or is there for other
 * groups, is so at the next.
 * @returns a visitor while nobody has an account; null where it has to be found out by signing in.
 */
export async function whoAsks<P extends AccountPerson>(
  store: SignInStore<P>,
  at: P["at"],
  request: FastifyRequest,
): Promise<{ readonly person: P | Visitor; readonly provenAt: number | null } | null> {
  const id = signedInBy(request);
  if (id === null)
    return (await store.hasPeople()) ? null : { person: { at, name: null, role: "visitor" }, provenAt: null };
  const account = await store.account(id);
  if (!account || account.disabled) return null;
  return { person: account.person, provenAt: request.session.provenAt ?? null };
}

/**
 * Finds out who asks from another machine: somebody who has one-time codes, and never a visitor.
 * @returns null where it has to be found out by signing in.
 */
export async function whoAsksWithCodes<P extends AccountPerson>(
  store: SignInStore<P>,
  request: FastifyRequest,
): Promise<{ readonly person: P; readonly provenAt: number | null } | null> {
  const id = signedInBy(request);
  const account = id === null ? null : await store.account(id);
  if (!account || account.disabled || account.codeKey === null) return null;
  return { person: account.person, provenAt: request.session.provenAt ?? null };
}
