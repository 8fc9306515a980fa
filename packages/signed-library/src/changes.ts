/** What would change once what waits is signed and published, for the person who is to sign it. */
import { createHash } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import type { Metadata, Root, Targets } from "@tufjs/models";
import { canonicalJson, diff, readContent, type Change, type Query } from "@cairn/query-library";
import { acceptanceChanges, type AcceptanceChange } from "./accepted.js";
import { signerKeys } from "./asked.js";
import { inForce, nameOf } from "./content-next.js";
import { bodiesOf, delegationsTo } from "./delegation.js";
import { bytesOf, readFolder, type LibraryFolder } from "./folder.js";
import type { PublicKey } from "./keys.js";
import { LibraryError } from "./library-error.js";
import { DAYS, makeRoot, makeTargets } from "./metadata.js";

export interface QueryChange {
  readonly name: string; // name@version
  /** `kept`: in force still, beside a newer version or without a file in the folder. */
  readonly is: "new" | "new-version" | "kept" | "retired";
  readonly title: string;
  readonly question: string;
  readonly writtenBy: string | null;
  readonly was: string | null; // of a new version: the one before
  readonly words: readonly Change[]; // of a new version: what differs from the one before
}

interface FileChange {
  readonly path: string; // charters/<group>.json, witness-policy
  readonly is: "new" | "changed" | "gone";
  readonly before: string | null; // its text as published; null of a new one
  readonly after: string | null; // its text as it waits; null of one that goes
}

interface KeyChange {
  readonly name: string;
  readonly kind: string;
  readonly may: "say who signs" | "sign the library" | "sign at the hub" | `accept for ${string}`;
  readonly is: "added" | "removed";
}

export interface Changes {
  /** Of everything that waits: what is signed is what was shown. */
  readonly digest: string;
  readonly files: readonly string[]; // metadata that waits: 2.root.json, 5.targets.json
  readonly queries: readonly QueryChange[];
  readonly unchanged: number; // queries in force that stay as they are
  readonly unreviewed: readonly string[]; // names of queries to be signed that no clinician has reviewed
  readonly targets: readonly FileChange[];
  readonly hasPolicy: boolean; // whether the library has a witness-policy once this is published
  readonly acceptances: readonly AcceptanceChange[];
  readonly keys: readonly KeyChange[];
}

const DAY_MS = 86_400_000;
const LIBRARY = "library.json";
const POLICY = "witness-policy";

/**
 * Compares what waits with what is published.
 * @throws LibraryError folder-wrong where a file is half written, or says what no command of ours writes
 */
export function changes(path: string, now: number): Changes {
  const folder = readFolder(path);
  const { published, next } = folder;
  const waiting = waitingIn(folder);
  if (waiting.length === 0)
    throw new LibraryError(
      "folder-wrong",
      `nothing waits for a signature in ${path}: cairn library add comes first`,
    );
  requireOurs(folder, now);
  const [before, after] = [
    targetBytes(folder, published),
    targetBytes(folder, next.targets ? next : published),
  ];
  const queries = queryChanges(before.get(LIBRARY), after.get(LIBRARY));
  return {
    digest: sha256(canonicalJson(waiting.map(([name, { signed }]) => [name, signed.toJSON()]))),
    files: waiting.map(([name]) => name),
    queries: queries.all,
    unchanged: queries.unchanged,
    unreviewed: next.targets ? unreviewedOf(after.get(LIBRARY)) : [],
    targets: fileChanges(before, after),
    hasPolicy: after.has(POLICY),
    acceptances: acceptanceChanges(folder),
    keys: keyChanges(folder),
  };
}

/** Metadata that waits, by file. */
function waitingIn({ next }: LibraryFolder): [string, Metadata<Root> | Metadata<Targets>][] {
  const all: [string, Metadata<Root> | Metadata<Targets> | null][] = [
    ["root", next.root],
    ["targets", next.targets],
    ...next.bodies,
  ];
  return all.flatMap(([role, metadata]) =>
    metadata ? [[`${metadata.signed.version}.${role}.json`, metadata]] : [],
  );
}

function targetBytes(folder: LibraryFolder, { targets }: LibraryFolder["next"]): Map<string, Uint8Array> {
  return bytesOf(folder, targets);
}

/** The queries whose text is new in what waits. */
export function newQueries(folder: LibraryFolder): Query[] {
  const { published, next } = folder;
  if (!next.targets) return [];
  const before = inForce(targetBytes(folder, published).get(LIBRARY));
  const after = inForce(targetBytes(folder, next).get(LIBRARY));
  return [...after.values()].map(({ query }) => query).filter((query) => !before.has(nameOf(query)));
}

