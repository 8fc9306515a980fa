/** Which practices of a group consent to be named, to whom and until when: what stands on a day. */
import { consentOn } from "@cairn/ledger";
import { verifyConsent } from "@cairn/wire";
import type { Kysely } from "kysely";
import { charterOf } from "../library/charters.js";
import { keeperKeys } from "../runs/signed.js";
import type { ConsentRow, Tables } from "../store/tables.js";

export interface StandingConsent {
  readonly practice: string; // id
  readonly name: string;
  readonly to: string; // role of the charter
  readonly until: string; // ISO day, the last
}

/**
 * The consents of a group's practices that count on a day: under the charter in force, of practices that are in the group,
 * each with the signature that its practice's keeper gave it. None where no charter is in force.
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
    .orderBy("practice.name")
    .execute();
  if (rows.length === 0) return [];
  const keys = await keeperKeys(db);
  const [digest, day] = [charter.digest.toString("hex"), new Date(now).toISOString().slice(0, 10)];
  const whose = [...new Set(rows.map(({ practice, to_role: to }) => JSON.stringify([practice, to])))];
  return whose.flatMap((one) => {
    const own = rows.filter(({ practice, to_role: to }) => JSON.stringify([practice, to]) === one);
    const last = consentOn(own.map(saidOf), digest, day)?.row;
    if (!last || !isSigned(last, keys.get(last.practice) ?? [])) return [];
    return [{ practice: last.practice, name: last.name, to: last.to_role, until: last.until }];
  });
}

function saidOf<R extends ConsentRow>(row: R) {
  const { ended, charter_digest: charter, until, log_index: logIndex } = row;
  return { row, ended: ended === 1, charter: charter.toString("hex"), until, logIndex };
}

/** Whether a stored consent bears its practice's signature: bytes in a file can be swapped. */
function isSigned(row: ConsentRow, keys: readonly Buffer[]): boolean {
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
  return keys.some((key) => verifyConsent(consent, key));
}
