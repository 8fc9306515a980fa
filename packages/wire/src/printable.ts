/** Text from outside, before it reaches a terminal, a page or a log: no control, no escape, nothing that turns lines round. */

/** Whether this is a name that reads the same wherever it stands: 1 to 200 characters, one line, no space at its ends. */
export function isName(text: string): boolean {
  return /^[^\s\p{C}](?:[^\p{C}\p{Zl}\p{Zp}]{0,198}[^\s\p{C}])?$/u.test(text);
}

/**
 * The text on one line: whatever is not printed (controls, escapes, marks of direction) becomes a blank.
 * @param most characters that are kept
 */
export function printable(text: string, most: number): string {
  const line = text
    .slice(0, 4 * most)
    .replaceAll(/[\s\p{C}\p{Zl}\p{Zp}]+/gu, " ")
    .trim();
  return [...line].slice(0, most).join("").trim();
}
