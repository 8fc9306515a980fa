/** FHIR is met as it comes: nothing about the shape of a resource is believed before it was looked at. */

export type Json = Readonly<Record<string, unknown>>;

export function objectAt(from: unknown, name: string): Json | null {
  const found = isObject(from) ? from[name] : undefined;
  return isObject(found) ? found : null;
}

export function textAt(from: unknown, name: string): string | null {
  const found = isObject(from) ? from[name] : undefined;
  return typeof found === "string" && found !== "" ? found : null;
}

export function numberAt(from: unknown, name: string): number | null {
  const found = isObject(from) ? from[name] : undefined;
  return typeof found === "number" && Number.isFinite(found) ? found : null;
}

/** The objects of an array; empty where there is none. */
export function listAt(from: unknown, name: string): Json[] {
  const found = isObject(from) ? from[name] : undefined;
  return Array.isArray(found) ? found.filter(isObject) : [];
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
