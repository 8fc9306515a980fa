/** Cairn's own rules for a root, beyond the framework's: two people, and two kinds of signature. */
import { createHash } from "node:crypto";
import type { Metadata, Root, Targets } from "@tufjs/models";
import { TrustedMetadataStore } from "tuf-js/dist/store.js";
import { KEY_KIND, KEY_NAME, NAME, type KeyKind } from "./keys.js";
import { LibraryRefusal } from "./refusal.js";
import { isStill, step } from "./step.js";

/** Keys that root and targets must each ask for. */
export const THRESHOLD = 2;

/**
 * Reads the root that a person says is to be trusted, and checks it by itself.
 * @throws LibraryRefusal
 */
export function readRoot(bytes: Uint8Array): Root {
  // Made of a root alone, the store checks that it is signed by itself.
  const root = step("the root", () => new TrustedMetadataStore(Buffer.from(bytes)).root.signed);
  checkRoot(root);
  return root;
}

/** The fingerprint of a root, which people read aloud to one another. */
export function rootFingerprint(bytes: Uint8Array): string {
  return fingerprint(createHash("sha256").update(bytes).digest("hex"));
}

/** The first 80 bits of a digest in hex, in groups of four. */
export function fingerprint(digest: string): string {
  return (digest.slice(0, 20).toUpperCase().match(/.{4}/g) ?? []).join("-");
}

/** The signers that a root names, a line for each key: "Dr Ann Example: clinical". @throws LibraryRefusal */
export function signersOfRoot(bytes: Uint8Array): string[] {
  const root = readRoot(bytes);
  return Object.values(root.keys).map(({ keyID, unrecognizedFields = {} }) => {
    const roles = Object.keys(root.roles).filter((role) => root.roles[role]!.keyIDs.includes(keyID));
    return `${printed(unrecognizedFields[KEY_NAME]) ?? keyID.slice(0, 8)}: ${roles.join(", ")}`;
  });
}

/** A name in metadata as it can be printed; null where it is none. */
function printed(name: unknown): string | null {
  return typeof name === "string" && NAME.test(name) ? name : null;
}

/** Refuses a root that one person alone could sign with, or whose targets one person or one kind alone could. */
export function checkRoot(root: Root): void {
  for (const role of ["root", "targets"]) {
    const { threshold = 0, keyIDs = [] } = root.roles[role] ?? {};
    const keys = new Set(keyIDs.map((id) => root.keys[id]?.keyVal["public"] ?? ""));
    // One key under two names would count twice.
    if (threshold < THRESHOLD || keys.size < Math.max(THRESHOLD, keyIDs.length) || keys.has("")) {
      const words = `the root lets fewer than ${THRESHOLD} keys sign ${role}`;
      throw new LibraryRefusal("library-unsigned", words);
    }
  }
  const publicOf = (role: string): string[] =>
    (root.roles[role]?.keyIDs ?? []).map((id) => root.keys[id]?.keyVal["public"] ?? "");
  const online = [...publicOf("snapshot"), ...publicOf("timestamp")];
  if ([...publicOf("root"), ...publicOf("targets")].some((key) => online.includes(key)))
    throw new LibraryRefusal("library-unsigned", "the root lets the hub's own key sign for people");
  const kinds = root.roles["targets"]!.keyIDs.map((id) => kindOf(root, id));
  if (!kinds.includes("clinical") || !kinds.includes("governance"))
    throw new LibraryRefusal(
      "library-unsigned",
      "the root names no clinical or no governance key for targets",
    );
}

function kindOf(root: Root, keyId: string): KeyKind | null {
  const kind = root.keys[keyId]?.unrecognizedFields?.[KEY_KIND];
  return kind === "clinical" || kind === "governance" ? kind : null;
}

interface Signer {
  readonly name: string;
  readonly kind: KeyKind | null;
}

/** The keys of root whose signature on the metadata is good. */
export function signersOf(root: Root, signed: Metadata<Targets>): Signer[] {
  return root.roles["targets"]!.keyIDs.flatMap((id) => {
    const key = root.keys[id];
    if (!key || !isStill(() => key.verifySignature(signed))) return [];
    return [{ name: printed(key.unrecognizedFields?.[KEY_NAME]) ?? id.slice(0, 8), kind: kindOf(root, id) }];
  });
}

/** Checks that one clinical and one governance key signed, which the framework's count of keys does not say. */
export function checkKinds(root: Root, signed: Metadata<Targets>, role: string): void {
  const kinds = signersOf(root, signed).map(({ kind }) => kind);
  const missing = (["clinical", "governance"] as const).find((kind) => !kinds.includes(kind));
  if (missing)
    throw new LibraryRefusal("library-unsigned", `${role}.json bears no signature of a ${missing} key`);
}
