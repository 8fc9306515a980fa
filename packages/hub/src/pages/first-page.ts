/** The hub's first page: the groups that somebody may know of, and the way to what they may see. */
import { may, rightsOf, type PersonOf } from "@cairn/access";
import { charterPath, decisionsPath, groupPath, groupsPage, type Link } from "@cairn/pages";
import { page, type CharterSource } from "@cairn/sign-in";
import type { Hub } from "../hub.js";
import { groupsOf } from "./models.js";
import type { HubSite } from "./site.js";

export function firstPage(site: HubSite, hub: Hub): void {
  page(site, {
    path: "/",
    action: "open-hub",
    about: () => ({}),
    show: async (person, { charters }) => {
      const groups = await groupsOf(hub);
      const known = groups.filter(({ name }) => may(person, "see-group", { group: name }).allowed);
      return {
        page: groupsPage({
          groups: known.map((group) => ({ ...group, opens: openedBy(person, charters, group.name) })),
          also: alsoFor(person),
          isAtMachine: person.role === "visitor",
          rights: rightsOf(person),
        }),
      };
    },
  });
}

/** The address of what somebody may see of a group. */
function openedBy(person: PersonOf<"hub">, charters: CharterSource, group: string): string | null {
  const asked = { group, charter: charters(group) };
  if (may(person, "see-comparison", asked).allowed) return groupPath(group);
  if (may(person, "read-decisions", asked).allowed) return decisionsPath(group);
  return asked.charter === null ? null : charterPath(group);
}

function alsoFor(person: PersonOf<"hub">): Link[] {
  return [
    ...(may(person, "see-run-states", {}).allowed
      ? [{ text: "Operation of this hub", href: "/operator" }]
      : []),
    ...(may(person, "export-log", {}).allowed
      ? [{ text: "Check that the hub's log holds", href: "/log" }]
      : []),
  ];
}
