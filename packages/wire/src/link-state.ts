/**
 * The state of the link to the hub, as the courier finds it: the same in its file, on the keeper's pages and in
 * `agent status`.
 */
import type { LinkNote, LinkNote__Output } from "./messages.js";
import { printable } from "./printable.js";
import { WireRefusal } from "./refusals.js";

/** States of the link that a person may have to act on; `unreachable` and `refused` come with words. */
export const LINK_STATES = [
  "works",
  "not-enrolled", // no join code was given here
  "awaiting-admission", // nobody at the hub has compared the fingerprint
  "revoked", // the hub has locked this agent out
  "cloned", // another installation goes on with this one's key
  "forgotten", // the hub came back from a backup that is older than the enrolment
  "refused", // the hub answers, and takes nothing from this agent: its clock, its join code
  "unreachable", // no answer of the hub comes through
] as const;
export type LinkStanding = (typeof LINK_STATES)[number];

export interface LinkState {
  readonly state: LinkStanding;
  readonly hub: string | null; // host:port; null before enrolment
  /** When the hub last answered (ISO), by this machine's clock; null where it never did. */
  readonly heard: string | null;
  /** The problem of the link, in words for a person; null while it works. */
  readonly problem: string | null;
  /** Since when it is in this state (ISO), by this machine's clock. */
  readonly since: string;
  /** The fingerprint to read out to the hub's operator while the agent is not admitted; null otherwise. */
  readonly fingerprint: string | null;
  /** The hub's setting: seconds after which a silent agent is offline. Null where it has not stated it. */
  readonly offlineAfterSeconds: number | null;
  /** The hub's clock less this machine's, in seconds; null where the hub has not stated it. */
  readonly hubAheadSeconds: number | null;
}

/** When the hub begins to show the practice as offline, by this machine's clock (ISO); null where it cannot be told. */
export function offlineFrom({
  heard,
  offlineAfterSeconds,
}: Pick<LinkState, "heard" | "offlineAfterSeconds">): string | null {
  if (heard === null || offlineAfterSeconds === null) return null;
  return new Date(Date.parse(heard) + offlineAfterSeconds * 1000).toISOString();
}

/** The state as a message. @param now milliseconds since 1970, by this machine's clock. */
export function linkNote(link: LinkState, now: number): LinkNote {
  return {
    hub: link.hub ?? "",
    heard: link.heard === null ? 0 : Date.parse(link.heard),
    state: link.state,
    problem: link.problem ?? "",
    since: Date.parse(link.since),
    fingerprint: link.fingerprint ?? "",
    offlineAfterSeconds: link.offlineAfterSeconds ?? 0,
    sentAt: now,
    hubClock: link.hubAheadSeconds === null ? 0 : now + link.hubAheadSeconds * 1000,
  };
}

const MOST_WORDS = 1000;

/** Reads such a message, fit to be shown: it comes from another process. @throws WireRefusal bad-request */
export function linkState(note: LinkNote__Output): LinkState {
  const state = LINK_STATES.find((each) => each === note.state);
  if (!state) throw new WireRefusal("bad-request", "the link stands in no way that is known here");
  const text = (words: string): string | null => printable(words, MOST_WORDS) || null;
  return {
    state,
    hub: text(note.hub),
    heard: note.heard === 0 ? null : moment(note.heard),
    problem: text(note.problem),
    since: moment(note.since),
    fingerprint: text(note.fingerprint),
    offlineAfterSeconds: note.offlineAfterSeconds || null,
    hubAheadSeconds: note.hubClock === 0 ? null : Math.round((note.hubClock - note.sentAt) / 1000),
  };
}

function moment(ms: number): string {
  const date = new Date(ms);
  if (Number.isNaN(date.getTime())) throw new WireRefusal("bad-request", "a moment is no date");
  return date.toISOString();
}
