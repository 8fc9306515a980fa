/** Prepares what is to be signed: the root of who may sign, and the library with what is new in it. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Metadata, Targets } from "@tufjs/models";
import { askedOf, signerKeys } from "./asked.js";
import { acceptancesText } from "./acceptances.js";
import { acceptedBy } from "./accepted.js";
import { inForce, nameOf, nextContent } from "./content-next.js";
import { acceptancesPath, bodiesOf, bodyRole, delegationsTo, type BodyKeys } from "./delegation.js";
import {
  bytesOf,
  isWaiting,
  prune,
  readFolder,
  rootOf,
  targetsOf,
  writeFiles,
  type LibraryFolder,
} from "./folder.js";
import { publicKeyText, type PublicKey } from "./keys.js";
import { LibraryError } from "./library-error.js";
import { makeRoot, makeTargets, metadataBytes, targetFiles, type SignerKeys } from "./metadata.js";
import { endsSoon } from "./status.js";

/** Parts of the library that are new; the others stay as they are. */
interface Additions {
  /** The folder of queries, in the place of the one so far. */
  readonly files?: Readonly<Record<string, string>>;
  readonly charters?: ReadonlyMap<string, string>; // by group
  readonly policy?: string; // the witness-policy
  /** `name@version` of queries, `charters/<group>.json`, `witness-policy`. */
  readonly retire?: readonly string[];
}

/** People whose signatures do not count any more, because what they signed was changed. */
interface Prepared {
  readonly dropped: readonly string[];
}

const LIBRARY = "library.json";
const POLICY = "witness-policy";
const NONE: ReadonlyMap<string, string> = new Map();
const NAME = /^[a-z0-9][a-z0-9-]{0,59}$/;

/**
 * Makes a library's folder with a first root, to be signed.
 * @param from the folder of a library whose root keys are lost: its targets and version numbers go on in the new one.
 * @throws LibraryError folder-wrong, key-wrong
 */
export function initWorkspace(path: string, keys: SignerKeys, now: number, from?: string): void {
  if (existsSync(join(path, "published")) || existsSync(join(path, "next")))
    throw new LibraryError("folder-wrong", `${path} is a library's folder already: give another`);
  requireKeys(keys);
  const before = from === undefined ? null : readFolder(from);
  const rootVersion = (before?.published.root?.signed.version ?? 0) + 1;
  const root = metadataBytes(makeRoot(rootVersion, keys, now));
  writeKeys(path, keys);
  if (before) takeOver(path, before, now);
  writeFiles(path, "next", new Map([[`${rootVersion}.root.json`, root]]));
}

/** Brings what another folder published into a new one, to be signed there; what bodies signed is signed still. */
function takeOver(path: string, from: LibraryFolder, now: number): void {
  const { targets, bodies, files } = from.published;
  if (!targets) return;
  const own = bytesOf(from, targets);
  for (const [role, body] of bodies) {
    const file = `${body.signed.version}.${role}.json`;
    writeFiles(path, "next", new Map([...targetFiles(bytesOf(from, body)), [file, files.get(file)!]]));
  }
  const version = targets.signed.version + 1;
  const made = makeTargets(version, own, now, delegationsTo(bodiesOf(targets.signed)));
  writeFiles(path, "next", new Map([...targetFiles(own), [`${version}.targets.json`, metadataBytes(made)]]));
}

/**
 * Makes the next targets of what is published and waits, with what is new. With nothing new they only hold longer.
 * @throws LibraryError folder-wrong, library-wrong, name-wrong
 */
export function addToNext(path: string, additions: Additions, now: number): Prepared {
  const folder = readFolder(path);
  const { files = null, charters = NONE, policy, retire = [] } = additions;
  const before = folder.published.targets
    ? bytesOf(folder, folder.published.targets)
    : new Map<string, Uint8Array>();
  const targets = bytesOf(folder, targetsOf(folder));
  const waiting = folder.next.targets ? targets.get(LIBRARY) : undefined;
  const version = nextVersion(folder);
  const queries = retire.filter((name) => name.includes("@"));
  const published = before.get(LIBRARY);
  targets.set(LIBRARY, nextContent({ published, waiting, files, retire: queries, version, now }));
  for (const [group, text] of charters) targets.set(charterPath(group), Buffer.from(text));
  if (policy !== undefined) targets.set(POLICY, Buffer.from(policy));
  for (const target of retire.filter((name) => !name.includes("@"))) dropTarget(targets, target);
  return writeTargets(folder, targets, bodiesIn(targetsOf(folder)), now);
}

