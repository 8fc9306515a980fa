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
/** Only what says of what it is a part is longer than "cigarettes a day" is. */
const LONGEST_PLAIN_UNIT = 20;
const MOST_WORDS_OF_A_PLAIN_UNIT = 3;
const RATIO = /[/%^*]|\bper\b/i;
/** "mL/min/1.73m2" has four; the number of a telephone or of a person has ten. */
const MOST_DIGITS_OF_A_UNIT = 9;
const DATE =
  /\b(?:\d{1,2}[./-]\d{1,2}[./-](?:\d\d){1,2}|\d{4}-\d\d-\d\d|\d{1,2}[ ./-]?(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*[ ./-]?(?:\d\d){1,2})\b/i;
const POSTCODE = /\b[a-z]{1,2}\d[a-z\d]? +\d[a-z]{2}\b/i;
const LONGEST_CLINICIAN = 64;

/** A number of a British telephone: 020 7946 0000, +44 20 7946 0000. */
const TELEPHONE = /^(?:(?:\+|00)44\(?0?\)?|0)[1-37-9]\d{8,9}$/;

/** Why the text is no code of the system; null where it may be one. */
export function noCode(system: CodeSystem, text: string): string | null {
  if (text.length > LONGEST_CODE) return `it is longer than ${LONGEST_CODE} characters`;
  if (/\S\s+\S/.test(text)) return "it holds spaces";
  const common = noColumn(text);
  if (common !== null) return common;
  if (system !== "rxnorm" && [text, ...numbersIn(text)].some(isPersonsNumber))
    return "it has the form of a telephone or NHS number";
  return null;
}

/** Why the text is no unit; null where it may be one. */
export function noUnit(text: string): string | null {
  const common = noColumn(text);
  if (common !== null) return common;
  if (text.replaceAll(/\D/g, "").length > MOST_DIGITS_OF_A_UNIT)
    return `it has more than ${MOST_DIGITS_OF_A_UNIT} digits`;
  if (DATE.test(text)) return "it holds a date";
  if (POSTCODE.test(text)) return "it holds a postcode";
  const [characters, words] = RATIO.test(text)
    ? [LONGEST_UNIT, MOST_WORDS_OF_A_UNIT]
    : [LONGEST_PLAIN_UNIT, MOST_WORDS_OF_A_PLAIN_UNIT];
  if (text.length > characters || text.split(/\s+/).length > words)
    return `it is longer than ${characters} characters or ${words} words`;
  return null;
}

/** Why the text names no clinician: a name, an initial or an id; null where it may be one. */
export function noClinician(text: string): string | null {
  if (text.length > LONGEST_CLINICIAN) return `it is longer than ${LONGEST_CLINICIAN} characters`;
  const common = noColumn(text);
  if (common !== null) return common;
  // An id may be any number; only what is written as a telephone's or a person's number is one.
  if (numbersIn(text).some((digits) => (digits !== text || /\D/.test(text)) && isPersonsNumber(digits)))
    return "it has the form of a telephone or NHS number";
  if (DATE.test(text)) return "it holds a date";
  if (POSTCODE.test(text)) return "it holds a postcode";
  return null;
}

/** Why the text can be in none of these columns. */
function noColumn(text: string): string | null {
  if (text.includes("@")) return "it is an e-mail address";
  return /\p{Cc}/u.test(text.trim()) ? "it holds a control character" : null;
}

/** The long numbers of a text, with what stands between their digits. */
function numbersIn(text: string): string[] {
  return text.match(/\+?\d[\d .()+-]{8,}\d/g) ?? [];
}

function isPersonsNumber(text: string): boolean {
  const plain = text.replaceAll(/[ .()-]/g, "");
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
