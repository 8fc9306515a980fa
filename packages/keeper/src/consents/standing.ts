/** How a practice's consents to be named stand: for its command, its page and its decisions. */
import type { CharterRole } from "@cairn/access";
import { CHARTER_ROLES, partyWords } from "@cairn/charters";
import { longDate, shellWord } from "@cairn/text";
import { acceptedCharter, charterInForce, groupsWithCharter, heldCharter } from "../approvals/charters.js";
import { groupState } from "../approvals/groups.js";
import type { Reader } from "../store/store.js";
import { consentOf, namingRoles, newestConsents, rolesNamedTo, type KeptConsent } from "./consents.js";

/** The people whom a group's charter lets see names, and how this practice's consent to them stands. */
export interface ConsentStanding {
  readonly group: string;
  /** The role of the charter, and whom it means, in words. */
  readonly to: CharterRole;
  readonly whom: string;
  readonly purpose: string;
  /** Whether nobody is named before every member consents. */
  readonly everyMember: boolean;
  readonly said: "nothing" | "given" | "over" | "taken-back" | "ended-with-charter";
  readonly until: string | null; // ISO day, of what was given last
  /** Whether the hub has confirmed what was said last; null where nothing was. */
  readonly confirmed: boolean | null;
}

export function consentStandings(store: Reader): ConsentStanding[] {
  return groupsWithCharter(store).flatMap((group) => {
    const charter = acceptedCharter(store, group)?.charter;
    if (!charter) return [];
    return namingRoles(store, group).map((to): ConsentStanding => {
      const kept = consentOf(store, group, to);
      return {
        ...{ group, to, whom: partyWords(charter, to), purpose: charter.purpose },
        everyMember: charter.peers === "named-by-consent",
        said: saidOf(kept, store.today),
        until: kept && !kept.consent.ended ? kept.consent.until : null,
        confirmed: kept?.acknowledged ?? null,
      };
    });
  });
}

function saidOf(kept: KeptConsent | null, today: string): ConsentStanding["said"] {
  if (!kept) return "nothing";
  if (kept.consent.ended) return endedWithCharter(kept) ? "ended-with-charter" : "taken-back";
  return kept.consent.until < today ? "over" : "given";
}

/** Whether it ended by itself in a group that the practice is in, and by no decision here. */
function endedWithCharter({ whyEnded }: KeptConsent): boolean {
  return whyEnded === "charter" || whyEnded === "hub";
}

/** A consent that ended with its charter, and cannot be given anew before something else is done, or at all. */
export interface EndedConsent {
  readonly group: string;
  readonly whom: string;
  /** Whether the newer charter lets them see names: once it is accepted here, it can be given anew. */
  readonly again: boolean;
}

/** The consents that ended with their charter in groups of the practice, while no charter accepted here lets those people see names. */
export function endedConsents(store: Reader): EndedConsent[] {
  return newestConsents(store).flatMap((kept) => {
    const { group, to } = kept.consent;
    const held = heldCharter(store, group);
    const isDone = (namingRoles(store, group) as string[]).includes(to);
    if (!endedWithCharter(kept) || isDone || groupState(store, group) !== "joined" || !held) return [];
    const next = charterInForce(store, group);
    const again = next !== null && (rolesNamedTo(group, next) as string[]).includes(to);
    return [{ group, whom: partyWords(held.charter, to as CharterRole), again }];
  });
}

/** Says of a consent that ended with its charter what to do, in a line without a full stop. */
export function endedLine({ group, whom, again }: EndedConsent): string {
  const ended = `In ${group}, the consent to be named to ${whom} ended with the charter under which it was given`;
  return again
    ? `${ended}: to consent under the newer one, cairn agent join ${shellWord(group)}, and then ${giving(group)}`
    : `${ended}, and none that is in force lets them see practices by name`;
}

/** The people who may see this practice by name in a group's comparison, in a sentence; null where it consents to nobody. */
export function namedSentence(store: Reader, group: string): string | null {
  const given = consentStandings(store).filter((one) => one.group === group && one.said === "given");
  const whom = given.map(({ whom: each, until }) => `${each} until ${longDate(until ?? "")}`);
  return given.length === 0
    ? null
    : `This practice consents to be named in this group's comparison: ${whom.join(", and ")} may see its name and its whole per cent at the hub (cairn agent consent).`;
}

/** Ends of consents to groups that let nobody see names any more, which the hub has not confirmed, in words. */
export function endsOnTheirWay(store: Reader): string[] {
  return newestConsents(store).flatMap(({ consent: { group, to, ended }, acknowledged }) =>
    ended && !acknowledged && !(namingRoles(store, group) as string[]).includes(to)
      ? [`${group}: the consent to be named has ended, and the hub has not confirmed that yet`]
      : [],
  );
}

/** Whether this practice is named to them, in a line without a full stop. */
export function consentLine({ group, whom, said, until, confirmed }: ConsentStanding): string {
  const isEnded = said === "taken-back" || said === "ended-with-charter";
  const waits = isEnded && confirmed === false ? ", and the hub has not confirmed its end yet" : "";
  const may = `In ${group}, ${whom} may see practices by name that consent`;
  if (said === "ended-with-charter")
    return `${may}; this one's consent ended with the charter under which it was given${waits}: to consent under this one, ${giving(group)}`;
  const given =
    said === "given" ? `consents to be named until ${longDate(until ?? "")}` : "has not consented";
  return `${may}; this one ${given}${waits} (cairn agent consent)`;
}

/** Says in two lines who sees names, what for, and how this practice's consent stands, is given and taken back. */
export function consentLines({
  group,
  to,
  whom,
  purpose,
  everyMember,
  said,
  until,
  confirmed,
}: ConsentStanding): string[] {
  const when = everyMember
    ? "while every member of the group consents, and before that no member is named"
    : "of each practice only with its own consent";
  return [
    `${group}: its charter lets ${whom} (${CHARTER_ROLES[to].words}) see practices by name, ${when}. What for: ${purpose}`,
    `  ${saidWords(said, until)}${hubWords(said, confirmed)} ${commandWords(group, said)}`,
  ];
}

function saidWords(said: ConsentStanding["said"], until: string | null): string {
  switch (said) {
    case "nothing":
      return "This practice has not consented: it shows as a dot without a name.";
    case "given":
      return `This practice consents to be named until ${longDate(until ?? "")}, and that day is the last.`;
    case "over":
      return `This practice's consent was until ${longDate(until ?? "")}, and is over: it shows as a dot without a name.`;
    case "taken-back":
      return "This practice's consent is ended: it shows as a dot without a name.";
    case "ended-with-charter":
      return "This practice's consent ended with the charter under which it was given, or with its place in the group at the hub: it shows as a dot without a name.";
  }
}

function hubWords(said: ConsentStanding["said"], confirmed: boolean | null): string {
  if (confirmed !== false || said === "over") return "";
  return said === "given"
    ? " The hub has not confirmed that yet, and names nobody by it before it has it."
    : " The hub has not confirmed that yet: until it has it, it may go by what was given before.";
}

function commandWords(group: string, said: ConsentStanding["said"]): string {
  return said === "given"
    ? `To take it back: cairn agent consent take-back --group ${shellWord(group)}`
    : `To consent: ${giving(group)}`;
}

function giving(group: string): string {
  return `cairn agent consent give --group ${shellWord(group)} --until YYYY-MM-DD`;
}
