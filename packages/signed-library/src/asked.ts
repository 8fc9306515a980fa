/** Who is asked to sign what waits, and who has. */
import type { Metadata, Root, Targets } from "@tufjs/models";
import { bodiesOf } from "./delegation.js";
import { bodyRolesOf, rootOf, targetsOf, type LibraryFolder } from "./folder.js";
import { metadataKey, publicKeyOf, type PublicKey } from "./keys.js";
import type { SignerKeys } from "./metadata.js";

import { THRESHOLD } from "./root.js";

/** Some keys, of which a number must sign. */
interface Quorum {
  readonly of: readonly PublicKey[];
  readonly needed: number;
}

/** One metadata file with those who are asked to sign it. */
interface Asked {
  readonly file: string;
  readonly role: string; // root, targets, acceptances-<body>
  readonly metadata: Metadata<Root> | Metadata<Targets>;
  readonly quorums: readonly Quorum[];
  readonly signed: readonly PublicKey[];
}

/** Signatures that a file lacks: so many more, of any of these people. */
export interface MissingSignatures {
  readonly file: string;
  readonly needed: number;
  readonly of: readonly string[];
}

/** The keys that a root names, by role. @throws LibraryError key-wrong */
export function signerKeys({ signed: { keys, roles } }: Metadata<Root>): SignerKeys {
  const of = (role: string): PublicKey[] =>
    (roles[role]?.keyIDs ?? []).flatMap((id) => (keys[id] ? [publicKeyOf(keys[id])] : []));
  return { root: of("root"), targets: of("targets"), online: of("timestamp")[0]! };
}

/** Everything that must be signed for the folder to be published, what is published already included. */
export function askedOf(folder: LibraryFolder): Asked[] {
  const root = rootOf(folder);
  const keys = signerKeys(root);
  const before = folder.next.root && folder.published.root ? [signerKeys(folder.published.root).root] : [];
  const asked = [asking("root", root, [...before, keys.root].map(twoOf))];
  const targets = targetsOf(folder);
  if (!targets) return asked;
  const kinds = (["clinical", "governance"] as const).map((kind) => ({
    of: keys.targets.filter((key) => key.kind === kind),
    needed: 1,
  }));
  asked.push(asking("targets", targets, kinds));
  const bodies = bodiesOf(targets.signed);
  for (const [role, metadata] of bodyRolesOf(folder))
    asked.push(asking(role, metadata, [twoOf(bodies.get(role.replace(/^acceptances-/, "")) ?? [])]));
  return asked;
}

function twoOf(of: readonly PublicKey[]): Quorum {
  return { of, needed: THRESHOLD };
}

function asking(role: string, metadata: Asked["metadata"], quorums: readonly Quorum[]): Asked {
  const all = new Map(quorums.flatMap(({ of }) => of).map((key) => [metadataKey(key).keyID, key]));
  const signed = [...all.values()].filter((key) => hasSigned(metadata, key));
  return { file: `${metadata.signed.version}.${role}.json`, role, metadata, quorums, signed };
}

/** Whether metadata bears a good signature of a key. */
export function hasSigned(metadata: Asked["metadata"], key: PublicKey): boolean {
  try {
    metadataKey(key).verifySignature(metadata);
    return true;
  } catch {
    return false; // none, or one of other bytes
  }
}

/** Signatures that a file still lacks. */
export function missingOf({ file, quorums, signed }: Asked): MissingSignatures[] {
  const have = new Set(signed.map((key) => key.public));
  return quorums.flatMap(({ of, needed }) => {
    const lacking = needed - of.filter((key) => have.has(key.public)).length;
    const others = of.filter((key) => !have.has(key.public)).map(({ name }) => name);
    return lacking > 0 ? [{ file, needed: lacking, of: others }] : [];
  });
}
