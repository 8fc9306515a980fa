/** A group's questions at a glance: what it set out to do, those that it chose, then the others by topic. */
import {
  byTopic,
  changeSentence,
  changeSince,
  everyoneIn,
  noteWords,
  NO_REFERENCE,
  openPlans,
  type PracticeCounts,
  spreadOf,
  standsSentence,
  tellsNothing,
  type Topic,
  triedPlans,
} from "@cairn/comparisons";
import { count, html, longDate, type Markup } from "@cairn/text";
import { bullets, link } from "../components.js";
import { folded, spreadPicture, spreadTitle } from "./figures.js";
import { shownOf, type QuestionView } from "./view.js";

/** @param href the address of a question's page */
type Addresses = (query: string) => string;

/** Plans that the group has yet to look at, whichever question they are about. */
export function plansOfAll(views: readonly QuestionView[], href: Addresses): Markup | null {
  const open = views.flatMap(({ query, notes }) => openPlans(notes).map((note) => ({ query, note })));
  if (open.length === 0) return null;
  return html`<section aria-labelledby="plans">
    <h2 id="plans" class="nhsuk-heading-m">What you set out to do</h2>
    ${bullets(
      open.map(({ query, note }) => html`${link(href(query.query), query.title)}: ${noteWords(note)}`),
    )}
  </section>`;
}

/**
 * The questions that the group chose, in its order, then the others by topic: topics of one question stand behind, side
 * by side, and those of which nothing can be told last, folded.
 * @param chosen names of queries
 */
export function questionsAtAGlance(
  views: readonly QuestionView[],
  chosen: readonly string[],
  href: Addresses,
): Markup {
  const first = chosen.flatMap((name) => views.find(({ query }) => query.query === name) ?? []);
  const others = byTopic(views.filter(({ query }) => !chosen.includes(query.query)));
  const untold = others.filter(({ questions }) => questions.every(saysNothing));
  const alone = views.every((view) => shownOf(view).reference === null);
  return html`${alone && html`<p>${NO_REFERENCE}</p>`}
  ${first.length > 0 && topicSection("first", "Chosen by the group", first, href)}
  ${topicSections(
    others.filter((topic) => !untold.includes(topic)),
    href,
  )}
  ${untold.length > 0 && folded(untoldWords(untold), topicSections(untold, href))}`;
}

type Topics = readonly Topic<QuestionView>[];

function topicSections(topics: Topics, href: Addresses): Markup {
  const several = topics.filter(({ questions }) => questions.length > 1);
  const single = topics.filter(({ questions }) => questions.length === 1);
  return html`${several.map((topic) => topicSection(idOf(topic), topic.title, topic.questions, href))}
  ${
    single.length > 0 &&
    html`<div class="cairn-glances">
      ${single.map((topic) => topicSection(idOf(topic), topic.title, topic.questions, href))}
    </div>`
  }`;
}

/** Whether a glance has nothing to tell: no number, and nothing that the group tried. */
function saysNothing(view: QuestionView): boolean {
  return tellsNothing(shownOf(view), view.sees) && triedPlans(view.notes, 1).length === 0;
}

/** "3 questions of which we cannot tell: Asthma and Gout" */
function untoldWords(topics: Topics): string {
  const n = topics.flatMap(({ questions }) => questions).length;
  return `${count(n)} ${n === 1 ? "question" : "questions"} of which we cannot tell: ${topics.map(({ title }) => title).join(", ")}`;
}

function idOf({ title }: { readonly title: string }): string {
  return `topic-${title.toLowerCase().replaceAll(/\W+/g, "-")}`;
}

function topicSection(id: string, title: string, views: readonly QuestionView[], href: Addresses): Markup {
  return html`<section aria-labelledby="${id}">
    <h2 id="${id}" class="nhsuk-heading-m">${title}</h2>
    <div class="cairn-glances">${views.map((view) => glance(view, href))}</div>
  </section>`;
}

function glance(view: QuestionView, href: Addresses): Markup {
  const { query, notes } = view;
  const shown = shownOf(view);
  const tried = triedPlans(notes, 1);
  return html`<article class="cairn-glance">
    <h3 class="nhsuk-heading-s">${link(href(query.query), query.title)}</h3>
    ${smallStrip(view)}
    <p class="cairn-small">${answeredWords(shown.practices)}${shortWords(view)}</p>
    ${tried.map((note) => html`<p class="cairn-small">Tried: ${noteWords(note)}</p>`)}
    ${shown.closed_at === null && html`<p class="cairn-small">Numbers are still coming in.</p>`}
  </article>`;
}

function answeredWords({ asked, answers }: PracticeCounts): string {
  return answers === "too-few" ? "" : `${answers.contributing} of ${asked} practices. `;
}

function smallStrip(view: QuestionView): Markup | null {
  const shown = shownOf(view);
  const spread = spreadOf(shown, view.sees);
  if (spread.as === "words") return null;
  return spreadPicture({
    id: `${view.query.query}-glance`,
    title: spreadTitle(`${view.query.title}, ${longDate(shown.date)}`, spread.dots),
    dots: spread.dots,
    median: spread.median,
    reference: spread.reference,
    own: null,
  });
}

/** Where the group stands and what changed; where dots are too few, what is said in their place. */
function shortWords(view: QuestionView): string {
  const { query, dates } = view;
  const shown = shownOf(view);
  const stands = standsSentence(query, shown);
  if (everyoneIn(shown) === null) return stands;
  const spread = view.sees === "dots" ? spreadOf(shown, view.sees) : null;
  const lines = spread?.as === "words" ? spread.lines : [];
  const few = lines.filter((line) => !stands.endsWith(line.replace(/^Together: /, ""))).slice(0, 2); // the reason stands once
  return [stands, ...few, changeSentence(query, shown, changeSince(query, dates)) ?? []].flat().join(" ");
}
