/**
 * Reads JSON of unknown shape: nothing about a resource is assumed before it was looked at. Every resource passes
 * through here some twenty times, so no function here allocates anything that is thrown away.
 */

export type Json = Readonly<Record<string, unknown>>;

export function objectAt(from: unknown, name: string): Json | null {
  const found = isObject(from) ? from[name] : undefined;
  return isObject(found) ? found : null;
}

/** A text without the spaces around it: columns of a fixed width fill fields up with them. */
export function textAt(from: unknown, name: string): string | null {
  return exactTextAt(from, name)?.trim() || null;
}

/** A text with the spaces around it, which may count. */
export function exactTextAt(from: unknown, name: string): string | null {
  const found = isObject(from) ? from[name] : undefined;
  return typeof found === "string" && found !== "" ? found : null;
}

export function numberAt(from: unknown, name: string): number | null {
  const found = isObject(from) ? from[name] : undefined;
  return typeof found === "number" && Number.isFinite(found) ? found : null;
}

/** The objects of an array, not to be changed; empty where there is none. */
export function listAt(from: unknown, name: string): Json[] {
  const found = isObject(from) ? from[name] : undefined;
  if (!Array.isArray(found)) return NONE;
  return found.every(isObject) ? found : found.filter(isObject);
}

const NONE: Json[] = [];

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
