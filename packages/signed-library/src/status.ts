/** Who has to do what, by when. */
import type { Metadata, Root } from "@tufjs/models";
import { askedOf, missingOf, signerKeys, type MissingSignatures } from "./asked.js";
import { acceptedBy } from "./accepted.js";
import { inForce, nameOf } from "./content-next.js";
import { bodiesOf, bodyFingerprint, bodyRole } from "./delegation.js";
import { bytesOf, isWaiting, readFolder, targetsOf, type LibraryFolder } from "./folder.js";
import { metadataKey } from "./keys.js";
import { DAYS, parseRoot } from "./metadata.js";
import { THRESHOLD } from "./root.js";

const DAY_MS = 86_400_000;
/** Days before the end on which something is to be signed anew. */
const AHEAD_DAYS = 30;

/** One thing to do. `by` is an ISO date; null where nothing runs out. */
type Task =
  | ({ readonly do: "sign"; readonly by: string | null } & MissingSignatures)
  | { readonly do: "add"; readonly by: null } // there is a root and no library
  | { readonly do: "publish"; readonly by: string | null }
  | { readonly do: "renew"; readonly what: "root" | "library"; readonly by: string }
  | { readonly do: "accept"; readonly body: string; readonly by: string }; // what it accepted runs out

interface KeyAge {
  readonly name: string;
  readonly kind: string;
  readonly since: string; // ISO date of the root that first names it
}

/** A body that the library lets accept queries for practices. */
interface BodyStatus {
  readonly body: string;
  readonly of: readonly string[]; // people, two of whom sign
  readonly fingerprint: string; // of their keys, to be read aloud to practices
  readonly accepts: readonly string[]; // name@version, as published
  readonly until: string | null; // ISO date; null before anything of it is published
}

export interface Status {
  readonly tasks: readonly Task[]; // empty: nothing to do
  /** ISO dates at which what is published ends; null for nothing published. */
  readonly ends: { readonly root: string | null; readonly library: string | null };
  readonly version: number | null; // of the library that is published
  readonly queries: readonly string[]; // in force: name@version
  readonly keys: readonly KeyAge[]; // the oldest first: the next to be rotated
  readonly bodies: readonly BodyStatus[];
}

/** Whether something that ends at an instant is to be signed anew by now. */
export function endsSoon(expires: string, now: number): boolean {
  return Date.parse(signBy(expires)) <= now;
}

/** The state of the folder. @throws LibraryError folder-wrong */
export function status(path: string, now: number): Status {
  const folder = readFolder(path);
  const { published } = folder;
  const targets = published.targets;
  const queries = targets ? [...inForce(bytesOf(folder, targets).get("library.json")).keys()].sort() : [];
  return {
    tasks: tasksOf(folder, now),
    ends: { root: dateOf(published.root?.signed.expires), library: dateOf(targets?.signed.expires) },
    version: targets?.signed.version ?? null,
    queries,
    keys: keyAges(folder),
    bodies: bodiesAt(folder),
  };
}

function tasksOf(folder: LibraryFolder, now: number): Task[] {
  const { published, next } = folder;
  const somethingWaits = Boolean(next.root ?? next.targets) || next.bodies.size > 0;
  const by = firstDate(published.root?.signed.expires, published.targets?.signed.expires);
  const tasks: Task[] = askedOf(folder)
    .flatMap(missingOf)
    .map((missing) => ({ do: "sign", by, ...missing }));
  if (!targetsOf(folder)) tasks.push({ do: "add", by: null });
  else if (somethingWaits && tasks.length === 0) tasks.push({ do: "publish", by });
  for (const [what, side, waiting] of [
    ["root", published.root, next.root],
    ["library", published.targets, next.targets],
  ] as const)
    if (side && !waiting && endsSoon(side.signed.expires, now))
      tasks.push({ do: "renew", what, by: side.signed.expires.slice(0, 10) });
  for (const { body, until } of bodiesAt(folder))
    if (until !== null && !isWaiting(folder, bodyRole(body)) && endsSoon(until, now))
      tasks.push({ do: "accept", body, by: until });
  return tasks;
}

function bodiesAt(folder: LibraryFolder): BodyStatus[] {
  const targets = targetsOf(folder);
  return [...(targets ? bodiesOf(targets.signed) : [])].map(([body, keys]) => {
    const role = bodyRole(body);
    return {
      body,
      of: keys.map(({ name }) => name),
      fingerprint: bodyFingerprint({ keys, threshold: THRESHOLD }),
      accepts: acceptedBy(folder, role, "published").map(nameOf),
      until: dateOf(folder.published.bodies.get(role)?.signed.expires),
    };
  });
}

function keyAges({ published, next }: LibraryFolder): KeyAge[] {
  const roots = [...published.files]
    .filter(([name]) => /^\d+\.root\.json$/.test(name))
    .map(([, bytes]) => parseRoot(bytes))
    .sort((a, b) => a.signed.version - b.signed.version);
  const newest = published.root ?? next.root;
  if (!newest) return [];
  const { root, targets, online } = signerKeys(newest);
  const all = new Map([...root, ...targets, online].map((key) => [metadataKey(key).keyID, key]));
  return [...all]
    .map(([id, { name, kind }]) => {
      const first = roots.find(({ signed }) => id in signed.keys) ?? newest;
      return { name, kind, since: madeOn(first) };
    })
    .sort((a, b) => a.since.localeCompare(b.since));
}

function madeOn({ signed }: Metadata<Root>): string {
  return new Date(Date.parse(signed.expires) - DAYS.root * DAY_MS).toISOString().slice(0, 10);
}

/** The date by which something that ends is to be signed anew. */
function signBy(expires: string): string {
  return new Date(Date.parse(expires) - AHEAD_DAYS * DAY_MS).toISOString().slice(0, 10);
}

function firstDate(...ends: readonly (string | undefined)[]): string | null {
  const dates = ends.flatMap((end) => (end === undefined ? [] : [signBy(end)]));
  return dates.sort()[0] ?? null;
}

function dateOf(instant: string | undefined): string | null {
  return instant?.slice(0, 10) ?? null;
}
