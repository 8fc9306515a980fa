/** The page of a person's own account. */
import { joinNames } from "@cairn/ledger";
import { roleWords } from "@cairn/access";
import { accountPage, hubPage } from "@cairn/pages";
import { page } from "@cairn/sign-in";
import type { HubSite } from "./site.js";

export function accountRoutes(site: HubSite): void {
  page(site, {
    path: "/account",
    action: "keep-own-account",
    about: () => ({}),
    show: (person, { token }) => {
      if (person.role === "visitor") return null; // no line of the table lets one come here
      const { name, role, groups } = person;
      const where = groups === "every" ? "for every group" : `for ${joinNames(groups)}`;
      return { page: accountPage(hubPage, { token: token(), name, role: roleWords(role), where }) };
    },
  });
}
