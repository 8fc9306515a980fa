import { count, html, longDate, type Markup } from "@cairn/text";
import { bullets, commands, link, onlyWith, responsiveTable, withAdvice } from "../components.js";
import { rightsPart, type Rights } from "../rights.js";
import { folded, practicePage, questionPath } from "./frame.js";

/** How things stand at a practice. Lines have no full stop at their end. */
export interface PracticeHome {
  readonly practice: string | null; // null before it enrols
  /** What is wrong, each with what to do. */
  readonly alarms: readonly string[];
  /** A group that the reader has just accepted, and what it has by that, without full stops; null where none. */
  readonly accepted: { readonly group: string; readonly lines: readonly string[] } | null;
  readonly decisions: readonly OpenDecision[];
  /** Numbers that left in the last weeks, the newest first. */
  readonly news: readonly {
    readonly title: string;
    readonly run: string;
    readonly date: string;
    readonly words: string;
  }[];
  /** Comparisons that are here, by group and question. */
  readonly comparisons: readonly {
    readonly group: string;
    readonly title: string;
    readonly href: string;
    readonly words: string; // the newest date
    readonly isNew: boolean; // nobody here has looked at it
  }[];
  /** The own numbers; null for a reader who may not see them. */
  readonly topics: readonly { readonly topic: string; readonly questions: readonly OwnQuestion[] }[] | null;
  /** Said above the own numbers: whether they are being counted; null where they stand. */
  readonly counting: string | null;
  readonly facts: readonly string[];
  /** Forms that pause, resume and hold; null for a reader who may not. */
  readonly standing: Markup | null;
  readonly groups: readonly {
    readonly line: string;
    readonly accept: string | null;
    readonly charter: string | null; // its address
  }[];
  readonly queries: readonly AskedQuery[];
  readonly logSize: number;
  /** What the reader's role may do; null for whoever sits at the machine without an account. */
  readonly rights: Rights | null;
}

/** Something that waits for a person: a link to what is decided on, or the command that decides. */
export interface OpenDecision {
  readonly words: string;
  readonly to: { readonly text: string; readonly href: string } | null;
  readonly command: string | null;
  readonly form: Markup | null;
  /** The role that decides, "quality lead"; null where the reader may. */
  readonly by: string | null;
}

/** A question with the practice's own exact number. */
export interface OwnQuestion {
  readonly query: string;
  readonly title: string;
  readonly number: string; // "76 % (61 of 80)", or why there is none
  readonly date: string | null; // ISO
  readonly list: { readonly href: string; readonly words: string } | null;
}

/** One query as one group asked it. */
export interface AskedQuery {
  readonly query: string;
  readonly title: string;
  readonly question: string | null;
  readonly line: string;
  readonly note: string | null;
  /** Commands for a query that waits to be decided on. */
  readonly decide: { readonly accept: string; readonly decline: string } | null;
  /** Runs that stand alike, with their reference dates, ISO. */
  readonly runs: readonly RunsInState[];
}

export interface RunsInState {
  readonly words: string;
  readonly each: readonly { readonly run: string; readonly date: string }[];
}

/** The first of a practice's own pages: what needs somebody, the questions with the own numbers, and what is new. */
export function practiceHome(home: PracticeHome): Markup {
  const { practice, alarms, decisions, facts, logSize } = home;
  return practicePage({
    title: practice ?? "This practice",
    above: [],
    content: html`<h1>${practice ?? "This practice"}</h1>
      ${
        alarms.length > 0 &&
        html`<section class="cairn-alarm" aria-labelledby="alarms">
          <h2 id="alarms">Needs attention</h2>
          ${bullets(alarms.map((line) => html`${withAdvice(line)}.`))}
        </section>`
      }
      ${home.accepted && acceptedNow(home.accepted)} ${whatWaits(decisions)} ${questions(home)}
      ${newThings(home)} ${comparisons(home)}
      <h2>More</h2>
      ${folded("How things stand", html`${bullets(facts.map((line) => html`${withAdvice(line)}.`))} ${home.standing} ${groups(home)}`)}
      ${folded(
        "Everything that was asked, by date",
        home.queries.length > 0 ? html`${home.queries.map(asked)}` : html`<p>Nothing has been asked yet.</p>`,
      )}
      ${home.rights && rightsPart(home.rights, home.topics === null)}
      <p>
        This practice's log has ${count(logSize)} entries.
        ${commands("cairn agent log", html`<code>cairn agent log</code> prints them.`)}
        ${onlyWith("/log", html`${link("/log", "Read what was asked, decided, released and seen")}.`)}
      </p>`,
  });
}

/** Comparisons that nobody here has looked at, then numbers that left: a line with their count, which unfolds. */
function newThings({ comparisons: here, news }: PracticeHome): Markup {
  const list = bullets([
    ...here
      .filter(({ isNew }) => isNew)
      .map(
        ({ group, title, href, words }) =>
          html`${link(href, `${title}, ${group}`)}: the group's comparison of ${words} is here.`,
      ),
    ...news.map(
      ({ title, run, date, words }) =>
        html`${link(`/runs/${run}`, `${title}, ${longDate(date)}`)}: ${words}.`,
    ),
  ]);
  const unseen = here.filter(({ isNew }) => isNew).length;
  const counts = [
    ...(unseen > 0 ? [counted(unseen, "comparison")] : []),
    ...(news.length > 0 ? [`numbers of ${counted(news.length, "question")} that left`] : []),
  ];
  return html`<section aria-labelledby="new">
    <h2 id="new">What is new</h2>
    ${list ? folded(counts.join(", "), list) : html`<p>No numbers have left in the last four weeks.</p>`}
  </section>`;
}

