/** Looks at a group's comparison by a command: the parts that may be shown, and the entry in the log. */
import { may } from "@cairn/access";
import { systemUser } from "../enrolment/names.js";
import { HubError } from "../errors.js";
import type { Hub } from "../hub.js";
import { sights } from "../library/charters.js";
import { personNamed, requireAllowed } from "../people/named.js";
import { knownGroup } from "./json.js";
import { logLook, type Look } from "./looks.js";

/**
 * Lets somebody look at a group's comparison, and logs that they do.
 * @param as somebody with an account; undefined for whoever holds the machine, who sees practices by name where no charter
 * says who sees what
 * @returns what may be shown
 * @throws HubError group-unknown, person-unknown, may-not
 */
export async function lookAt(hub: Hub, group: string, as: string | undefined): Promise<Look["shown"]> {
  const { db } = hub.store;
  await knownGroup(hub, group);
  const about = { group, charter: (await sights(db))(group) };
  const look = (shown: Look["shown"]): Look => ({ ...about, query: null, date: null, shown });
  if (as === undefined) {
    if (about.charter !== null)
      throw new HubError(
        "may-not",
        `the charter of ${group} says who sees its figures: say --as NAME, of somebody with an account (cairn hub person list)`,
      );
    await logLook(hub, look("names"), systemUser());
    return "names";
  }
  const person = await personNamed(db, as);
  requireAllowed(person, "see-comparison", about);
  const shown = may(person, "see-dots", about).allowed ? "dots" : "figures";
  await logLook(hub, look(shown), person.name);
  return shown;
}
