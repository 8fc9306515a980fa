import type { Query } from "./query.js";

/**
 * Whether the words of a query that people read before they accept it (title, question, registers, review) hold only
 * characters that print: they reach terminals and a practice's page. A keeper takes in no library with another.
 */
export function isReadable({ title, question, review, registers }: Query): boolean {
  const ofRegisters = registers.flatMap((each) => [each.title, each.meaning, each.source]);
  const words = [title, question, review.writtenBy ?? "", review.reviewedBy ?? "", ...ofRegisters];
  return !words.some((text) => /[^\P{C}\n\t]/u.test(text));
}
