/** A charter to fill in: what its preset leaves open, each with what to write. */
import { FIELDS } from "./fields.js";

const OPEN = ["purpose", "controller", "lawfulBasis", "keepFor", "review"] as const;
const BESIDE = ["lead", "supporter", "provider"] as const;

/**
 * The text of a charter's file that does not check until its open lines are filled in.
 * @param group its name. @param preset name of the preset. @param text the preset's own
 */
export function charterDraft(group: string, preset: string, text: string): string {
  const open = OPEN.map((name) => FIELDS[name]).flatMap(({ key, absent }) => [
    `# ${"words" in absent ? absent.words : ""}`,
    `${key}:`,
  ]);
  const beside = BESIDE.map((name) => `# ${FIELDS[name].key}:`);
  const body = /^new_query: *\{ *delegate: *BODY *\}/m.test(text)
    ? ["# The body to which practices may leave it to accept questions.", "new_query: {delegate: }"]
    : [];
  return [
    "# Fill in what is open, then: cairn charter check FILE. The rest is its preset's.",
    `charter: ${group}`,
    `extends: ${preset}`,
    ...open,
    ...body,
    "# Who leads, supports and provides, where somebody does:",
    ...beside,
    "# Each question waits for witnesses, as the preset says, unless you write:",
    "# witness: not-required",
    "",
  ].join("\n");
}
