/** Forms by which a group writes down what it found, aims at and tries, and what came of it. */
import { duePlans, noteWords, type GroupNote } from "@cairn/comparisons";
import { addMonths, dayNumber, isoDate } from "@cairn/query-library";
import { html, longDate, type Markup, shortDate } from "@cairn/text";
import type { FormProblem } from "../problems.js";
import { dateField } from "./date-field.js";
import { tokenField } from "../sign-in/fields.js";

/** A field of a note's form, and what is wrong with it. */
export interface NoteProblem {
  readonly field: "kind" | "date" | "text" | "share" | "measured_by" | "until";
  readonly words: string;
}

/** Typed text, by the name of its field. */
type DraftFields = Readonly<Record<string, string | undefined>>;

interface NoteForm {
  /** The address that a note is sent to; of an outcome, with `/outcome` behind. */
  readonly action: string;
  /** What says that the form is from here. */
  readonly token: string;
  /** All notes of the question, each with its number at the hub. */
  readonly notes: readonly (GroupNote & { readonly id: number; readonly written_by: string })[];
  readonly today: string; // ISO
  readonly typed: DraftFields;
  readonly problems: readonly NoteProblem[];
}

/** The forms of a question: what came of its plans whose day has come, then a new note. */
export function writeForms(forms: NoteForm): Markup {
  const due = duePlans(forms.notes, forms.today);
  return html`${due.map((note) => outcomeForm(forms, note))} ${writtenBefore(forms.notes)} ${noteForm(forms)}`;
}

function writtenBefore(notes: NoteForm["notes"]): Markup | null {
  if (notes.length === 0) return null;
  return html`<h3 class="nhsuk-heading-s">Written down before</h3>
    <ul class="nhsuk-list nhsuk-list--bullet">
      ${notes.map((note) => html`<li>${longDate(note.date)}, by ${note.written_by}. ${noteWords(note)}</li>`)}
    </ul>`;
}

function outcomeForm({ action, token }: NoteForm, note: NoteForm["notes"][number]): Markup {
  const id = `outcome-${note.id}`;
  return html`<form method="post" action="${action}/outcome" class="cairn-form">
    ${tokenField(token)}<input type="hidden" name="note" value="${note.id}" />
    <fieldset class="nhsuk-fieldset">
      <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--s">
        Its day has come: what came of this? <span class="cairn-quote">${noteWords(note)}</span>
      </legend>
      ${radio(id, "outcome", "kept", "We keep it", null)}
      ${radio(id, "outcome", "changed", "We changed it", null)}
      ${radio(id, "outcome", "dropped", "We dropped it", null)}
    </fieldset>
    <button class="nhsuk-button nhsuk-button--secondary" type="submit">Save what came of it</button>
  </form>`;
}

function noteForm({ action, token, typed, problems, today }: NoteForm): Markup {
  const kind = typed["kind"] ?? "test-of-change";
  return html`<form method="post" action="${action}" class="cairn-form" novalidate>
    ${tokenField(token)}
    <h3 class="nhsuk-heading-s">Write down what you agree</h3>
    <p class="cairn-small">
      It is about the group, and every practice of the group reads it, with your name here. No practice and no
      patient is named in it.
    </p>
    <fieldset class="nhsuk-fieldset">
      <legend class="nhsuk-fieldset__legend nhsuk-fieldset__legend--s">What is it?</legend>
      ${problemsAt(problems, "kind")}
      ${radio("note-kind", "kind", "test-of-change", "A change that we try", kind)}
      ${radio("note-kind", "kind", "aim", "An aim", kind)}
      ${radio("note-kind", "kind", "note", "A note", kind)}
    </fieldset>
    ${input("text", "In words", "We will try …", typed, problems, "long")}
    ${input("until", "By when", `Of a change or an aim, as ${shortDate(exampleDay(today))}: you look at it again then.`, typed, problems, "date")}
    ${input("measured_by", "Measured by", "Of a change: what you look at to see whether it helped.", typed, problems)}
    ${input("share", "Per cent", "Of an aim: a whole number, 0 to 100.", typed, problems)}
    ${input("date", "From", `As ${shortDate(today)}; today where you leave it out.`, typed, problems, "date")}
    <button class="nhsuk-button" type="submit">Write it down</button>
  </form>`;
}

