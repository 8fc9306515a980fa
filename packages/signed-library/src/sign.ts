/** Signs what waits, with one person's key. */
import type { Query } from "@cairn/query-library";
import { newlyAccepted } from "./accepted.js";
import { askedOf, hasSigned } from "./asked.js";
import { changes, newQueries } from "./changes.js";
import { nameOf } from "./content-next.js";
import { isWaiting, readFolder, writeFiles, type LibraryFolder } from "./folder.js";
import type { PublicKey, SigningKey } from "./keys.js";
import { LibraryError } from "./library-error.js";
import { metadataBytes, signMetadata } from "./metadata.js";

interface Signed {
  readonly files: readonly string[];
  /** Why some of it was left out; null where nothing was. */
  readonly left: string | null;
}

/**
 * Whether a key is asked to sign something that waits, before its passphrase is.
 * @throws LibraryError may-not-sign where it is not asked, has signed already, or wrote what it would sign
 */
export function requireAsked(path: string, key: PublicKey): void {
  plan(readFolder(path), key);
}

/**
 * Signs everything that waits and that this key is asked to sign.
 * @param shown digest of the changes that its owner read.
 * @throws LibraryError folder-wrong, may-not-sign
 */
export function signNext(path: string, key: SigningKey, now: number, shown?: string): Signed {
  const { digest } = changes(path, now); // refuses what is not whole, or not of our own making
  if (shown !== undefined && digest !== shown)
    throw new LibraryError("folder-wrong", `what waits in ${path} was changed since you read it: sign again`);
  const { toSign, left } = plan(readFolder(path), key.publicKey);
  for (const { file, metadata } of toSign) {
    signMetadata(metadata, key);
    writeFiles(path, "next", new Map([[file, metadataBytes(metadata)]]));
  }
  return { files: toSign.map(({ file }) => file), left };
}

type Asked = ReturnType<typeof askedOf>[number];

function plan(folder: LibraryFolder, key: PublicKey): { toSign: Asked[]; left: string | null } {
  const waiting = askedOf(folder).filter(({ role }) => isWaiting(folder, role));
  const mine = waiting.filter(({ quorums }) =>
    quorums.some(({ of }) => of.some((each) => isSameKey(each, key))),
  );
  if (mine.length === 0) {
    const names = new Set(
      waiting.flatMap(({ quorums }) => quorums).flatMap(({ of }) => of.map(({ name }) => name)),
    );
    const who = names.size === 0 ? "nothing waits" : `asked are ${[...names].join(", ")}`;
    throw new LibraryError(
      "may-not-sign",
      `the key of ${key.name} (${key.kind}) is not asked to sign: ${who}`,
    );
  }
  const open = mine.filter(({ metadata }) => !hasSigned(metadata, key));
  if (open.length === 0)
    throw new LibraryError(
      "may-not-sign",
      `${key.name} has signed it already: cairn library status says who is to follow`,
    );
  const own = open.filter(({ role }) => writtenBy(folder, role, key.name).length > 0);
  const left = own.map(({ role }) => {
    const what = role === "targets" ? "this library" : "what the body accepts";
    return `${key.name} wrote ${writtenBy(folder, role, key.name).map(nameOf).join(", ")}: somebody else signs ${what}`;
  });
  const toSign = open.filter((asked) => !own.includes(asked));
  if (toSign.length === 0) throw new LibraryError("may-not-sign", left.join("; "));
  return { toSign, left: left.length > 0 ? left.join("; ") : null };
}

/** The queries of this person's own writing that a role's metadata brings. */
function writtenBy(folder: LibraryFolder, role: string, name: string): Query[] {
  const brings = role === "targets" ? newQueries(folder) : role === "root" ? [] : newlyAccepted(folder, role);
  return brings.filter(({ review }) => wrote(review.writtenBy, name));
}

/** Whether a name is among those that `written_by` gives. */
function wrote(writtenBy: string | null, name: string): boolean {
  const authors = (writtenBy ?? "").split(/[,;&]| and /);
  return authors.some((author) => author.trim().toLowerCase() === name.trim().toLowerCase());
}

function isSameKey(a: PublicKey, b: PublicKey): boolean {
  return a.public === b.public && a.name === b.name && a.kind === b.kind;
}
