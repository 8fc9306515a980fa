/** The first thing that does not hold ends a check, and is all that is said of it. */
import type { Entry } from "@cairn/audit-log";

export class DoesNotHold extends Error {}

export function fail(words: string): never {
  throw new DoesNotHold(words);
}

export function text(entry: Entry, field: string): string {
  return String(entry.body[field] ?? "");
}