function queryChanges(
  before: Uint8Array | undefined,
  after: Uint8Array | undefined,
): { all: QueryChange[]; unchanged: number } {
  if (!after) return { all: [], unchanged: 0 };
  const [had, has] = [inForce(before), inForce(after)];
  // Of several versions the folder's comes first in `inForce`, and is the one that a new version is compared with.
  const current = new Map([...had.values()].reverse().map(({ query }) => [query.query, query]));
  const kept = new Set(Object.keys(readContent(after).kept ?? {}));
  const keptBefore = new Set(before ? Object.keys(readContent(before).kept ?? {}) : []);
  const all: QueryChange[] = [];
  for (const [name, { query }] of has) {
    const earlier = current.get(query.query) ?? null;
    if (had.has(name)) {
      if (kept.has(name) && !keptBefore.has(name)) all.push(changeOf(query, "kept", null));
    } else all.push(changeOf(query, earlier ? "new-version" : "new", earlier));
  }
  for (const [name, { query }] of had) if (!has.has(name)) all.push(changeOf(query, "retired", null));
  return { all, unchanged: has.size - all.filter(({ is }) => is !== "retired").length };
}

function unreviewedOf(content: Uint8Array | undefined): readonly string[] {
  const queries = [...inForce(content).values()].map(({ query }) => query);
  return queries
    .filter(({ review }) => review.reviewedBy === null)
    .map(({ query }) => query)
    .sort();
}

function changeOf(query: Query, is: QueryChange["is"], earlier: Query | null): QueryChange {
  return {
    name: nameOf(query),
    is,
    title: query.title,
    question: query.question,
    writtenBy: query.review.writtenBy,
    was: earlier && nameOf(earlier),
    words: earlier ? diff(earlier, query) : [],
  };
}

function fileChanges(
  before: ReadonlyMap<string, Uint8Array>,
  after: ReadonlyMap<string, Uint8Array>,
): FileChange[] {
  return [...new Set([...before.keys(), ...after.keys()])]
    .filter((path) => path !== LIBRARY)
    .sort()
    .flatMap((path): FileChange[] => {
      const [was, is] = [before.get(path), after.get(path)].map((bytes) =>
        bytes ? Buffer.from(bytes).toString("utf8") : null,
      ) as [string | null, string | null];
      if (was === is) return [];
      return [{ path, is: was === null ? "new" : is === null ? "gone" : "changed", before: was, after: is }];
    });
}

function keyChanges({ published, next }: LibraryFolder): KeyChange[] {
  const root = next.root
    ? (["root", "targets", "online"] as const).flatMap((role) => {
        const of = (metadata: Metadata<Root> | null): PublicKey[] =>
          metadata ? [signerKeys(metadata)[role]].flat() : [];
        const may = (
          { root: "say who signs", targets: "sign the library", online: "sign at the hub" } as const
        )[role];
        return between(of(published.root), of(next.root), may);
      })
    : [];
  if (!next.targets) return root;
  const [had, has] = [published.targets, next.targets].map((each) =>
    each ? bodiesOf(each.signed) : new Map<string, PublicKey[]>(),
  );
  const bodies = [...new Set([...had!.keys(), ...has!.keys()])].flatMap((body) =>
    between(had!.get(body) ?? [], has!.get(body) ?? [], `accept for ${body}`),
  );
  return [...root, ...bodies];
}

function between(had: readonly PublicKey[], has: readonly PublicKey[], may: KeyChange["may"]): KeyChange[] {
  const without = (some: readonly PublicKey[], others: readonly PublicKey[]): PublicKey[] =>
    some.filter((key) => !others.some((other) => isDeepStrictEqual(key, other)));
  const words = (keys: readonly PublicKey[], is: KeyChange["is"]): KeyChange[] =>
    keys.map(({ name, kind }) => ({ name, kind, may, is }));
  return [...words(without(had, has), "removed"), ...words(without(has, had), "added")];
}

/**
 * Refuses metadata that differs from what our commands write of the same keys and files, whoever put it there: a lower
 * threshold, a longer life, another field.
 * @throws LibraryError folder-wrong
 */
function requireOurs(folder: LibraryFolder, now: number): void {
  const { path, published, next } = folder;
  for (const [name, metadata] of waitingIn(folder)) {
    const { version } = metadata.signed;
    const isRoot = metadata === next.root;
    const again = isRoot
      ? makeRoot(version, signerKeys(next.root), now)
      : makeTargets(
          version,
          bytesOf(folder, metadata as Metadata<Targets>),
          now,
          delegationsOf(metadata as Metadata<Targets>),
        );
    const before = isRoot ? published.root : metadata === next.targets ? published.targets : null;
    const lasts = Date.parse(metadata.signed.expires) - now;
    const isUsual =
      isDeepStrictEqual(withoutExpiry(metadata), withoutExpiry(again)) &&
      (!before || version === before.signed.version + 1) &&
      lasts <= (DAYS[isRoot ? "root" : "targets"] + 1) * DAY_MS;
    if (!isUsual)
      throw new LibraryError(
        "folder-wrong",
        `${path}/next/${name} says what none of our commands writes: do not sign it, ask who made it, and make it again`,
      );
    if (lasts <= 0)
      throw new LibraryError(
        "folder-wrong",
        `${path}/next/${name} waited until it expired: cairn library renew`,
      );
  }
}

function delegationsOf({ signed }: Metadata<Targets>): ReturnType<typeof delegationsTo> {
  return delegationsTo(bodiesOf(signed));
}

function withoutExpiry({ signed }: Metadata<Root> | Metadata<Targets>): object {
  return { ...(JSON.parse(JSON.stringify(signed.toJSON())) as object), expires: null };
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
