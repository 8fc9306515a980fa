/** The problems of a query or codelist, each with what to write instead. */

/** Kinds of mistake, whatever the words of the problem. A closed list. */
export type ProblemCode =
  | "yaml" // not readable as plain YAML 1.2
  | "unknown-key"
  | "missing-key"
  | "wrong-value"
  | "unknown-form"
  | "unknown-fact"
  | "wrong-fact" // a date used as a value, and the like
  | "circular-fact"
  | "unused-fact"
  | "unknown-codelist"
  | "unused-codelist"
  | "wrong-codelist" // clinical where medicine is meant, or the reverse
  | "bad-codelist"
  | "unknown-register"
  | "register-version" // another version than the one that is there
  | "bad-register"
  | "window"
  | "contradiction"
  | "numerator" // cannot lie inside the denominator
  | "same-day"
  | "unit"
  | "if-missing"
  | "budget"
  | "example";

export interface Problem {
  readonly file: string;
  readonly line: number; // 1-based
  readonly code: ProblemCode;
  readonly words: string;
}

/** Collects problems of one file, in the order of its lines. */
export class Problems {
  readonly file: string;
  readonly #found: Problem[] = [];

  constructor(file: string) {
    this.file = file;
  }

  /** Records a problem; returns undefined so that a reader can end with it. */
  add(line: number, code: ProblemCode, words: string): undefined {
    this.#found.push({ file: this.file, line, code, words });
    return undefined;
  }

  get any(): boolean {
    return this.#found.length > 0;
  }

  list(): Problem[] {
    return this.#found.toSorted((a, b) => a.line - b.line);
  }
}

/** One line for a person: file, line, what is wrong and what to write. */
export function problemLine(problem: Problem): string {
  return `${problem.file}:${problem.line}: ${problem.words}`;
}

/** The known names nearest to the one written: those that contain it, then those of the fewest changes. */
export function nearest(written: string, known: Iterable<string>, most = 5): string[] {
  const ranked = [...known].map((name) => ({
    name,
    far: distance(written, name) - (name.includes(written) ? 1000 : 0),
  }));
  return ranked
    .sort((a, b) => a.far - b.far)
    .slice(0, most)
    .map(({ name }) => name);
}

/** ` Did you mean \`x\`?` where one of the known names is close to what was written; else the names themselves. */
export function suggest(written: string, known: Iterable<string>): string {
  const names = [...known];
  const ranked = names.map((name) => ({ name, far: distance(written, name) })).sort((a, b) => a.far - b.far);
  const nearest = ranked[0];
  if (nearest === undefined) return "";
  if (nearest.far <= Math.ceil(nearest.name.length / 3)) return ` Did you mean \`${nearest.name}\`?`;
  return ` There is: ${names.slice(0, 40).join(", ")}.`;
}

/** Levenshtein distance, on at most 60 characters. */
function distance(a: string, b: string): number {
  const [from, to] = [a.slice(0, 60), b.slice(0, 60)];
  let row = Array.from({ length: to.length + 1 }, (_, j) => j);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const change = row[j - 1]! + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(change, row[j]! + 1, next[j - 1]! + 1));
    }
    row = next;
  }
  return row[to.length]!;
}
