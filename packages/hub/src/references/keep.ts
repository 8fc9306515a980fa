/** Published figures that groups are compared with. */
import { createHash } from "node:crypto";
import type { PublishedReference } from "@cairn/comparisons";
import { hubLog } from "@cairn/ledger";
import type { CsvProblem } from "../csv.js";
import { requirePerson, systemUser } from "../enrolment/names.js";
import type { Hub } from "../hub.js";
import { newestQueries } from "../library/queries.js";
import { reviseDocuments } from "../store/revise-documents.js";
import type { Change } from "../store/store.js";
import { readReferences } from "./read-references.js";

/** The outcome of an import: how many references were taken and how many took another's place, or what is wrong. */
export type ImportOutcome =
  { readonly imported: number; readonly replaced: number } | { readonly problems: readonly CsvProblem[] };

/**
 * Imports references from the text of a list, all or none. One for the same query and date takes the other's place.
 * @param by the person
 * @throws HubError name-wrong, no-library
 */
export async function importReferences(hub: Hub, text: string, by = systemUser()): Promise<ImportOutcome> {
  requirePerson(by);
  return hub.store.change(async ({ tx, note }) => {
    const library = await newestQueries(hub, tx);
    const read = readReferences(text, (query) => library.has(query));
    if ("problems" in read) return read;
    let replaced = 0;
    for (const reference of read.references) {
      const gone = await tx
        .deleteFrom("published_reference")
        .where("query", "=", reference.query)
        .where("date", "=", reference.date)
        .executeTakeFirst();
      replaced += Number(gone.numDeletedRows);
      await tx.insertInto("published_reference").values(reference).execute();
    }
    const digest = createHash("sha256").update(text).digest("hex");
    for (const query of new Set(read.references.map((one) => one.query)))
      await reviseDocuments(tx, { query });
    note(hubLog.referencesImported, { references: read.references.length, digest, by });
    return { imported: read.references.length, replaced };
  });
}

/** The newest reference of a query that is not after a date (ISO); null where there is none. */
export async function referenceAt(
  tx: Change["tx"] | Hub["store"]["db"],
  query: string,
  date: string,
): Promise<PublishedReference | null> {
  const row = await tx
    .selectFrom("published_reference")
    .select(["source", "date", "practices", "p10", "p50", "p90", "tau2"])
    .where("query", "=", query)
    .where("date", "<=", date)
    .orderBy("date", "desc")
    .limit(1)
    .executeTakeFirst();
  return row ? { of: "elsewhere", ...row } : null;
}
