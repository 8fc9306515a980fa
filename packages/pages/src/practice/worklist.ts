import { count, html, longDate, type Markup } from "@cairn/text";
import { tokenField } from "../sign-in/fields.js";
import { link, responsiveTable } from "../components.js";
import { folded, practicePage, questionPath, worklistPath } from "./frame.js";

/** The people behind a question's number, for the practice's own eyes. */
export interface PracticeWorklist {
  readonly practice: string | null;
  readonly query: string;
  readonly title: string;
  readonly date: string; // ISO
  readonly question: string;
  /** Who is on it and why, what the query counts, and that it stays here: sentences, three or more. */
  readonly heading: readonly string[];
  readonly notes: readonly string[]; // sentences
  readonly lists: readonly WorklistChoice[];
  readonly sorts: readonly WorklistChoice[];
  /** What is looked for; "" for everyone. */
  readonly find: string;
  readonly facts: readonly string[];
  readonly people: readonly WorklistRow[];
  readonly onTheList: number;
  /** The address that takes the list away as a file. */
  readonly csv: string;
  /** The token of its forms. */
  readonly token: string;
  readonly marks: readonly WorklistChoice[];
  /** What was typed into the form that marks before its person had to sign in again. */
  readonly typed: { readonly why: string; readonly mark: string; readonly ticked: ReadonlySet<string> };
  /** The date, the list and the order as an address says them: never what is looked for. */
  readonly same: string;
  /** Fields by which the form that marks says which list it is. */
  readonly hidden: Readonly<Record<string, string>>;
}

export interface WorklistChoice {
  readonly value: string;
  readonly words: string;
  readonly isChosen: boolean;
}

export interface WorklistRow {
  readonly patient: string; // what the practice finds them by
  readonly id: string; // the practice's own identifier, under which marks are kept
  readonly age: string;
  readonly sex: string;
  readonly facts: readonly string[]; // in the order of the list's facts
  /** In a word or two; beneath it, in small print, why, and who set it when. */
  readonly mark: { readonly words: string; readonly more: string | null };
}

/** No list was chosen yet: neither higher nor lower is better by itself. */
export function chooseWorklist(
  asked: Pick<PracticeWorklist, "practice" | "query" | "title"> & {
    readonly date: string;
    readonly lists: readonly WorklistChoice[];
  },
): Markup {
  const { practice, query, title, date, lists } = asked;
  return practicePage({
    title: `People: ${title}`,
    above: above(practice, query, title),
    content: html`<h1>People: ${title}</h1>
      <p>Neither higher nor lower is better by itself here, so you choose who to look at.</p>
      <ul>
        ${lists.map(
          ({ value, words }) =>
            html`<li>${link(`${worklistPath(query)}?date=${date}&list=${value}`, words)}</li>`,
        )}
      </ul>`,
  });
}

/** The list. */
export function practiceWorklist(list: PracticeWorklist): Markup {
  const { practice, query, title, date, question, heading, notes, people, onTheList, csv, find } = list;
  const shown =
    people.length === onTheList
      ? `${peopleWords(onTheList)}, ${longDate(date)}`
      : `${count(people.length)} of ${peopleWords(onTheList)}, ${longDate(date)}`;
  return practicePage({
    title: `People: ${title}`,
    above: above(practice, query, title),
    content: html`<h1>People: ${title}</h1>
      <p class="cairn-lead">${question}</p>
      <p>${heading[0]} ${heading.at(-1)}</p>
      ${folded(
        "Who counts, in full",
        html`${heading.slice(1, -1).map((line) => html`<p>${line.replaceAll("`", "")}</p>`)}
          <p>D stands for the date of the list, ${longDate(date)}.</p>`,
      )}
      ${notes.map((line) => html`<p>${line}</p>`)} ${finding(list)}
      <p class="cairn-screen">
        ${link(csv, `Take ${find === "" ? "this" : "the whole"} list away as a file (CSV)`)}. It names
        patients: keep it as you keep a record.
      </p>
      <p class="cairn-paper">
        ${practice ?? "This practice"}. It names patients: keep it as you keep a record, and destroy it after
        use.
      </p>
      ${
        people.length > 0
          ? html`<form method="post" action="${worklistPath(query)}">
              ${markForm(list)} ${peopleTable(list, shown)}
            </form>`
          : html`<p>
              ${onTheList === 0 ? "Nobody is on this list. That is a count of nobody, and not a gap." : "Nobody on the list matches what you look for."}
            </p>`
      }`,
  });
}

function above(practice: string | null, query: string, title: string) {
  return [
    { text: practice ?? "This practice", href: "/" },
    { text: title, href: questionPath(query) },
  ];
}

function peopleWords(people: number): string {
  return people === 1 ? "1 person" : `${count(people)} people`;
}

/** By POST: what is looked for may be a patient's identifier, and an address is kept by browsers. */
function finding({ query, date, lists, sorts, find, token, same }: PracticeWorklist): Markup {
  const action = `${worklistPath(query)}/found?${same}`;
  return html`<form method="post" action="${action}" class="cairn-find" role="search">
    ${tokenField(token)}
    <input type="hidden" name="date" value="${date}" />
    ${choice("list", "Who", lists)}
    <div>
      <label for="find">Find</label>
      <input type="search" id="find" name="find" value="${find}" maxlength="100" autocomplete="off" />
    </div>
    ${choice("sort", "Order", sorts)}
    <button type="submit">Show</button>
  </form>`;
}

function choice(name: string, label: string, options: readonly WorklistChoice[]): Markup {
  return html`<div>
    <label for="${name}">${label}</label>
    <select id="${name}" name="${name}">
      ${options.map(({ value, words, isChosen }) =>
        isChosen
          ? html`<option value="${value}" selected>${words}</option>`
          : html`<option value="${value}">${words}</option>`,
      )}
    </select>
  </div>`;
}

function markForm({ marks, hidden, token, typed }: PracticeWorklist): Markup {
  return html`<div class="cairn-find cairn-screen">
    ${tokenField(token)}
    ${Object.entries(hidden).map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
    ${choice("mark", "Mark the people ticked below", marks)}
    <div>
      <label for="why">Why not suitable</label>
      <input type="text" id="why" name="why" value="${typed.why}" maxlength="200" autocomplete="off" />
    </div>
    <button type="submit">Mark</button>
  </div>`;
}

function peopleTable({ facts, people, typed }: PracticeWorklist, caption: string): Markup {
  return responsiveTable({
    caption,
    headings: ["Patient", "Age", "Sex", ...facts, "Mark"],
    rows: people.map(({ patient, id, age, sex, facts: values, mark }, i) => [
      html`<label class="cairn-identifier"
        ><input type="checkbox" name="patient-${i}" value="${id}" ${typed.ticked.has(id) && html`checked`} />
        ${patient}</label
      >`,
      age,
      sex,
      ...values,
      html`${mark.words} ${mark.more !== null && html`<small class="cairn-mark">${mark.more}</small>`}`,
    ]),
  });
}
