/** The differences between two versions of a query, in the words of the explanation. */
import { explain, type Rule } from "./explain/index.js";
import { flat } from "./explain/phrases.js";
import type { Codelist, Query } from "./query.js";

export interface Change {
  readonly where: string; // section and rule
  readonly was: string | null; // null: it is new
  readonly is: string | null; // null: it is gone
}

/**
 * Every rule that differs, in the order of the explanation; codelists that changed with the number of codes. Empty
 * where the two mean and say the same.
 */
export function diff(a: Query, b: Query): Change[] {
  const [before, after] = [rows(a), rows(b)];
  const keys = [...new Set([...before.keys(), ...after.keys()])];
  const changes = keys.flatMap((where) => {
    const [was, is] = [before.get(where) ?? null, after.get(where) ?? null];
    return was === is ? [] : [{ where, was, is }];
  });
  return [...renamed(a, b), ...changes, ...codeChanges(a, b)];
}

function renamed(a: Query, b: Query): Change[] {
  const name = (query: Query) => `${query.query}, version ${query.version}`;
  const title = a.title === b.title ? [] : [{ where: "Title", was: a.title, is: b.title }];
  return name(a) === name(b) ? title : [{ where: "Query", was: name(a), is: name(b) }, ...title];
}

/** Each rule by section and label; labels that recur are numbered. */
function rows(query: Query): Map<string, string> {
  const found = new Map<string, string>();
  for (const section of explain(query).sections) {
    const seen = new Map<string, number>();
    for (const rule of section.rules) {
      const n = (seen.get(rule.label) ?? 0) + 1;
      seen.set(rule.label, n);
      found.set(`${section.title} / ${rule.label}${n > 1 ? ` ${n}` : ""}`, ruleText(rule));
    }
  }
  return found;
}

function ruleText({ says, then }: Rule): string {
  return then === null ? flat(says) : `${flat(says)} -> ${then}`;
}

function codeChanges(a: Query, b: Query): Change[] {
  const before = byName(a);
  return [...byName(b).values()].flatMap((now) => {
    const was = before.get(now.name);
    if (was === undefined || was.digest === now.digest) return [];
    const had = new Set(was.codes);
    const has = new Set(now.codes);
    const [gained, lost] = [
      now.codes.filter((code) => !had.has(code)),
      was.codes.filter((code) => !has.has(code)),
    ];
    const words = [codeWords("added", gained), codeWords("removed", lost)]
      .filter((text) => text !== "")
      .join("; ");
    return [
      {
        where: `Codes of ${now.name}`,
        was: `version ${was.version}`,
        is: `version ${now.version}${words === "" ? "" : `: ${words}`}`,
      },
    ];
  });
}

function byName(query: Query): Map<string, Codelist> {
  return new Map(Object.values(query.codelists).map((list) => [list.name, list]));
}

function codeWords(what: string, codes: readonly string[]): string {
  if (codes.length === 0) return "";
  return `${codes.length} ${what} (${codes.slice(0, 5).join(", ")}${codes.length > 5 ? ", ..." : ""})`;
}
