import { nearest } from "@cairn/query-library";
import type { Kysely } from "kysely";
import { HubError } from "../errors.js";
import type { Tables } from "../store/tables.js";
import { inPlain } from "./names.js";

/** The id of a practice by its name; a forgotten one is unknown. @throws HubError practice-unknown */
export async function practiceId(db: Kysely<Tables>, name: string): Promise<string> {
  const found = await db
    .selectFrom("practice")
    .select("id")
    .where("name", "=", name)
    .where("forgotten_at", "is", null)
    .executeTakeFirst();
  if (found) return found.id;
  throw new HubError(
    "practice-unknown",
    `this hub knows no practice called ${inPlain(name)}: ${await nearestWords(db, name)}`,
  );
}

/** Words with names like the one given, in any case. */
async function nearestWords(db: Kysely<Tables>, name: string): Promise<string> {
  const rows = await db.selectFrom("practice").select("name").where("forgotten_at", "is", null).execute();
  const known = new Map(rows.map((row) => [row.name.toLowerCase(), row.name]));
  const near = nearest(name.toLowerCase(), known.keys(), 3).map((lower) => known.get(lower));
  if (near.length === 0) return "no practice is invited yet";
  return `the nearest ${near.length === 1 ? "is" : "are"} ${near.join(", ")}; cairn hub practices lists all`;
}
