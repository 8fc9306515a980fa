/** Which practices of a group consent to be named, to whom and until when: what stands on a day. */
import { consentOn } from "@cairn/ledger";
import { verifyConsent } from "@cairn/wire";
import type { Kysely } from "kysely";
import { charterOf } from "../library/charters.js";
import type { ConsentRow, Tables } from "../store/tables.js";

export interface StandingConsent {
  readonly practice: string; // id
  readonly name: string;
  readonly to: string; // role of the charter
  readonly until: string; // ISO day, the last
}

/**
 * The consents of a group's practices that count on a day: under the charter in force, of practices that are in the group
 * since, each with the signature of the keeper that answers for its practice now. None where no charter is in force.
 * @param now milliseconds since 1970
 */
export async function consentsOf(db: Kysely<Tables>, group: string, now: number): Promise<StandingConsent[]> {
  const charter = await charterOf(db, group);
  if (charter === null) return [];
  const rows = await db
    .selectFrom("consent")
    .innerJoin("practice", "practice.id", "consent.practice")
    .innerJoin("group_member", (join) =>
      join
        .onRef("group_member.practice", "=", "consent.practice")
        .onRef("group_member.group_name", "=", "consent.group_name"),
    )
    .selectAll("consent")
    .select("practice.name")
    .where("consent.group_name", "=", group)
    .leftJoin("agent", (join) =>
      join.onRef("agent.practice", "=", "consent.practice").on("agent.state", "=", "admitted"),
    )
    .select("agent.keeper_key as keeper")
    .orderBy("practice.name")
    .orderBy("consent.hub_log_index")
    .execute();
  const day = new Date(now).toISOString().slice(0, 10);
  const whose = [...new Set(rows.map(({ practice, to_role: to }) => JSON.stringify([practice, to])))];
  return whose.flatMap((one) => {
    const own = rows.filter(({ practice, to_role: to }) => JSON.stringify([practice, to]) === one);
    const keeper = own[0]?.keeper?.toString("hex") ?? null;
    const last = consentOn(own.map(saidOf), { charter: charter.digest.toString("hex"), day, keeper })?.row;
    return last ? [{ practice: last.practice, name: last.name, to: last.to_role, until: last.until }] : [];
  });
}

/** What a row says: of no keeper where the one that answers now did not sign it, or it is set aside. */
function saidOf<R extends ConsentRow & { readonly keeper: Buffer | null }>(row: R) {
  const { ended, charter_digest: charter, until, log_index: logIndex } = row;
  const isPresent = row.keeper !== null && row.set_aside === 0 && isSigned(row, row.keeper);
  const keeper = isPresent ? row.keeper.toString("hex") : "";
  return { row, ended: ended === 1, charter: charter.toString("hex"), until, logIndex, keeper };
}

/** Whether a stored consent bears its practice's signature: bytes in a file can be swapped. */
function isSigned(row: ConsentRow, key: Buffer): boolean {
  const consent = {
    group: row.group_name,
    charterDigest: row.charter_digest,
    to: row.to_role,
    until: row.until,
    ended: row.ended === 1,
    logIndex: row.log_index,
    logSize: row.log_size,
    logRoot: row.log_root,
    signature: row.signature,
  };
  return verifyConsent(consent, key);
}
