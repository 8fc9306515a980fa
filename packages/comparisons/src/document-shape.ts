/** Parts of a document, each read from a value of which nothing is known: exactly the fields that are named. */
import { malformed } from "./document-error.js";

/** @param at the place of the value, as "cells[3].dots" @throws ComparisonError comparison-malformed */
export type Reader<T> = (value: unknown, at: string) => T;

type Fields<T> = { readonly [K in keyof T]-?: Reader<Required<T>[K]> };

/** @param optional names of fields that may be absent */
export function shape<T extends object>(
  fields: Fields<T>,
  optional: readonly (keyof T & string)[] = [],
): Reader<T> {
  const names = new Set(Object.keys(fields));
  return (value, at) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(at, "an object");
    const given = value as Readonly<Record<string, unknown>>;
    for (const name of Object.keys(given))
      if (!names.has(name)) throw malformed(`${place(at, name)} is not known`);
    const read: Record<string, unknown> = {};
    for (const [name, reader] of Object.entries(fields) as [keyof T & string, Reader<unknown>][]) {
      if (given[name] === undefined && optional.includes(name)) continue;
      if (!Object.hasOwn(given, name)) throw malformed(`${place(at, name)} is missing`);
      read[name] = reader(given[name], place(at, name));
    }
    return read as T;
  };
}

export function listOf<T>(item: Reader<T>): Reader<readonly T[]> {
  return (value, at) => {
    if (!Array.isArray(value)) throw wrong(at, "a list");
    return value.map((each, i) => item(each, `${at}[${i}]`));
  };
}

export function orNull<T>(reader: Reader<T>): Reader<T | null> {
  return (value, at) => (value === null ? null : reader(value, at));
}

/** Reads as the reader does, or one of some words in its place. */
export function orWord<T, W extends string>(reader: Reader<T>, ...words: readonly W[]): Reader<T | W> {
  return (value, at) => (typeof value === "string" ? oneOf(...words)(value, at) : reader(value, at));
}

export function oneOf<T extends string | number>(...values: readonly T[]): Reader<T> {
  return (value, at) => {
    const known = values.find((each) => each === value);
    if (known === undefined) throw wrong(at, `one of ${values.join(", ")}`);
    return known;
  };
}

/** A value of which one test tells whether it is of the type. @param type in words: "a date" */
export function that<T>(type: string, holds: (value: unknown) => value is T): Reader<T> {
  return (value, at) => {
    if (!holds(value)) throw wrong(at, type);
    return value;
  };
}

function wrong(at: string, type: string): Error {
  return malformed(`${at === "" ? "it" : `its ${at}`} is not ${type}`);
}

function place(at: string, name: string): string {
  return at === "" ? name : `${at}.${name}`;
}