/** A day to look at something again, as an example: three months on. @param today ISO */
export function exampleDay(today: string): string {
  return isoDate(addMonths(dayNumber(today), 3));
}

/** The problems that the page of the form says first. */
export function noteNotSaved(problems: readonly NoteProblem[]): FormProblem[] {
  return problems.map(({ field, words }) => ({ words, at: `note-${field}` }));
}

function problemsAt(problems: readonly NoteProblem[], field: NoteProblem["field"]): Markup | null {
  const own = problems.filter((problem) => problem.field === field);
  if (own.length === 0) return null;
  return html`<p class="nhsuk-error-message" id="note-${field}-problem">
    ${own.map(({ words }) => words).join(" ")}
  </p>`;
}

function input(
  field: Exclude<NoteProblem["field"], "kind">,
  label: string,
  hint: string,
  typed: DraftFields,
  problems: readonly NoteProblem[],
  size: "long" | "short" | "date" = "short",
): Markup {
  const id = `note-${field}`;
  const problem = problemsAt(problems, field);
  const described = `${id}-hint${problem ? ` ${id}-problem` : ""}`;
  const value = typed[field] ?? "";
  return html`<div class="nhsuk-form-group">
    <label class="nhsuk-label" for="${id}">${label}</label>
    <div class="nhsuk-hint" id="${id}-hint">${hint}</div>
    ${problem}
    ${
      size === "date"
        ? dateField({ id, name: field, typed: value, describedBy: described })
        : size === "long"
          ? html`<textarea
              class="nhsuk-textarea"
              id="${id}"
              name="${field}"
              rows="3"
              aria-describedby="${described}"
            >
${value}</textarea>`
          : html`<input
              class="nhsuk-input"
              id="${id}"
              name="${field}"
              type="text"
              value="${value}"
              aria-describedby="${described}"
            />`
    }
  </div>`;
}

function radio(group: string, name: string, value: string, label: string, chosen: string | null): Markup {
  const id = value === "test-of-change" ? group : `${group}-${value}`;
  const checked = value === chosen ? html` checked` : null;
  return html`<div class="cairn-radio">
    <input type="radio" id="${id}" name="${name}" value="${value}" required${checked} />
    <label for="${id}">${label}</label>
  </div>`;
}

/** The form by which a group chooses the questions that it looks at first. */
interface ChoiceForm {
  readonly action: string;
  readonly token: string;
  readonly questions: readonly { readonly query: string; readonly title: string }[];
  readonly chosen: readonly string[];
}

const PLACES = ["first", "second", "third", "fourth", "fifth"] as const;

/** @returns five lists to choose from, one for each place */
export function chooseForm({ action, token, questions, chosen }: ChoiceForm): Markup {
  return html`<section aria-labelledby="choose">
    <h2 id="choose" class="nhsuk-heading-m">Choose what you look at first</h2>
    <p>
      Three to five questions that you hold important and can change. The others stay below, by topic. One
      named twice counts once.
    </p>
    <form method="post" action="${action}" class="cairn-form cairn-form--wide">
      ${tokenField(token)}
      <div class="cairn-fields">
        ${PLACES.map(
          (place, i) =>
            html`<div class="nhsuk-form-group">
              <label class="nhsuk-label" for="choose-${place}">The ${place}</label>
              <select class="nhsuk-select" id="choose-${place}" name="${place}">
                <option value="">None</option>
                ${questions.map(({ query, title }) =>
                  query === chosen[i]
                    ? html`<option value="${query}" selected>${title}</option>`
                    : html`<option value="${query}">${title}</option>`,
                )}
              </select>
            </div>`,
        )}
      </div>
      <button class="nhsuk-button nhsuk-button--secondary" type="submit">Choose these</button>
    </form>
  </section>`;
}

/** The names of the form's fields, in the order of its places. */
export const CHOICES: readonly string[] = PLACES;
