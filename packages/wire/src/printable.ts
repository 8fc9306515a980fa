/**
 * Makes text from outside safe for a terminal, a page or a log: no control, no escape, no mark that reverses a line.
 */

/** Whether a text is a name that reads the same everywhere: 1 to 200 characters, one line, no space at its ends. */
export function isName(text: string): boolean {
  return /^[^\s\p{C}](?:[^\p{C}\p{Zl}\p{Zp}]{0,198}[^\s\p{C}])?$/u.test(text);
}

/** Whether a text is a run's id as a hub makes it: 32 lower-case hex digits. */
export function isRunId(text: string): boolean {
  return /^[0-9a-f]{32}$/.test(text);
}

/**
 * The text on one line: characters that do not print (controls, escapes, marks of direction) become blanks.
 * @param most characters that are kept
 */
export function printable(text: string, most: number): string {
  const line = text
    .slice(0, 4 * most)
    .replaceAll(/[\s\p{C}\p{Zl}\p{Zp}]+/gu, " ")
    .trim();
  return [...line].slice(0, most).join("").trim();
}
