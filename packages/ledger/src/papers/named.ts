/** The practices that consent to be named in a group, or did, for papers: each with whom, from when and until when. */
import type { Charter } from "@cairn/charters";
import { longDate } from "@cairn/text";
import { ConsentHistory } from "../consent-history.js";
import { HubNames } from "../report/hub-names.js";
import { whomWords } from "../report/lines.js";
import type { GivenHub } from "./given.js";
import { isBy, type Period } from "./period.js";

/** The time in which one practice consented to be named to one role, under one charter. Days are ISO. */
interface ConsentSpan {
  readonly practice: string;
  readonly to: string; // role
  readonly charter: string; // digest
  readonly from: string;
  readonly until: string;
  /** The day on which it counted no more; null where it counts at the end of the period. */
  readonly ended: string | null;
}

export interface GroupConsents {
  /** The last day that counts, ISO. */
  readonly day: string;
  /** Of which some part lies in the period, by the practice's name. */
  readonly spans: readonly ConsentSpan[];
  /** Whether the export is sealed for one practice, and so tells of no other's consent. */
  readonly isSealed: boolean;
}

/** Kinds of entries by which a consent begins or ends: of consents, charters, groups, practices and agents. */
const CHANGES = /^(consent|charter|group|practice|agent)-/;

/** @param period whose end is that of the log where it has none */
export function consentsIn({ entries, isSealed }: GivenHub, group: string, period: Period): GroupConsents {
  const [consents, names] = [new ConsentHistory(), new HubNames(entries)];
  const [open, over] = [new Map<string, ConsentSpan>(), [] as ConsentSpan[]];
  let charter = "";
  const settle = (today: string): void => {
    const standing = new Map(
      consents.standing(group, today).map((one) => [JSON.stringify([one.practice, one.to, charter]), one]),
    );
    for (const [key, span] of open)
      if (!standing.has(key)) {
        over.push({ ...span, ended: span.until < today ? span.until : today });
        open.delete(key);
      }
    for (const [key, { practice, to, until }] of standing) {
      const from = open.get(key)?.from ?? today;
      open.set(key, { practice: names.practice(practice), to, charter, from, until, ended: null });
    }
  };
  for (const entry of entries) {
    if (!isBy(entry, period)) continue;
    consents.learn(entry);
    if (entry.kind !== null) names.learn(entry);
    if (entry.kind === "charter-published" && entry.body.group === group) charter = entry.body.charter;
    if (CHANGES.test(entry.kind ?? entry.written)) settle(entry.time.slice(0, 10));
  }
  const day = period.to ?? entries.at(-1)?.time.slice(0, 10) ?? "";
  settle(day);
  const spans = [...over, ...open.values()]
    .filter(({ ended }) => ended === null || period.from === null || ended >= period.from)
    .toSorted((a, b) => (sortKey(a) < sortKey(b) ? -1 : 1));
  return { day, spans, isSealed };
}

function sortKey({ practice, from }: ConsentSpan): string {
  return JSON.stringify([practice, from]);
}

/** "Ash, to supporters, until 31 March 2027"; of one that has ended "Ash, to supporters, from 1 May 2026 to 3 June 2026". */
export function consentWords({ practice, to, from, until, ended }: ConsentSpan): string {
  const when = ended === null ? `until ${longDate(until)}` : `from ${longDate(from)} to ${longDate(ended)}`;
  return `${practice}, to ${whomWords(to)}, ${when}`;
}

/** Words for what a sealed export cannot tell of a group whose charter lets somebody see names; null where nothing is missing. */
export function sealedConsentWords({ isSealed }: GroupConsents, charter: Charter | null): string | null {
  const sees = charter === null || Object.values(charter.sees).includes("named");
  return isSealed && sees
    ? "which other practices consent to be named is not known from this export, which is sealed for one"
    : null;
}
