/**
 * Lengths of time and windows: how they are written, and how two windows lie to each other on every reference date.
 */
import { dayNumber, windowBounds } from "../calendar.js";
import type { Json } from "../canonical.js";
import { EVER, type Span, type Window } from "../query.js";
import type { ListNode, Node } from "../yaml.js";
import type { Context } from "./context.js";
import type { Kind } from "./kinds.js";

const SPAN = /^(\d{1,5}) (day|week|month|year)s?$/;
const SPAN_WORDS = "Write a length of time such as `12 months`, `90 days`, `6 weeks` or `5 years`.";

function readSpan(node: Node, at: Context, least: 0 | 1): Span | undefined {
  const parts = node.kind === "scalar" && typeof node.value === "string" ? SPAN.exec(node.value) : null;
  if (parts === null) return at.problems.add(node.line, "window", SPAN_WORDS);
  const span = { n: Number(parts[1]), unit: `${parts[2]!}s` as Span["unit"] };
  const years = span.n / { days: 365, weeks: 52, months: 12, years: 1 }[span.unit];
  if (years > 150)
    return at.problems.add(
      node.line,
      "window",
      "Longer than 150 years; leave the window out to look back without limit.",
    );
  if (span.n < least) return at.problems.add(node.line, "window", `${SPAN_WORDS} It must be at least 1.`);
  return span;
}

const SPAN_SCHEMA: Json = { type: "string", pattern: SPAN.source };

/** A length of time of at least 1. */
export const span: Kind<Span> = { schema: SPAN_SCHEMA, read: (node, at) => readSpan(node, at, 1) };

/** A length of time that may be 0: `0 days`. */
export const spanOrNone: Kind<Span> = { schema: SPAN_SCHEMA, read: (node, at) => readSpan(node, at, 0) };

/** `12 months`, `[6 months, 3 months]`, or `[ever, 3 months]`. */
export const window: Kind<Window> = {
  schema: {
    anyOf: [
      SPAN_SCHEMA,
      {
        type: "array",
        prefixItems: [{ anyOf: [SPAN_SCHEMA, { const: "ever" }] }, SPAN_SCHEMA],
        items: false,
        minItems: 2,
      },
    ],
  },
  read(node, at) {
    if (node.kind === "scalar") {
      const from = readSpan(node, at, 1);
      return from === undefined ? undefined : { from, to: null };
    }
    if (node.kind !== "list" || node.items.length !== 2) {
      return at.problems.add(
        node.line,
        "window",
        "Write a window as `12 months`, or as two ends, the earlier first: `[6 months, 3 months]`.",
      );
    }
    return readEnds(node, at);
  },
};

function readEnds(node: ListNode, at: Context): Window | undefined {
  const [first, second] = [node.items[0]!, node.items[1]!];
  const ever = first.kind === "scalar" && first.value === "ever";
  const from = ever ? null : readSpan(first, at, 1);
  const to = readSpan(second, at, 0);
  if (from === undefined || to === undefined) return undefined;
  const made: Window = { from, to: to.n === 0 ? null : to };
  if (!turnedRound(made)) return ever && to.n === 0 ? EVER : made;
  const swapped =
    second.kind === "scalar" && first.kind === "scalar"
      ? `[${second.text}, ${first.text}]`
      : "[6 months, 3 months]";
  return at.problems.add(
    node.line,
    "window",
    `The window is turned round, and no day lies in it. The earlier end comes first: \`${swapped}\`.`,
  );
}

const FIRST = dayNumber("2023-01-01"); // two common years either side of a leap year
const DAYS = 1461;

/** Whether `a` reaches back at least as far as `b` from every day. Months against days are tried day by day. */
function reaches(a: Span | null, b: Span | null, strictly: boolean): boolean {
  const day = (span: Span | null, d: number) => windowBounds({ from: null, to: span }, d).upTo;
  for (let d = FIRST; d < FIRST + DAYS; d++) {
    if (strictly ? day(a, d) >= day(b, d) : day(a, d) > day(b, d)) return false;
  }
  return true;
}

/** Whether, on some reference date, no day lies in the window. */
function turnedRound(window: Window): boolean {
  return window.from !== null && !reaches(window.from, window.to, true);
}

/** Whether every day of `inner` lies in `outer`, on every reference date. */
export function liesWithin(inner: Window, outer: Window): boolean {
  const starts = outer.from === null || (inner.from !== null && reaches(outer.from, inner.from, false));
  return starts && reaches(inner.to, outer.to, false);
}
