/** Words that are never said of a practice or a group, wherever somebody reads: no rank, no blame. */

const NEVER = [
  ...["best", "worst", "outlier", "fail(s|ed|ing|ure)?", "poor(ly)?", "slipped", "target missed"],
  ...["underperform\\w*", "rank(ed|ing|s)?", "league", "good practice", "bad practice", "offender"],
];

/** Said of people's health and lives, or the title of a publication; of no practice. */
const OF_PEOPLE = [
  /\b(heart|kidney|renal|respiratory)[ -]failure/gi,
  /\brich and poor\b/gi,
  /\bbest practice guidance\b/gi,
];

/** The words of a text that are never said. */
export function neverSaid(text: string): string[] {
  const rest = OF_PEOPLE.reduce((all, term) => all.replaceAll(term, ""), text);
  return [...rest.matchAll(new RegExp(`\\b(${NEVER.join("|")})\\b`, "gi"))].map(([word]) => word);
}
