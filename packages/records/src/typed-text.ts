/**
 * Tells text that somebody typed from what the columns of codes, units and clinicians are for: it may name a person, and
 * is not kept. Each reason is the same text for every such entry, and holds nothing of it.
 */
import type { CodeSystem } from "@cairn/query-library";
import { isSnomedId } from "./snomed-id.js";

const LONGEST_CODE = 64;
/** "ml/min/1.73 square metres of body surface area" is one of the longest that extracts have. */
const LONGEST_UNIT = 50;
const MOST_WORDS_OF_A_UNIT = 8;
/** "mL/min/1.73m2" has four; the number of a telephone or of a person has ten. */
const MOST_DIGITS_OF_A_UNIT = 9;
const DATE = /\b(?:\d{1,2}[./-]\d{1,2}[./-](?:\d\d){1,2}|\d{4}-\d\d-\d\d)\b/;
const LONGEST_CLINICIAN = 64;

const EMAIL = /[^\s@]@[^\s@]+\.[a-z]{2}/i;
/** A number of a British telephone: 020 7946 0000, +44 20 7946 0000. */
const TELEPHONE = /^(?:(?:\+|00)44\(?0?\)?|0)[1-37-9]\d{8,9}$/;

/** Why the text is no code of the system; null where it may be one. */
export function noCode(system: CodeSystem, text: string): string | null {
  if (text.length > LONGEST_CODE) return `it is longer than ${LONGEST_CODE} characters`;
  if (EMAIL.test(text)) return "it is an e-mail address";
  if (/\S\s+\S/.test(text)) return "it holds spaces";
  if (system !== "rxnorm" && isPersonsNumber(text)) return "it has the form of a telephone or NHS number";
  return null;
}

/** Why the text is no unit; null where it may be one. */
export function noUnit(text: string): string | null {
  if (EMAIL.test(text)) return "it is an e-mail address";
  if (text.replaceAll(/\D/g, "").length > MOST_DIGITS_OF_A_UNIT)
    return `it has more than ${MOST_DIGITS_OF_A_UNIT} digits`;
  if (DATE.test(text)) return "it holds a date";
  if (text.length > LONGEST_UNIT || text.split(/\s+/).length > MOST_WORDS_OF_A_UNIT)
    return `it is longer than ${LONGEST_UNIT} characters or ${MOST_WORDS_OF_A_UNIT} words`;
  return null;
}

/** Why the text names no clinician: a name, an initial or an id; null where it may be one. */
export function noClinician(text: string): string | null {
  if (text.length > LONGEST_CLINICIAN) return `it is longer than ${LONGEST_CLINICIAN} characters`;
  if (EMAIL.test(text)) return "it is an e-mail address";
  const digits = /\d[\d ()+-]{8,}\d/.exec(text)?.[0] ?? "";
  // An id may be any number; only what is written as a telephone's or a person's number is one.
  if (digits !== text ? isPersonsNumber(digits) : /[ ()+-]/.test(text) && isPersonsNumber(text))
    return "it has the form of a telephone or NHS number";
  return null;
}

function isPersonsNumber(text: string): boolean {
  const plain = text.replaceAll(/[ ()-]/g, "");
  return !isSnomedId(plain) && (TELEPHONE.test(plain) || isNhsNumber(plain));
}

/** Ten digits from 4 on, of which the last is the check digit (modulus 11). */
function isNhsNumber(plain: string): boolean {
  if (!/^[4-9]\d{9}$/.test(plain)) return false;
  let sum = 0;
  for (let i = 0; i < 9; i++) sum += Number(plain[i]) * (10 - i);
  return (11 - (sum % 11)) % 11 === Number(plain[9]);
}

/** Counts texts that were not kept, by their reasons. */
export class TextTally {
  readonly #counts = new Map<string, number>();

  /** Counts the reason, where there is one. @returns whether there is */
  note(reason: string | null): reason is string {
    if (reason === null) return false;
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + 1);
    return true;
  }

  /** The reasons with their counts, as sentences on what they are of; the commonest first. */
  words(what: string): string[] {
    return [...this.#counts]
      .sort(([, a], [, b]) => b - a)
      .map(([reason, count]) => `${count} ${what} not kept: ${reason}`);
  }
}
