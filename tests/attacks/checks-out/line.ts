/** What is said of each check: the lines of the table. */
import type { CHECKS } from "./checks.js";

/** A test: its file, and its name in it. */
type NamedTest = readonly [file: string, name: string];

interface Line {
  readonly test: NamedTest;
  /** What stands in the failure of the assertion that has to fail: its name, or what was expected and found. */
  readonly fails: string;
  readonly without: readonly (keyof typeof CHECKS)[];
}

/** By the lie that the checks refuse. */
export type Lines = Readonly<Record<string, readonly Line[]>>;

export const line = (test: NamedTest, fails: string, ...without: Line["without"]): Line => ({
  ...{ test, fails, without },
});

/** A test of the keeper. */
export const keeper = (file: string, name: string): NamedTest => [
  `packages/keeper/test/${file}.test.ts`,
  name,
];
