/** A practice's consent to be named, or its end: stored with its signature, and never deleted. */
import { rolesWithNames } from "@cairn/access";
import { sightOf } from "@cairn/charters";
import { hubLog } from "@cairn/ledger";
import { dayNumber, isoDate, tryDayNumber } from "@cairn/query-library";
import {
  consentDigest,
  LONGEST_CONSENT_DAYS,
  printable,
  signConsentReceipt,
  verifyConsent,
  WireRefusal,
  type Consent__Output,
  type ConsentReceipt,
} from "@cairn/wire";
import type { Hub } from "../hub.js";
import { sql } from "kysely";
import { charterOf } from "../library/charters.js";
import type { Change } from "../store/store.js";
import type { AgentRow, ConsentRow } from "../store/tables.js";

/** Most consents of one practice to one group in a day, each a person's decision. */
const MOST_A_DAY = 64;
/** Most ends, of which many more are taken than consents: what was given can be taken back. */
const MOST_ENDS_A_DAY = 1024;

/**
 * Stores a consent or its end. Idempotent: the same receipt each time. Which one counts is asked where names are shown.
 * @throws WireRefusal bad-signature, consent-charter-wrong, consent-date-wrong, bad-request
 */
export async function takeConsent(
  hub: Hub,
  change: Change,
  agent: AgentRow,
  said: Consent__Output,
): Promise<ConsentReceipt> {
  checkSigned(agent, said);
  const known = await change.tx
    .selectFrom("consent")
    .selectAll()
    .where("practice", "=", agent.practice)
    .where("group_name", "=", said.group)
    .where("signature", "=", said.signature)
    .executeTakeFirst();
  if (known) return receiptOf(hub, known);
  await checkSpace(hub, change, agent, said);
  await checkMember(change, agent, said);
  if (!said.ended) {
    await checkCharter(change, said);
    checkDay(hub, said);
  }
  return receiptOf(hub, await keep(change, agent, said));
}

/** Checks that no more come in a day than people decide. @throws WireRefusal bad-request */
async function checkSpace(
  { settings }: Hub,
  { tx }: Change,
  { practice }: AgentRow,
  said: Consent__Output,
): Promise<void> {
  const kind = said.ended ? hubLog.consentEnded.kind : hubLog.consentReceived.kind;
  const midnight = new Date(settings.now()).toISOString().slice(0, 10);
  const { rows } = await sql<{ count: number }>`SELECT count(*) AS count FROM log_entry
    WHERE kind = ${kind} AND time >= ${midnight}
      AND body ->> 'practice' = ${practice} AND body ->> 'group' = ${said.group}`.execute(tx);
  const most = said.ended ? MOST_ENDS_A_DAY : MOST_A_DAY;
  if ((rows[0]?.count ?? 0) < most) return;
  throw new WireRefusal(
    "bad-request",
    `at most ${most} ${said.ended ? "ends of consents" : "consents"} to one group are taken in a day: tell it tomorrow`,
  );
}

/** Checks a consent's form and signature. @throws WireRefusal bad-signature */
function checkSigned(agent: AgentRow, said: Consent__Output): void {
  const isWhole =
    said.charterDigest.length === 32 &&
    said.logRoot.length === 32 &&
    said.logIndex < said.logSize &&
    said.signature.length === 64;
  if (!isWhole || !verifyConsent(said, agent.keeper_key))
    throw new WireRefusal(
      "bad-signature",
      `a consent to be named in ${inWords(said)} is not signed by its practice`,
    );
}

/** Checks that the practice is in the group, or has said something of it before. @throws WireRefusal consent-charter-wrong */
async function checkMember({ tx }: Change, { practice }: AgentRow, said: Consent__Output): Promise<void> {
  const member = tx
    .selectFrom("group_member")
    .select("practice")
    .where("practice", "=", practice)
    .where("group_name", "=", said.group);
  const earlier = tx
    .selectFrom("consent")
    .select("practice")
    .where("practice", "=", practice)
    .where("group_name", "=", said.group);
  if ((await member.executeTakeFirst()) || (said.ended && (await earlier.executeTakeFirst()))) return;
  throw new WireRefusal("consent-charter-wrong", `this practice is not in the group ${inWords(said)}`);
}

/** Checks that it is given under the charter in force, to a role that sees names. @throws WireRefusal consent-charter-wrong */
async function checkCharter({ tx }: Change, said: Consent__Output): Promise<void> {
  const known = await charterOf(tx, said.group);
  if (!known?.digest.equals(said.charterDigest))
    throw new WireRefusal(
      "consent-charter-wrong",
      `a consent to be named in ${inWords(said)} is not given under the charter that is in force`,
    );
  const roles: readonly string[] = rolesWithNames(said.group, {
    digest: known.digest.toString("hex"),
    ...sightOf(known.charter),
  });
  if (!roles.includes(said.to))
    throw new WireRefusal(
      "consent-charter-wrong",
      `a consent to be named in ${inWords(said)} is to a role that its charter lets see no names`,
    );
}

/** Checks its last day by this hub's clock, whose day may be the one before. @throws WireRefusal consent-date-wrong */
function checkDay({ settings }: Hub, said: Consent__Output): void {
  const today = dayNumber(new Date(settings.now()).toISOString().slice(0, 10));
  const day = tryDayNumber(said.until);
  if (day !== null && isoDate(day) === said.until && day >= today && day - today <= LONGEST_CONSENT_DAYS + 1)
    return;
  throw new WireRefusal(
    "consent-date-wrong",
    `a consent to be named in ${inWords(said)} has a last day that is over, or more than a year away`,
  );
}

function inWords({ group }: Consent__Output): string {
  return printable(group, 100);
}

async function keep(
  { tx, note }: Change,
  { practice }: AgentRow,
  said: Consent__Output,
): Promise<ConsentRow> {
  const { index } = note(said.ended ? hubLog.consentEnded : hubLog.consentReceived, {
    ...{
      practice,
      group: said.group,
      charter: said.charterDigest.toString("hex"),
      to: said.to,
      until: said.until,
    },
    ...{ practice_log_index: said.logIndex, practice_log_size: said.logSize },
    ...{ practice_log_root: said.logRoot.toString("hex"), signature: said.signature.toString("hex") },
  });
  const row: ConsentRow = {
    hub_log_index: index,
    practice,
    group_name: said.group,
    to_role: said.to,
    charter_digest: said.charterDigest,
    until: said.until,
    ended: said.ended ? 1 : 0,
    log_index: said.logIndex,
    log_size: said.logSize,
    log_root: said.logRoot,
    signature: said.signature,
    set_aside: 0,
  };
  await tx.insertInto("consent").values(row).execute();
  return row;
}

function receiptOf({ files }: Hub, row: ConsentRow): ConsentReceipt {
  const said = { consentDigest: consentDigest(row), hubLogIndex: row.hub_log_index };
  return signConsentReceipt({ ...said, setAside: row.set_aside === 1 }, files.logKey);
}
