/** What a practice wrote down for itself about a question, and the forms that write and remove it. */
import { forWhom, html, longDate, type Markup, shortDate } from "@cairn/text";
import type { FormProblem } from "../problems.js";
import type { OwnNote } from "../question/view.js";
import { dateField } from "../question/date-field.js";
import { tokenField } from "../sign-in/fields.js";

export interface PracticeNote extends OwnNote {
  readonly id: number; // at the keeper
  readonly by: string;
}

/** A reason why a note was not kept: a sentence, and the field that it is about. */
export interface OwnNoteProblem {
  readonly field: "date" | "text";
  readonly words: string;
}

export interface OwnNoteForm {
  /** The address that a note is sent to; to remove one, with `/remove` behind. */
  readonly action: string;
  readonly token: string;
  readonly typed: Readonly<Record<string, string | undefined>>;
  readonly problem: OwnNoteProblem | null;
  readonly today: string; // ISO
}

/** The notes, each with the form that removes it, and the form for a new one. @param form null for a reader who may not write */
export function ownNotes(notes: readonly PracticeNote[], form: OwnNoteForm | null): Markup | null {
  if (notes.length === 0 && form === null) return null;
  return html`<h3 id="notes">What we wrote down</h3>
    ${
      notes.length > 0 &&
      html`<ul>
        ${notes.map((note) => html`<li>${longDate(note.date)}, by ${note.by}: ${note.text} ${form && removeForm(form, note)}</li>`)}
      </ul>`
    }
    ${form && forWhom({ sends: form.action }, writeForm(form))}`;
}

function removeForm({ action, token }: OwnNoteForm, { id, date }: PracticeNote): Markup {
  const remove = `${action}/remove`;
  return forWhom(
    { sends: remove },
    html`<form method="post" action="${remove}" class="cairn-decide">
      ${tokenField(token)}<input type="hidden" name="note" value="${id}" />
      <button type="submit" class="cairn-quiet">Remove the note of ${longDate(date)}</button>
    </form>`,
  );
}

function writeForm({ action, token, typed, problem, today }: OwnNoteForm): Markup {
  return html`<form method="post" action="${action}" class="cairn-find">
    ${tokenField(token)}
    <p>
      A note stands on the line at its date. It stays in this practice: no group and no hub reads it. Name no
      patient.
    </p>
    <div>
      <label for="note-date">Date, as ${shortDate(today)}; today where you leave it out</label>
      ${problem?.field === "date" && problemAt(problem)}
      ${dateField({ id: "note-date", name: "date", typed: typed["date"], describedBy: problem?.field === "date" ? "note-date-problem" : null })}
    </div>
    <div>
      <label for="note-text">What changed here</label>
      ${problem?.field === "text" && problemAt(problem)}
      <input
        id="note-text"
        name="text"
        type="text"
        value="${typed["text"] ?? ""}"
        ${problem?.field === "text" && html`aria-describedby="note-text-problem"`}
        required
      />
    </div>
    <button type="submit">Write it down</button>
  </form>`;
}

function problemAt({ field, words }: OwnNoteProblem): Markup {
  return html`<span class="nhsuk-error-message" id="note-${field}-problem">${words}</span>`;
}

/** The problems that the page of the form says first. */
export function notesNotSaved(form: OwnNoteForm | null): FormProblem[] {
  const problem = form?.problem;
  return problem ? [{ words: problem.words, at: `note-${problem.field}` }] : [];
}
