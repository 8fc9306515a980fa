/** Bundles of type `history`: many versions of a resource, mostly the newest first, over any number of files. */
import { exactTextAt, type Json, objectAt, textAt } from "./json.js";

/** The resource that an entry's request names: `Condition/c1`, or a longer address that holds it. */
const NAMED = /(?:^|\/)([A-Za-z]{1,64}\/[^/?#|]+)(?:\/_history\/[^/]+)?$/;

type Version = readonly [time: number, number: number]; // of when it was, NaN where it does not say

export class History {
  readonly #newest = new Map<string, Version>();

  /** Whether an entry is one version of many: it names the request, and its result. */
  isVersion(entry: Json, ofHistory: boolean): boolean {
    return objectAt(entry, "request") !== null && (ofHistory || objectAt(entry, "response") !== null);
  }

  /** Whether no newer version came before; of two without times, the first is the newer. */
  isNewest(entry: Json): boolean {
    const name = nameOf(entry);
    if (name === null) return true;
    const version = versionOf(entry);
    const before = this.#newest.get(name);
    if (before !== undefined && !isLater(version, before)) return false;
    this.#newest.set(name, version);
    return true;
  }
}

function isLater([time, number]: Version, [otherTime, otherNumber]: Version): boolean {
  if (time !== otherTime && !Number.isNaN(time) && !Number.isNaN(otherTime)) return time > otherTime;
  return number > otherNumber;
}

function nameOf(entry: Json): string | null {
  const resource = objectAt(entry, "resource");
  const [type, id] = [textAt(resource, "resourceType"), textAt(resource, "id")];
  if (type !== null && id !== null) return `${type}/${id}`;
  const url = textAt(objectAt(entry, "request"), "url") ?? textAt(entry, "fullUrl") ?? "";
  return NAMED.exec(url)?.[1] ?? null;
}

function versionOf(entry: Json): Version {
  const meta = objectAt(objectAt(entry, "resource"), "meta");
  const response = objectAt(entry, "response");
  const time = textAt(response, "lastModified") ?? textAt(meta, "lastUpdated") ?? "";
  const number = textAt(meta, "versionId") ?? /\d+/.exec(exactTextAt(response, "etag") ?? "")?.[0] ?? "";
  return [Date.parse(time), number === "" ? NaN : Number(number)];
}