/** Lets what two people of a body sign count at practices that delegate to it. @throws LibraryError key-wrong, name-wrong */
export function delegateTo(path: string, body: string, keys: readonly PublicKey[], now: number): Prepared {
  const folder = readFolder(path);
  requireDistinct(keys, 2, `the body ${body}`);
  const other = keys.find(({ kind }) => kind !== "body");
  if (other)
    throw new LibraryError(
      "key-wrong",
      `the key of ${other.name} is of the kind ${other.kind}: who accepts for a body makes a key of their own with --kind body`,
    );
  const bodies = new Map([...bodiesIn(targetsOf(folder)), [body, keys] as const]);
  const role = bodyRole(body);
  const had = folder.next.bodies.get(role) ?? folder.published.bodies.get(role) ?? null;
  const prepared = writeTargets(folder, bytesOf(folder, targetsOf(folder)), bodies, now);
  writeBody(folder, role, had ? bytesOf(folder, had) : new Map<string, Uint8Array>(), now);
  writeFiles(path, "keys", pubFiles(keys));
  return prepared;
}

/** Query versions that a body accepts from now on, and that it accepts no more: `name@version`. */
interface Accepting {
  readonly accepts?: readonly string[];
  readonly noMore?: readonly string[];
}

/**
 * Makes what a body accepts next, for its own people to sign: what it accepted, as far as it is in force still, with
 * what changes. With no change it only holds for longer.
 * @throws LibraryError folder-wrong, name-wrong, library-wrong
 */
export function accept(
  path: string,
  body: string,
  { accepts = [], noMore = [] }: Accepting,
  now: number,
): Prepared {
  const folder = readFolder(path);
  const role = bodyRole(body);
  if (!bodiesIn(targetsOf(folder)).has(body))
    throw new LibraryError(
      "name-wrong",
      `the library does not delegate to ${body}: cairn library delegate ${body}`,
    );
  const queries = inForce(bytesOf(folder, targetsOf(folder)).get(LIBRARY));
  const unknown = accepts.find((name) => !queries.has(name));
  if (unknown)
    throw new LibraryError("library-wrong", `${unknown} is not in the library: cairn library status`);
  const had = acceptedBy(folder, role, folder.next.bodies.has(role) ? "next" : "published").map(nameOf);
  const never = noMore.find((name) => !had.includes(name));
  if (never)
    throw new LibraryError("library-wrong", `${never} is not accepted by ${body}: nothing was changed`);
  const all = new Set([...had, ...accepts].filter((name) => queries.has(name) && !noMore.includes(name)));
  const text = acceptancesText([...all].sort().map((name) => queries.get(name)!.query));
  const dropped = signersOfNext(folder, role);
  writeBody(folder, role, new Map([[acceptancesPath(body), Buffer.from(text)]]), now);
  return { dropped };
}

/** Lets what is signed hold longer: the library, and the root where it ends soon. */
export function renew(path: string, now: number): Prepared & { readonly root: boolean } {
  const { published, next } = readFolder(path);
  const root = published.root !== null && next.root === null && endsSoon(published.root.signed.expires, now);
  const rotated = root ? rotate(path, {}, now).dropped : [];
  const { dropped } = addToNext(path, {}, now);
  return { root, dropped: [...new Set([...rotated, ...dropped])] };
}

/** Keys that go and come. */
interface KeyChanges {
  readonly remove?: readonly string[]; // names of people
  readonly root?: readonly PublicKey[];
  readonly signers?: readonly PublicKey[]; // of the library
  readonly online?: PublicKey; // of the hub, in the place of the one so far
}

/**
 * Makes the next root, to be signed by two keys of the root so far and two of the new. Where the library that is
 * published bears signatures that count no more, it is to be signed anew too.
 * @throws LibraryError folder-wrong, key-wrong, name-wrong
 */
export function rotate(
  path: string,
  { remove = [], root = [], signers = [], online }: KeyChanges,
  now: number,
): Prepared {
  const folder = readFolder(path);
  const present = signerKeys(rootOf(folder));
  const names = new Set([...present.root, ...present.targets].map(({ name }) => name));
  const unknown = remove.find((name) => !names.has(name));
  if (unknown)
    throw new LibraryError("name-wrong", `${unknown} has no key here; who has: ${[...names].join(", ")}`);
  const stays = ({ name }: PublicKey): boolean => !remove.includes(name);
  const keys = {
    root: [...present.root.filter(stays), ...root],
    targets: [...present.targets.filter(stays), ...signers],
    online: online ?? present.online,
  };
  requireKeys(keys);
  const made = makeRoot((folder.published.root?.signed.version ?? 0) + 1, keys, now);
  const dropped = signersOfNext(folder, "root");
  writeKeys(path, keys);
  writeFiles(path, "next", new Map([[`${made.signed.version}.root.json`, metadataBytes(made)]]));
  const after = readFolder(path);
  const library = askedOf(after).find(({ role }) => role === "targets");
  const stillCounts = !library || after.next.targets !== null || hasBothKinds(library.signed);
  return { dropped: stillCounts ? dropped : [...dropped, ...addToNext(path, {}, now).dropped] };
}

