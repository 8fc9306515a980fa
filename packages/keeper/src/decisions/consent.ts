/** Consenting to be named to a group's people, and taking that back. */
import { HUB_ROLES, type CharterRole } from "@cairn/access";
import { CHARTER_ROLES, partyWords } from "@cairn/charters";
import type { Actor } from "@cairn/ledger";
import { dayNumber, tryDayNumber } from "@cairn/query-library";
import { LONGEST_CONSENT_DAYS } from "@cairn/wire";
import { acceptedCharter } from "../approvals/charters.js";
import { requireGroupName } from "../approvals/groups.js";
import {
  endConsentTo,
  giveConsent,
  namingRoles,
  newestConsents,
  rolesThatCould,
} from "../consents/consents.js";
import { KeeperError } from "../errors.js";
import { person } from "../store/person.js";
import type { KeeperStore, Reader } from "../store/store.js";
import { decision } from "./decision.js";

/** Whom a consent is about: a group, and (where its charter names several) who of it. */
interface Whom {
  readonly group: string;
  /** As the charter calls them, or by their role; absent for the only ones that it lets see names, or of taking back for all. */
  readonly to?: string | undefined;
}

/**
 * Consents that this practice is named to people of a group up to a day, under the charter that was accepted here. It takes
 * the place of what was given them before.
 * @param until ISO day, the last
 * @returns the role to which it is named
 * @throws KeeperError name-wrong, consent-not-asked, consent-whom-wrong, consent-date-wrong
 */
export function giveNamingConsent(
  store: KeeperStore,
  whom: Whom,
  until: string,
  by: Actor = person(),
): CharterRole {
  requireGroupName(whom.group);
  return decision(store, (change) => {
    const { roles, charterDigest } = namesUnder(change, whom.group);
    const [to, ...others] = chosen(change, whom, roles);
    if (to === undefined || others.length > 0)
      throw new KeeperError(
        "consent-whom-wrong",
        `the charter of ${whom.group} lets several see names: say --to with one of ${named(change, whom.group, roles)}`,
      );
    requireDay(change, until);
    giveConsent(change, { group: whom.group, to, until, charterDigest }, by);
    return to;
  });
}

/**
 * Takes back what was consented to, from this second: here at once, and at the hub as soon as it is told. It is told also
 * where nothing of it is known here, as after a restore: neither of a consent, nor of the group and its charter.
 * @returns the roles to which the practice is not named any more
 * @throws KeeperError name-wrong, consent-whom-wrong
 */
export function withdrawConsent(store: KeeperStore, whom: Whom, by: Actor = person()): CharterRole[] {
  requireGroupName(whom.group);
  return decision(store, (change) => {
    const could = rolesThatCould(change, whom.group);
    const known = could.length > 0 ? could : MAY_BE_NAMED_TO;
    const ends = isAnyRole(whom.to) ? [whom.to] : chosen(change, whom, known);
    for (const to of ends) endConsentTo(change, whom.group, to, by);
    return ends;
  });
}

/** The roles that any charter could let see names. */
const MAY_BE_NAMED_TO: readonly CharterRole[] = Object.values(HUB_ROLES).flatMap(({ charter: role }) =>
  role !== null && (CHARTER_ROLES[role].sights as readonly string[]).includes("named") ? [role] : [],
);

function isAnyRole(to: string | undefined): to is CharterRole {
  return MAY_BE_NAMED_TO.some((role) => role === to);
}

/** The roles that see names under the accepted charter. @throws KeeperError consent-not-asked where none does */
function namesUnder(store: Reader, group: string): { roles: readonly CharterRole[]; charterDigest: Buffer } {
  const roles = namingRoles(store, group);
  const accepted = acceptedCharter(store, group);
  if (accepted && roles.length > 0) return { roles, charterDigest: accepted.digest };
  const ended = newestConsents(store).some(({ consent }) => consent.group === group);
  throw new KeeperError(
    "consent-not-asked",
    ended
      ? `${group} has no charter in force, accepted here, that lets anybody see practices by name: what was given under another has ended`
      : `${group} has no charter in force, accepted here, that lets anybody see practices by name (cairn agent consent shows which group has)`,
  );
}

/** The roles that are meant. @throws KeeperError consent-whom-wrong */
function chosen(store: Reader, { group, to }: Whom, roles: readonly CharterRole[]): CharterRole[] {
  if (to === undefined) return [...roles];
  const charter = acceptedCharter(store, group)?.charter;
  const meant = roles.filter(
    (role) =>
      to === role || to === CHARTER_ROLES[role].words || (charter && to === partyWords(charter, role)),
  );
  if (meant.length > 0) return meant;
  throw new KeeperError(
    "consent-whom-wrong",
    `the charter of ${group} does not let ${JSON.stringify(to)} see names: it lets ${named(store, group, roles)}`,
  );
}

function named(store: Reader, group: string, roles: readonly CharterRole[]): string {
  const charter = acceptedCharter(store, group)?.charter;
  return roles.map((role) => `${charter ? partyWords(charter, role) : role} (${role})`).join(", ");
}

/** @throws KeeperError consent-date-wrong */
function requireDay(store: Reader, until: string): void {
  const day = tryDayNumber(until);
  const ahead = day === null ? NaN : day - dayNumber(store.today);
  if (ahead >= 0 && ahead <= LONGEST_CONSENT_DAYS) return;
  throw new KeeperError(
    "consent-date-wrong",
    `--until ${JSON.stringify(until)}: say the last day as YYYY-MM-DD, from today on and at most a year away`,
  );
}
