/** Roles of bodies: what a body accepts counts at practices that delegate to it, once two of its people signed. */
import { createHash } from "node:crypto";
import type { Targets } from "@tufjs/models";
import { canonicalJson } from "@cairn/query-library";
import type { Acceptance } from "./acceptances.js";
import { metadataKey, publicKeyOf, type PublicKey } from "./keys.js";
import { LibraryError } from "./library-error.js";
import { LibraryRefusal } from "./refusal.js";
import { fingerprint, THRESHOLD } from "./root.js";

/** Keys of each body, by its name. */
export type BodyKeys = ReadonlyMap<string, readonly PublicKey[]>;

/** The people of a body, of whom a number must sign what it accepts. */
export interface BodyQuorum {
  readonly keys: readonly PublicKey[];
  readonly threshold: number; // of these keys have to sign
}

/** A body as a verified library has it. */
export interface Body extends BodyQuorum {
  readonly accepts: readonly Acceptance[]; // none where its role has lapsed
  /** When that expires, in milliseconds since 1970; 0 where it lapsed already. */
  readonly until: number;
  /** Why nothing that it signed counts: its role is missing, expired or not signed as it should be. */
  readonly lapsed: LibraryRefusal | null;
}

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

type Delegated = NonNullable<NonNullable<Targets["delegations"]>["roles"]>[string];

/** The body whose role it is, with its keys; null for a role that is no body's, or whose keys cannot be read. */
export function bodyOf(
  { name, keyIDs, threshold }: Delegated,
  keys: NonNullable<Targets["delegations"]>["keys"],
): readonly [string, BodyQuorum] | null {
  const body = name.replace(/^acceptances-/, "");
  if (body === name || !BODY.test(body)) return null;
  try {
    return [body, { keys: keyIDs.map((id) => publicKeyOf(keys[id]!)), threshold }];
  } catch {
    return null; // a key without name or kind is nobody's
  }
}

/** Refuses a body for which one person alone could accept. @throws LibraryRefusal library-unsigned */
export function checkBody(body: string, { keys, threshold }: BodyQuorum): void {
  const people = new Set(keys.map((key) => key.public)); // one key under two names would count twice
  if (threshold >= THRESHOLD && people.size === keys.length) return;
  throw new LibraryRefusal(
    "library-unsigned",
    `the library lets fewer than ${THRESHOLD} keys sign for ${body}`,
  );
}

/** SHA-256 over the ids of a body's keys and how many must sign, in hex: what a practice pins. */
export function bodyDigest({ keys, threshold }: BodyQuorum): string {
  const ids = keys.map((key) => metadataKey(key).keyID).sort();
  return createHash("sha256")
    .update(canonicalJson({ keys: ids, threshold }))
    .digest("hex");
}

/** The fingerprint of a body's keys, which people read aloud to one another. */
export function bodyFingerprint(quorum: BodyQuorum): string {
  return fingerprint(bodyDigest(quorum));
}

/** The fingerprint of one person's key, its name and kind included. */
export function keyFingerprint(key: PublicKey): string {
  return fingerprint(metadataKey(key).keyID);
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