function hasBothKinds(signed: readonly PublicKey[]): boolean {
  return ["clinical", "governance"].every((kind) => signed.some((key) => key.kind === kind));
}

function writeTargets(
  folder: LibraryFolder,
  targets: ReadonlyMap<string, Uint8Array>,
  bodies: BodyKeys,
  now: number,
): Prepared {
  const dropped = signersOfNext(folder, "targets");
  const made = makeTargets(nextVersion(folder), targets, now, delegationsTo(bodies));
  const own = targetFiles(targets);
  // The files first: metadata never names one that is not there.
  const fresh = [...own].filter(([name]) => !folder.published.files.has(name));
  writeFiles(folder.path, "next", new Map(fresh));
  writeFiles(folder.path, "next", new Map([[`${made.signed.version}.targets.json`, metadataBytes(made)]]));
  prune(folder.path, "next", (name) => !/^[0-9a-f]{64}\.|^charters\//.test(name) || own.has(name));
  return { dropped };
}

function writeBody(
  { path, published }: LibraryFolder,
  role: string,
  targets: Map<string, Uint8Array>,
  now: number,
): void {
  const version = (published.bodies.get(role)?.signed.version ?? 0) + 1;
  writeFiles(path, "next", targetFiles(targets));
  const metadata = metadataBytes(makeTargets(version, targets, now));
  writeFiles(path, "next", new Map([[`${version}.${role}.json`, metadata]]));
}

/** The version of the next targets: the one after what was published, or the one that a library carried over waits with. */
function nextVersion({ published, next }: LibraryFolder): number {
  return published.targets ? published.targets.signed.version + 1 : (next.targets?.signed.version ?? 1);
}

function signersOfNext(folder: LibraryFolder, role: string): string[] {
  if (!isWaiting(folder, role)) return [];
  return (
    askedOf(folder)
      .find((asked) => asked.role === role)
      ?.signed.map(({ name }) => name) ?? []
  );
}

function bodiesIn(targets: Metadata<Targets> | null): Map<string, readonly PublicKey[]> {
  return targets ? bodiesOf(targets.signed) : new Map<string, readonly PublicKey[]>();
}

function charterPath(group: string): string {
  if (!NAME.test(group))
    throw new LibraryError(
      "name-wrong",
      `"${group}" is not a group's name for a charter: use a-z, 0-9 and -`,
    );
  return `charters/${group}.json`;
}

function dropTarget(targets: Map<string, Uint8Array>, path: string): void {
  if (path !== LIBRARY && targets.delete(path)) return;
  throw new LibraryError("library-wrong", `${path} is not in the library, or cannot be taken out of it`);
}

/** @throws LibraryError key-wrong */
function requireKeys({ root, targets, online }: SignerKeys): void {
  requireDistinct(root, 3, "the root");
  requireDistinct(targets, 2, "the library");
  for (const kind of ["clinical", "governance"] as const)
    if (!targets.some((key) => key.kind === kind))
      throw new LibraryError(
        "key-wrong",
        `the library needs a signer with a ${kind} key: name their .pub file`,
      );
  const odd = targets.find(({ kind }) => kind !== "clinical" && kind !== "governance");
  if (odd)
    throw new LibraryError(
      "key-wrong",
      `the key of ${odd.name} is of the kind ${odd.kind} and cannot sign the library`,
    );
  const byName = new Map(root.map((key) => [key.name, key.public]));
  const twice = targets.find((key) => (byName.get(key.name) ?? key.public) !== key.public);
  if (twice) throw new LibraryError("key-wrong", `${twice.name} has two keys here: one person has one key`);
  if (online.kind !== "online" || [...root, ...targets].some((key) => key.public === online.public))
    throw new LibraryError(
      "key-wrong",
      `the hub's key is what cairn hub library-key prints, and nobody's own`,
    );
}

function requireDistinct(keys: readonly PublicKey[], least: number, what: string): void {
  for (const distinct of [new Set(keys.map((key) => key.public)), new Set(keys.map(({ name }) => name))])
    if (distinct.size !== keys.length || keys.length < least)
      throw new LibraryError(
        "key-wrong",
        `${what} needs keys of at least ${least === 2 ? "two" : "three"} people, each named once, and has ${keys.length} here`,
      );
}

function writeKeys(path: string, { root, targets, online }: SignerKeys): void {
  writeFiles(path, "keys", pubFiles([...root, ...targets, online]));
}

function pubFiles(keys: readonly PublicKey[]): Map<string, Uint8Array> {
  return new Map(keys.map((key) => [`${key.name}.pub`, Buffer.from(publicKeyText(key))]));
}
