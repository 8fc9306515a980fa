/** Fields of entries: a parser for each type of fact. */
import type { EntryBody } from "@cairn/audit-log";
import { isActor, type Actor } from "./actor.js";

export type Fact = EntryBody[string];

export interface Field<T extends Fact> {
  /** The type of the field, in words for a person. */
  readonly type: string;
  /** @returns undefined where the fact is not of this type */
  readonly read: (fact: Fact) => T | undefined;
}

/** Any line of text, an empty one too. */
export const text: Field<string> = {
  type: "text",
  read: (fact) => (typeof fact === "string" ? fact : undefined),
};

/** A number from 0 on that counts, or milliseconds since 1970. */
export const whole: Field<number> = {
  type: "whole number",
  read: (fact) => (typeof fact === "number" && Number.isSafeInteger(fact) && fact >= 0 ? fact : undefined),
};

export const flag: Field<boolean> = {
  type: "true or false",
  read: (fact) => (typeof fact === "boolean" ? fact : undefined),
};

/** Bytes as lower-case hex: a digest, a root or a key; empty where there are none. */
export const hex: Field<string> = {
  type: "hex",
  read: (fact) => (typeof fact === "string" && /^(?:[0-9a-f]{2})*$/.test(fact) ? fact : undefined),
};

/** A moment that a calendar has, as ISO 8601 text. */
export const instant: Field<string> = {
  type: "time",
  read: (fact) => (typeof fact === "string" && !Number.isNaN(Date.parse(fact)) ? fact : undefined),
};

/** The person who decided. */
export const by: Field<Actor> = {
  type: "actor",
  read: (fact) => (typeof fact === "string" && isActor(fact) ? fact : undefined),
};

/** Null where there is nothing to say. */
export function orNull<T extends Fact>({ type, read }: Field<T>): Field<T | null> {
  return { type: `${type} or null`, read: (fact) => (fact === null ? null : read(fact)) };
}

/** A fact of either type. */
export function either<S extends Fact, T extends Fact>(one: Field<S>, other: Field<T>): Field<S | T> {
  return { type: `${one.type} or ${other.type}`, read: (fact) => one.read(fact) ?? other.read(fact) };
}
