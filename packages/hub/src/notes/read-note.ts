/** A note as it is typed into a form, read strictly: what is wrong is said beside its field. */
import { readDate } from "@cairn/query-library";
import { exampleDay, type NoteProblem } from "@cairn/pages";
import { shortDate } from "@cairn/text";

const KINDS = ["note", "aim", "test-of-change"] as const;
export type NoteKind = (typeof KINDS)[number];

/** A note of a group, before it is kept. Shares in 0..1, dates ISO. */
export interface DraftNote {
  readonly kind: NoteKind;
  readonly date: string;
  readonly text: string;
  readonly share: number | null; // of an aim
  readonly measured_by: string | null; // of a test of change
  readonly until: string | null; // of an aim and of a test of change
}

/** Fields as a browser sends them. */
export type NoteFields = Readonly<Record<string, string | undefined>>;

const TEXT = 400;
const MEASURE = 120;
const YEARS = 10;

/**
 * Reads a note.
 * @param today ISO: what was done is not in the future, and an aim not in the past
 * @param practices names that no note may hold: it is about the group
 */
export function readNote(
  fields: NoteFields,
  today: string,
  practices: readonly string[],
): { readonly note: DraftNote } | { readonly problems: readonly NoteProblem[] } {
  const problems: NoteProblem[] = [];
  const wrong = (field: NoteProblem["field"], words: string): null => {
    problems.push({ field, words });
    return null;
  };
  const kind = KINDS.find((each) => each === fields["kind"]) ?? wrong("kind", "Choose what you write down.");
  const text = lineOf(fields["text"]);
  if (text === "") wrong("text", "Write what it is.");
  else checkLine("text", text, TEXT, practices, wrong);
  const date = lineOf(fields["date"]) === "" ? today : dateOf("date", fields["date"], today, wrong);
  if (date !== null && date > today) wrong("date", "The date is today or earlier.");
  if (date !== null && yearsApart(date, today) > YEARS)
    wrong("date", `The date is at most ${YEARS} years back.`);
  const until = kind === null || kind === "note" ? null : untilOf(fields, today, wrong);
  const share = kind === "aim" ? shareOf(fields["share"], wrong) : null;
  const measured_by = kind === "test-of-change" ? lineOf(fields["measured_by"]) : null;
  if (measured_by === "") wrong("measured_by", "Write what you will look at to see whether it helped.");
  else if (measured_by !== null) checkLine("measured_by", measured_by, MEASURE, practices, wrong);
  if (kind === null || date === null || problems.length > 0) return { problems };
  return { note: { kind, date, text, share, measured_by, until } };
}

type Wrong = (field: NoteProblem["field"], words: string) => null;

/** Typed text on one line. */
function lineOf(typed: string | undefined): string {
  return (typed ?? "").replaceAll(/[\s\p{Zl}\p{Zp}]+/gu, " ").trim();
}

function checkLine(
  field: "text" | "measured_by",
  text: string,
  most: number,
  practices: readonly string[],
  wrong: Wrong,
): void {
  if (text.length > most) wrong(field, `Write at most ${most} characters; it has ${text.length}.`);
  if (/\p{C}/u.test(text)) wrong(field, "It holds a character that does not print; type it again.");
  if (practices.some((name) => names(text, name)))
    wrong(
      field,
      "Leave names of practices out: what is written here is about the group, and everyone reads it.",
    );
}

/** Whether a text holds a name as words of their own. */
function names(text: string, name: string): boolean {
  const padded = (words: string): string =>
    ` ${words
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]+/gu, " ")
      .trim()} `;
  return padded(text).includes(padded(name));
}

function dateOf(
  field: "date" | "until",
  typed: string | undefined,
  example: string,
  wrong: Wrong,
): string | null {
  return readDate(typed ?? "") ?? wrong(field, `Write the date as day/month/year, ${shortDate(example)}.`);
}

function untilOf(fields: NoteFields, today: string, wrong: Wrong): string | null {
  const until = dateOf("until", fields["until"], exampleDay(today), wrong);
  if (until === null) return null;
  if (until <= today) return wrong("until", "Choose a date after today, to look at it again.");
  if (yearsApart(today, until) > YEARS) return wrong("until", `Choose a date within ${YEARS} years.`);
  return until;
}

function shareOf(typed: string | undefined, wrong: Wrong): number | null {
  const [, digits] = /^(\d{1,3}) ?%?$/.exec(lineOf(typed)) ?? [];
  const whole = Number(digits);
  if (digits === undefined || whole > 100) return wrong("share", "Write a whole per cent from 0 to 100.");
  return whole / 100;
}

function yearsApart(earlier: string, later: string): number {
  return Number(later.slice(0, 4)) - Number(earlier.slice(0, 4));
}
