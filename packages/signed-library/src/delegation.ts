/** Roles of bodies: what a body accepts counts at practices that delegate to it, once two of its people signed. */
import type { Targets } from "@tufjs/models";
import { metadataKey, publicKeyOf, type PublicKey } from "./keys.js";
import { LibraryError } from "./library-error.js";

import { THRESHOLD } from "./root.js";

/** Keys of each body, by its name. */
export type BodyKeys = ReadonlyMap<string, readonly PublicKey[]>;

const BODY = /^[a-z0-9][a-z0-9-]{0,59}$/;

/** The name of a body's role. @throws LibraryError name-wrong */
export function bodyRole(body: string): string {
  if (!BODY.test(body))
    throw new LibraryError("name-wrong", `"${body}" is not a name for a body: use a-z, 0-9 and -`);
  return `acceptances-${body}`;
}

/** The path of the one target that a body's role may sign. */
export function acceptancesPath(body: string): string {
  return `acceptances/${body}.json`;
}

/** Delegations as metadata writes them. */
type Delegations = Parameters<typeof Targets.fromJSON>[0];

/** The delegations of targets, one level deep; undefined for none. */
export function delegationsTo(bodies: BodyKeys): Delegations | undefined {
  if (bodies.size === 0) return undefined;
  const keys = [...bodies.values()].flat().map(metadataKey);
  return {
    keys: Object.fromEntries(keys.map((key) => [key.keyID, key.toJSON()])),
    roles: [...bodies].map(([body, own]) => ({
      name: bodyRole(body),
      keyids: own.map((key) => metadataKey(key).keyID),
      threshold: THRESHOLD,
      terminating: true,
      paths: [acceptancesPath(body)],
    })),
  };
}

/** The bodies to which targets delegate, with their keys. */
export function bodiesOf({ delegations }: Targets): Map<string, PublicKey[]> {
  return new Map(
    Object.values(delegations?.roles ?? {}).map(({ name, keyIDs }) => [
      name.replace(/^acceptances-/, ""),
      keyIDs.map((id) => publicKeyOf(delegations!.keys[id]!)),
    ]),
  );
}
