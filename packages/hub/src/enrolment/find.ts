import type { Kysely } from "kysely";
import { HubError } from "../errors.js";
import type { Tables } from "../store/tables.js";
import { inPlain } from "./names.js";

/** The id of a practice by its name; one that was forgotten is not known. @throws HubError practice-unknown */
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
    `this hub knows no practice called ${inPlain(name)}: see cairn hub practices`,
  );
}