function counted(n: number, what: string): string {
  return `${count(n)} ${what}${n === 1 ? "" : "s"}`;
}

function comparisons({ comparisons: here }: PracticeHome): Markup | null {
  const list = bullets(
    here.map(({ group, title, href, words }) => html`${link(href, `${title}, ${group}`)}: ${words}.`),
  );
  return (
    list &&
    html`<section aria-labelledby="beside">
      <h2 id="beside">Beside our groups</h2>
      ${list}
    </section>`
  );
}

/** What the reader decides, then what waits for somebody of another role. */
function whatWaits(decisions: readonly OpenDecision[]): Markup {
  const own = decisions.filter(({ by }) => by === null);
  const others = [...new Set(decisions.flatMap(({ by }) => by ?? []))];
  return html`${
    (own.length > 0 || others.length === 0) &&
    html`<section aria-labelledby="decide">
      <h2 id="decide">To decide</h2>
      ${bullets(own.map(toDecide)) ?? html`<p>Nothing waits for a decision.</p>`}
    </section>`
  }
  ${others.map(
    (role, i) =>
      html`<section aria-labelledby="waits-${i}">
        <h2 id="waits-${i}">Waits for a ${role}</h2>
        <p>Only a ${role} of this practice decides on this.</p>
        ${bullets(decisions.filter(({ by }) => by === role).map(toDecide))}
      </section>`,
  )}`;
}

function acceptedNow({ group, lines }: NonNullable<PracticeHome["accepted"]>): Markup {
  return html`<section aria-labelledby="accepted" class="cairn-note">
    <h2 id="accepted">${group} is accepted</h2>
    ${bullets(lines.map((line) => `${line}.`))}
  </section>`;
}

function toDecide({ words, to, command, form }: OpenDecision): Markup {
  return html`${withAdvice(words)}${to && html`: ${link(to.href, to.text)}`}.${
    command && commands(command, html` <code>${command}</code> does it.`)
  }${form}`;
}

function questions({ topics, counting }: PracticeHome): Markup | null {
  if (topics === null) return null;
  return html`<section aria-labelledby="questions" class="cairn-topics">
    <h2 id="questions">Our questions</h2>
    ${
      topics.length > 0
        ? html`<p>
            Our own numbers, exact. People with a type 1 opt-out in their record are counted here; in what
            leaves only where this practice, the charter of each of its groups and every question that they
            may ask agree.
          </p>`
        : html`<p>No group has asked anything yet.</p>`
    }
    ${counting && html`<p class="cairn-note">${counting}.</p>`}
    ${topics.map(({ topic, questions: own }) =>
      responsiveTable({
        caption: topic,
        headings: ["Question", "Our number", "Date", "People to look at"],
        rows: own.map(({ query, title, number, date, list }) => [
          link(questionPath(query), title),
          number,
          date === null ? "none yet" : longDate(date),
          list ? link(list.href, list.words) : "none",
        ]),
      }),
    )}
  </section>`;
}

function groups({ groups: known }: PracticeHome): Markup {
  return html`<h3>Groups</h3>
    ${
      bullets(
        known.map(
          ({ line, accept, charter }) =>
            html`${line}.${accept && commands(accept, html` <code>${accept}</code> accepts it.`)}
            ${charter !== null && html`${link(charter, "Its charter")}.`}`,
        ),
      ) ??
      html`<p>
        No group has asked yet.
        ${commands("cairn agent join", html`<code>cairn agent join GROUP</code> accepts one by name.`)}
      </p>`
    }`;
}

function asked({ query, title, question, line, note, decide, runs }: AskedQuery): Markup {
  return html`<h3>${link(questionPath(query), title)}</h3>
    ${question && html`<p>${question}</p>`}
    <p>${line}.</p>
    ${note && html`<p>${note}.</p>`}
    ${
      decide &&
      commands(
        decide.accept,
        html`<p><code>${decide.accept}</code> or <code>${decide.decline}</code>; no reason is needed.</p>`,
      )
    }
    ${runsByState(runs, 4)}`;
}

/** Links to runs, by their state. @param most the newest of each state that are shown */
export function runsByState(runs: readonly RunsInState[], most: number): Markup | null {
  return bullets(
    runs.map(({ words, each }) => {
      const newest = each.toSorted((a, b) => (a.date < b.date ? 1 : -1)).slice(0, most);
      const more = each.length - newest.length;
      return html`${withAdvice(words)}:
      ${newest.map(
        ({ run, date }, i) =>
          html`${i > 0 && ", "}${link(`/runs/${run}`, longDate(date), { kind: "cairn-date-link" })}`,
      )}${more > 0 && ` and ${count(more)} earlier`}`;
    }),
  );
}
