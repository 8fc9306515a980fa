/** From signed to published: what the hub is handed, and what goes to a practice by file. */
import { askedOf, missingOf, type MissingSignatures } from "./asked.js";
import { encodeDelivery } from "./delivery.js";
import {
  bodyRolesOf,
  bytesOf,
  clearNext,
  prune,
  readFolder,
  rootOf,
  targetsOf,
  writeFiles,
  type LibraryFolder,
} from "./folder.js";
import { LibraryError } from "./library-error.js";
import { targetFiles } from "./metadata.js";

type Ready =
  { readonly files: ReadonlyMap<string, Uint8Array> } | { readonly missing: readonly MissingSignatures[] };

/**
 * The files for the hub: every root, the targets and what they name. What is published already, where nothing waits.
 * @returns the signatures that are missing, where there are any. @throws LibraryError folder-wrong
 */
export function readyToPublish(path: string): Ready {
  const folder = readFolder(path);
  const missing = askedOf(folder).flatMap(missingOf);
  return missing.length > 0 ? { missing } : { files: filesOf(folder) };
}

/** The files of the folder as they will be once what waits is published, targets before the metadata that names them. */
function filesOf(folder: LibraryFolder): Map<string, Uint8Array> {
  const { path, published, next } = folder;
  const targets = targetsOf(folder);
  if (!targets)
    throw new LibraryError("folder-wrong", `${path} holds no library yet: cairn library add comes first`);
  const bodies = [...bodyRolesOf(folder)];
  const own = new Map(
    [targets, ...bodies.map(([, body]) => body)].flatMap((each) => [...bytesOf(folder, each)]),
  );
  const roots = [...published.files].filter(([name]) => /^\d+\.root\.json$/.test(name));
  const asItIs = (name: string): [string, Uint8Array] => [
    name,
    (next.files.get(name) ?? published.files.get(name))!,
  ];
  return new Map([
    ...targetFiles(own),
    ...bodies.map(([role, body]) => asItIs(`${body.signed.version}.${role}.json`)),
    asItIs(`${targets.signed.version}.targets.json`),
    ...roots,
    asItIs(`${rootOf(folder).signed.version}.root.json`),
  ]);
}

/**
 * Keeps what the hub took as published, with the hub's own statements, and ends the waiting.
 * @param online `N.snapshot.json` and `timestamp.json`. @throws LibraryError folder-wrong
 */
export function takePublished(path: string, online: ReadonlyMap<string, Uint8Array>): void {
  const files = new Map([...filesOf(readFolder(path)), ...online]);
  // In this order and before anything is removed: ended at any point, the folder can be published again.
  writeFiles(path, "published", files);
  clearNext(path);
  prune(path, "published", (name) => files.has(name));
}

/** A delivery of what is published, to be carried to a practice as a file. @throws LibraryError folder-wrong */
export function exportDelivery(path: string): Buffer {
  return encodeDelivery(publishedFiles(path));
}

/** The files that are published, by name. @throws LibraryError folder-wrong */
export function publishedFiles(path: string): ReadonlyMap<string, Uint8Array> {
  const { files } = readFolder(path).published;
  if (files.has("timestamp.json")) return files;
  throw new LibraryError("folder-wrong", `nothing of ${path} is published yet: cairn library publish`);
}

/** The newest root that is published: what a practice trusts. @throws LibraryError folder-wrong */
export function publishedRoot(path: string): Uint8Array {
  const { root, files } = readFolder(path).published;
  if (root) return files.get(`${root.signed.version}.root.json`)!;
  throw new LibraryError("folder-wrong", `nothing of ${path} is published yet: cairn library publish`);
}
