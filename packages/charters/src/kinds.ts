/** The kinds of value that a charter's fields have, each with its reader. */
import { PolicyError } from "@cairn/disclosure";
import { tryDayNumber } from "@cairn/query-library";
import {
  knownKeys,
  oneOf,
  pattern,
  severalOf,
  text,
  type Kind,
  type Reading,
} from "@cairn/query-library/reading";
import { ASKERS, CHARTER_ROLES, ROLE_NAMES, type Asker, type Charter, type NewQueryRule } from "./charter.js";
import { covers } from "./compose.js";
import { LEAST_K, policyOfFloor } from "./floor.js";

/** The reader of a value: undefined, with the problem recorded, where it cannot be read. */
export type Reader<T> = Pick<Kind<T, Reading>, "read">;

export const name = (words: string): Reader<string> => pattern(/^[a-z][a-z0-9-]{0,59}$/, words);

/** A value that nobody need give: null, where nobody did. */
export function orNull<T>(kind: Reader<T>): Reader<T | null> {
  return { read: (node, at) => (node.kind === "scalar" && node.value === null ? null : kind.read(node, at)) };
}

/** One line of at most so many characters. */
export function line(most: number): Reader<string> {
  return {
    read(node, at) {
      const read = text(most).read(node, at);
      if (read === undefined || !read.includes("\n")) return read;
      return at.problems.add(node.line, "wrong-value", "Write it as one paragraph, without an empty line.");
    },
  };
}

export const day: Reader<string> = {
  read(node, at) {
    const written = node.kind === "scalar" ? node.text : "";
    if (tryDayNumber(written) !== null) return written;
    return at.problems.add(node.line, "wrong-value", "Write a date of the calendar: `review: 2027-03-31`.");
  },
};

const MOST_MONTHS = 600;

/** A time to keep, in months. */
export const months: Reader<number> = {
  read(node, at) {
    const [, n, unit] = (node.kind === "scalar" ? /^(\d{1,3}) (month|year)s?$/.exec(node.text) : null) ?? [];
    const length = Number(n) * (unit === "year" ? 12 : 1);
    if (length >= 1 && length <= MOST_MONTHS) return length;
    return at.problems.add(
      node.line,
      "wrong-value",
      "Write a length of 1 month to 50 years: `keep_for: 60 months`.",
    );
  },
};

const MOST_DAYS = 365;
const DAYS = /^(\d{1,3}) days?$/;
const RULE_WORDS =
  "Write `new_query: ask`, `accept-signed`, `{accept-after: 14 days}` or `{delegate: name-of-the-body}`.";

export const newQuery: Reader<NewQueryRule> = {
  read(node, at) {
    if (node.kind === "scalar" && (node.value === "ask" || node.value === "accept-signed"))
      return { rule: node.value };
    const [key, entry] = node.kind === "map" && node.entries.size === 1 ? [...node.entries][0]! : [];
    const value = entry?.value.kind === "scalar" ? entry.value.text : "";
    if (key === "accept-after") {
      const days = Number(DAYS.exec(value)?.[1]);
      if (days >= 1 && days <= MOST_DAYS) return { rule: "accept-after", days };
      const words = `Write 1 to ${MOST_DAYS} days: \`new_query: {accept-after: 14 days}\`.`;
      return at.problems.add(node.line, "wrong-value", words);
    }
    if (key === "delegate") {
      const words =
        "Name the body that accepts for practices, in lower-case letters, digits and `-`: `new_query: {delegate: its-name}`.";
      const body = entry && name(words).read(entry.value, at);
      return body === undefined ? undefined : { rule: "delegate", body };
    }
    return at.problems.add(node.line, "wrong-value", RULE_WORDS);
  },
};

export const floor: Reader<string> = {
  read(node, at) {
    const written = node.kind === "scalar" ? node.text : "";
    try {
      const policy = policyOfFloor(written);
      if (policy === null)
        return at.problems.add(
          node.line,
          "wrong-value",
          "Write below how many people a count is withheld, and to what it is rounded (5, 6 or 10): `floor: k8-r5`.",
        );
      if (policy.k >= LEAST_K) return written;
    } catch (error) {
      if (!(error instanceof PolicyError)) throw error;
      return at.problems.add(node.line, "wrong-value", `The floor does not hold: ${error.message}.`);
    }
    const words = `\`${written}\` withholds too little: no charter may go below \`k${LEAST_K}\`. Write \`floor: k8-r5\`.`;
    return at.problems.add(node.line, "wrong-value", words);
  },
};

export const asks: Reader<readonly Asker[]> = {
  read(node, at) {
    const read = severalOf(oneOf(ASKERS)).read(node, at);
    return read && ASKERS.filter((role) => read.includes(role));
  },
};

export const sees: Reader<Charter["sees"]> = {
  read(node, at) {
    if (node.kind !== "map")
      return at.problems.add(
        node.line,
        "wrong-value",
        "Say for each role what it sees: `sees: {practice-lead: own, analyst: group}`.",
      );
    const roles = knownKeys(node, ROLE_NAMES, at, "sees");
    const read = ROLE_NAMES.map((role) => {
      const entry = node.entries.get(role);
      if (entry === undefined) return [role, "nothing"] as const;
      const { sights, words } = CHARTER_ROLES[role];
      const sight = sights.find((each) => entry.value.kind === "scalar" && each === entry.value.value);
      if (sight !== undefined) return [role, sight] as const;
      const can = `For ${words} write one of: ${sights.join(", ")}.`;
      return [role, at.problems.add(entry.line, "wrong-value", can)] as const;
    });
    const whole = read.every(([, sight]) => sight !== undefined);
    return roles && whole ? (Object.fromEntries(read) as Charter["sees"]) : undefined;
  },
};

const QUERY = pattern(
  /^([a-z][a-z0-9-]{0,79}\*?|\*)$/,
  "Write names of queries, or how they begin with `*`: `queries: [records-*, bp-control]`.",
);

const MOST_QUERIES = 200;

/** Names of queries, sorted, without those that another covers. */
export const queries: Reader<readonly string[]> = {
  read(node, at) {
    const read = severalOf(QUERY).read(node, at);
    if (read !== undefined && read.length > MOST_QUERIES) {
      const words = `Name at most ${MOST_QUERIES} queries, or how they begin: \`queries: [records-*]\`.`;
      return at.problems.add(node.line, "wrong-value", words);
    }
    return read
      ?.filter((one) => !read.some((other) => other !== one && covers(other, one)))
      .toSorted((a, b) => (a < b ? -1 : 1));
  },
};
