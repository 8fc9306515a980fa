/** The forms by which people of the practice write notes of its own on a question, and remove them. */
import type { OwnNoteForm } from "@cairn/pages";
import { practiceQuestion, questionPath } from "@cairn/pages";
import type { Query } from "@cairn/query-library";
import { form } from "@cairn/sign-in";
import { removeOwnNote, writeOwnNote } from "../decisions/own-notes.js";
import { KeeperError } from "../errors.js";
import { decidingFor, type DecisionContext } from "./decision-context.js";
import { given, NO_DATES } from "./given.js";
import type { PageContext } from "./page-context.js";
import { datesFor, questionModel, questionNamed } from "./question-model.js";
import { named, type PracticeSite, type PracticeViewing } from "./site.js";

/** The page of a question, with what the log has to tell of the look. */
export async function shownQuestion(
  { keeper, queue }: PageContext,
  query: Query,
  deciding: DecisionContext,
  draft: Pick<OwnNoteForm, "typed" | "problem">,
) {
  const dates = datesFor(keeper, query);
  const facts = dates.length > 0 ? given(await queue.question(query, dates)) : NO_DATES;
  const viewed: PracticeViewing[] = [{ of: "own-numbers", look: { query } }];
  return { page: practiceQuestion(questionModel(keeper, query, facts, deciding, draft)), viewed };
}

export function noteRoutes(site: PracticeSite, rooms: PageContext): void {
  const { keeper } = rooms;
  const { store } = keeper;
  const about = () => ({ practice: store.origin });
  form(site, {
    path: "/questions/:query/notes",
    action: "write-own-notes",
    about,
    from: ({ params }) => questionPath(params.query),
    send: async (person, { params }, fields) => {
      const query = questionNamed(keeper, params.query);
      if (!query) return null;
      try {
        const note = { date: fields["date"] ?? "", text: fields["text"] ?? "" };
        writeOwnNote(store, query.query, note, named(person));
        return { goTo: `${questionPath(query.query)}#notes` };
      } catch (error) {
        if (!(error instanceof KeeperError)) throw error;
        const field = error.code === "note-date-wrong" ? "date" : "text";
        const problem = { field, words: `${sentence(error.message)}.` } as const;
        const deciding = decidingFor(store, person, () => fields["_csrf"] ?? "");
        return { ...(await shownQuestion(rooms, query, deciding, { typed: fields, problem })), status: 422 };
      }
    },
  });
  form(site, {
    path: "/questions/:query/notes/remove",
    action: "write-own-notes",
    about,
    from: ({ params }) => questionPath(params.query),
    send: (person, { params }, fields) => {
      const id = Number(fields["note"]);
      if (!Number.isSafeInteger(id) || !removeOwnNote(store, params.query, id, named(person))) return null;
      return { goTo: `${questionPath(params.query)}#notes` };
    },
  });
}

function sentence(words: string): string {
  return words.replace(/^./, (letter) => letter.toUpperCase());
}
