/** The forms by which a group's lead writes down what the group found, aims at and tries. */
import { may, type PersonOf } from "@cairn/access";
import { isActor, type Actor } from "@cairn/ledger";
import {
  chooseForm,
  CHOICES,
  noteNotSaved,
  questionPage,
  writeForms,
  type NoteProblem,
  type QuestionView,
} from "@cairn/pages";
import { form, groupAsked, type AskedGroup, type FormFields } from "@cairn/sign-in";
import type { Markup } from "@cairn/text";
import type { Hub } from "../hub.js";
import { choose } from "../notes/choose.js";
import { keepNote, keepOutcome, OUTCOMES, practiceNames, todayOf } from "../notes/keep.js";
import { readNote } from "../notes/read-note.js";
import { agendaOf, lookOf, questionOf, seesOf, type GroupQuestion } from "./models.js";
import type { HubSite } from "./site.js";

interface Draft {
  readonly typed: FormFields;
  readonly problems: readonly NoteProblem[];
}

/** The forms of a question; null for a reader who may not write. */
export function writeFormsOf(
  hub: Hub,
  person: PersonOf<"hub">,
  asked: AskedGroup,
  { view }: GroupQuestion,
  token: () => string,
  draft: Draft,
): Markup | null {
  if (!may(person, "write-notes", asked).allowed) return null;
  const action = `${questionPath(asked.group, view.query.query)}/notes`;
  return writeForms({ action, token: token(), notes: view.notes, today: todayOf(hub), ...draft });
}

/** The form by which the first questions are chosen; null for a reader who may not. */
export function chooseFormOf(
  person: PersonOf<"hub">,
  asked: AskedGroup,
  views: readonly QuestionView[],
  chosen: readonly string[],
  token: () => string,
): Markup | null {
  if (views.length === 0 || !may(person, "choose-questions", asked).allowed) return null;
  return chooseForm({
    action: `/groups/${encodeURIComponent(asked.group)}/chosen`,
    token: token(),
    questions: views.map(({ query }) => ({ query: query.query, title: query.title })),
    chosen,
  });
}

export function noteRoutes(site: HubSite, hub: Hub): void {
  form(site, {
    path: "/groups/:group/:query/notes",
    action: "write-notes",
    about: groupAsked,
    from: ({ params }) => `${questionPath(params.group, params.query)}`,
    send: async (person, { params, charters }, fields) => {
      const asked = groupAsked({ params, charters });
      const sees = seesOf(person, asked);
      const found = await questionOf(hub, params.group, params.query, { sees, date: null });
      if (!found) return null;
      const read = readNote(fields, todayOf(hub), await practiceNames(hub));
      if ("note" in read) {
        await keepNote(hub, params, read.note, nameOf(person));
        return { goTo: talkPath(params) };
      }
      const again = { typed: fields, problems: read.problems };
      const write = writeFormsOf(hub, person, asked, found, () => fields["_csrf"] ?? "", again);
      const { date } = found.view.dates.at(-1) ?? { date: null };
      const viewed = [lookOf(asked, sees, params.query, date)];
      return {
        page: questionPage({ ...found, write, notSaved: noteNotSaved(read.problems) }),
        status: 422,
        viewed,
      };
    },
  });
  form(site, {
    path: "/groups/:group/:query/notes/outcome",
    action: "write-notes",
    about: groupAsked,
    from: ({ params }) => talkPath(params),
    send: async (person, { params }, fields) => {
      const outcome = OUTCOMES.find((each) => each === fields["outcome"]);
      const note = Number(fields["note"]);
      if (!outcome || !Number.isSafeInteger(note)) return null;
      const kept = await keepOutcome(hub, { ...params, note }, outcome, nameOf(person));
      return kept ? { goTo: talkPath(params) } : null;
    },
  });
}

export function chooseRoute(site: HubSite, hub: Hub): void {
  form(site, {
    path: "/groups/:group/chosen",
    action: "choose-questions",
    about: groupAsked,
    from: ({ params }) => `/groups/${encodeURIComponent(params.group)}`,
    send: async (person, { params }, fields) => {
      const { group } = params;
      const asked = new Set((await agendaOf(hub, group, [])).map(({ query }) => query));
      const named = CHOICES.flatMap((place) => fields[place] ?? []).filter((query) => asked.has(query));
      await choose(hub, group, [...new Set(named)], nameOf(person));
      return { goTo: `/groups/${encodeURIComponent(group)}` };
    },
  });
}

/** The name of who writes. Nobody writes without one: a visitor may not. */
function nameOf({ name }: PersonOf<"hub">): Actor {
  if (name === null || !isActor(name)) throw new TypeError("who writes has a name");
  return name;
}

function questionPath(group: string, query: string): string {
  return `/groups/${encodeURIComponent(group)}/${encodeURIComponent(query)}`;
}

function talkPath({ group, query }: { readonly group: string; readonly query: string }): string {
  return `${questionPath(group, query)}#${query}-talk`;
}
