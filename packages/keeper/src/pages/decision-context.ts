/** What the person in front of a page may decide there: as a form, or else as the command that decides it. */
import { may, type CharteredAction, type PersonOf, type PracticeAction } from "@cairn/access";
import { decisionForm } from "@cairn/pages";
import { html, type Markup } from "@cairn/text";
import { charterHere } from "../approvals/charters.js";
import type { KeeperStore } from "../store/store.js";
import { isDeclinedForAll } from "../approvals/offers.js";
import { groupStands, holdStands, pauseStands, queryStands, runStands } from "./stands.js";

export interface DecisionContext {
  readonly may: (action: Exclude<PracticeAction, CharteredAction>) => boolean;
  /** Whether they may see the figures of a group. */
  readonly mayCompare: (group: string) => boolean;
  /** The token of the page's forms. */
  readonly token: () => string;
}

/** Of whoever may decide nothing on a page: commands stand in place of forms. */
export const BY_COMMAND: DecisionContext = { may: () => false, mayCompare: () => true, token: () => "" };

export function decidingFor(
  store: KeeperStore,
  person: PersonOf<"practice">,
  token: () => string,
): DecisionContext {
  const about = { practice: store.origin };
  const mayCompare = (group: string): boolean =>
    may(person, "see-group-figures", { ...about, group, charter: charterHere(store, group) }).allowed;
  if (person.role === "visitor") return { ...BY_COMMAND, mayCompare };
  return { may: (action) => may(person, action, about).allowed, mayCompare, token };
}

/** Accepts or declines a question for one group. */
export function queryForm(
  store: KeeperStore,
  { token }: DecisionContext,
  { query, group, said }: { readonly query: string; readonly group: string; readonly said: string },
): Markup {
  const accept = { does: "accept", words: `Accept for ${group}`, isQuiet: false };
  const decline = { does: "decline", words: `Decline for ${group}`, isQuiet: true };
  return decisionForm({
    action: `/questions/${encodeURIComponent(query)}/decide`,
    token: token(),
    seen: queryStands(query)(store),
    fields: { group },
    buttons: [
      ...(said === "waiting" || said === "declined" ? [accept] : []),
      ...(said === "declined" ? [] : [decline]),
    ],
  });
}

/** Declines a question for every group, those to come too; or says that it is. */
export function declineAllForm(store: KeeperStore, { token }: DecisionContext, query: string): Markup {
  if (isDeclinedForAll(store, query))
    return html`<p>Declined for every group, those to come too: nothing of it leaves for them.</p>`;
  return decisionForm({
    action: `/questions/${encodeURIComponent(query)}/decide`,
    token: token(),
    seen: queryStands(query)(store),
    fields: { group: "" },
    sure: "I know that this declines it for groups that ask later too, and ends what each group was allowed",
    buttons: [{ does: "decline", words: "Decline for every group", isQuiet: true }],
  });
}

/** Lets a held release leave, the very bytes whose numbers the page shows, or keeps it here. */
export function heldForms(store: KeeperStore, { token }: DecisionContext, run: string): Markup {
  const about = {
    action: `/runs/${encodeURIComponent(run)}/decide`,
    token: token(),
    seen: runStands(run)(store),
    fields: {},
  };
  const letGo = { does: "let-go", words: "Let exactly these numbers leave", isQuiet: false };
  const keep = { does: "keep", words: "Keep them here, for good", isQuiet: true };
  const sure = "I know that no version of the question can leave for this date after that";
  return html`${decisionForm({ ...about, buttons: [letGo] })}
  ${decisionForm({ ...about, sure, buttons: [keep] })}`;
}

/** Withdraws a release that left, for a reason that stays here. */
export function withdrawForm(store: KeeperStore, { token }: DecisionContext, run: string): Markup {
  return decisionForm({
    action: `/runs/${encodeURIComponent(run)}/decide`,
    token: token(),
    seen: runStands(run)(store),
    fields: {},
    typed: { name: "why", label: "Why, for this practice alone: it never leaves", most: 400 },
    buttons: [{ does: "withdraw", words: "Withdraw these numbers", isQuiet: true }],
  });
}

export function joinForm(store: KeeperStore, { token }: DecisionContext, group: string): Markup {
  return decisionForm({
    action: "/join",
    token: token(),
    seen: groupStands(group)(store),
    fields: { group },
    buttons: [
      { does: "join", words: `Accept the group ${group}`, isQuiet: false },
      { does: "leave", words: `Decline the group ${group}`, isQuiet: true },
    ],
  });
}

/** Pauses or resumes; and holds releases, or lets them go without a look. */
export function standingForms(store: KeeperStore, deciding: DecisionContext): Markup | null {
  const { token } = deciding;
  const paused = pauseStands(store) === "paused";
  const held = holdStands(store) === "held";
  const pause =
    deciding.may("pause-practice") &&
    decisionForm({
      action: "/pause",
      token: token(),
      seen: pauseStands(store),
      fields: {},
      buttons: [
        paused
          ? { does: "resume", words: "Resume: run and send again", isQuiet: false }
          : { does: "pause", words: "Pause: nothing runs and nothing leaves", isQuiet: true },
      ],
    });
  const hold =
    deciding.may("set-rules") &&
    decisionForm({
      action: "/hold",
      token: token(),
      seen: holdStands(store),
      fields: {},
      buttons: [
        held
          ? { does: "off", words: "Let releases leave without a look", isQuiet: true }
          : { does: "on", words: "Hold each release until someone has seen it", isQuiet: true },
      ],
    });
  return pause || hold ? html`${pause} ${hold}` : null;
}
