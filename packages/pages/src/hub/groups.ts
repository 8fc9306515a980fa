import { html, type Markup } from "@cairn/text";
import { bullets, charterList, commands, link } from "../components.js";
import type { Link } from "../layout.js";
import { plansOfAll, questionsAtAGlance } from "../question/overview.js";
import type { QuestionView } from "../question/view.js";
import { rightsPart, type Rights } from "../rights.js";
import { groupPath, hubPage, meetingPath, packPath } from "./frame.js";

interface Group {
  readonly name: string;
  readonly practices: number; // admitted
}

interface ListedGroup extends Group {
  /** The address of what this reader may see of it; null where it is this line alone. */
  readonly opens: string | null;
}

interface Groups {
  readonly groups: readonly ListedGroup[];
  readonly also: readonly Link[]; // what else this reader may see
  /** Whether the reader sits at the hub's own machine, without an account: they have its commands. */
  readonly isAtMachine: boolean;
  /** What the reader's role may do; null for whoever sits at the machine without an account. */
  readonly rights: Rights | null;
}

/** Every group, with how many practices compare in it. */
export function groupsPage({ groups, also, isAtMachine, rights }: Groups): Markup {
  const content =
    groups.length > 0
      ? html`${bullets(
          groups.map(
            ({ name, practices, opens }) =>
              html`${opens === null ? name : link(opens, name)}: ${practices}
              ${practices === 1 ? "practice" : "practices"}`,
          ),
        )}
        ${
          isAtMachine &&
          html`<p>
            These pages name no practice and do not say who waits: <code>cairn hub status</code>, on the hub's
            own machine, says what waits.
          </p>`
        }`
      : isAtMachine
        ? html`<p>
            No practice has been invited yet. Start with
            <code>cairn hub invite --practice "Its name" --group "A group"</code>.
          </p>`
        : html`<p>There is no group here that you may see.</p>`;
  return hubPage({
    title: "Groups",
    above: [],
    content: html`<h1>Groups that compare</h1>
      ${content} ${bullets(also.map(({ text, href }) => link(href, text)))}
      ${
        rights &&
        rightsPart(
          rights,
          groups.every(({ opens }) => opens === null),
        )
      }`,
  });
}

/** A group's charter, line by line: what it is for, who sees what, and by which rules. */
export function charterPage(
  group: string,
  lines: readonly { readonly label: string; readonly says: string }[],
): Markup {
  return hubPage({
    title: `The charter of ${group}`,
    above: [{ text: "Groups", href: "/" }],
    content: html`<h1>The charter of ${group}</h1>
      ${charterList(lines)}`,
  });
}

/** The overview of a group. */
export interface GroupOverview extends Group {
  /** One for each question, each at its newest date that closed, or else at its newest. */
  readonly views: readonly QuestionView[];
  /** Names of the queries that the group looks at first, in its order. */
  readonly chosen: readonly string[];
  /** What the group's charter says of it; absent or empty for a group without one. */
  readonly purpose?: readonly string[];
  /** The address of its charter; absent or null for a group without one. */
  readonly charter?: string | null;
  /** The form by which they are chosen; null for a reader who may not. */
  readonly choose: Markup | null;
}

/** A group's questions: what it set out to do, what it chose, then by topic and never by value. */
export function groupPage({
  name,
  practices,
  views,
  chosen,
  purpose = [],
  charter = null,
  choose,
}: GroupOverview): Markup {
  const href = (query: string): string => groupPath(name, query);
  return hubPage({
    title: name,
    above: [{ text: "Groups", href: "/" }],
    content: html`<h1>${name}</h1>
      <p class="nhsuk-body-l">
        ${practices} ${practices === 1 ? "practice compares" : "practices compare"} to learn from one another.
      </p>
      ${purpose.length > 0 && bullets(purpose)}
      ${charter !== null && html`<p>${link(charter, "The group's charter: who sees what, and by which rules")}</p>`}
      ${
        views.length > 0
          ? html`<p class="cairn-actions">
                ${link(meetingPath(name), "Meeting view, one question a screen")}
                ${choose && html`<a href="#choose">Choose questions</a>`}
                ${link(packPath(name), "Pack to print")}
              </p>
              ${choose && chosen.length > 0 && html`<p>Chosen: ${chosen.length === 1 ? "1 question" : `${chosen.length} questions`}.</p>`}
              ${plansOfAll(views, href)} ${questionsAtAGlance(views, chosen, href)} ${choose}`
          : html`<p>
              Nothing has been asked of this group yet.
              ${commands("cairn schedule add", html`Start with <code>cairn schedule add --group "${name}" --query NAME</code>.`, name)}
            </p>`
      }`,
  });
}
