/** What the reader of a page may do from it: it shows no link, form or command that would end in a refusal. */
import { may, mayGive, type Action, type Person, type PersonOf } from "@cairn/access";
import type { Need } from "@cairn/text";
import { onlyTexts, type CharterSource, type FormFields } from "./request.js";
import type { Side, Site, SiteRoute } from "./site.js";

/** Whether a person is allowed what a part of a page needs, by the rule of the route that it leads to. */
export function allowedTo<S extends Side, V>(
  { routes }: Site<S, V>,
  person: PersonOf<S>,
  charters: CharterSource,
): (need: Need) => boolean {
  return (need) => {
    if ("gives" in need) return mayGive(person, need.gives, need.group ?? null);
    return "opens" in need
      ? leads(routes, person, charters, ["GET", need.opens])
      : leads(routes, person, charters, ["POST", need.sends]);
  };
}

/** Whether a request would be let in. An address without a route is left: it is no refusal, and a test finds it. */
function leads(
  routes: readonly SiteRoute[],
  person: Person,
  charters: CharterSource,
  [method, href]: readonly [method: string, href: string],
): boolean {
  const { pathname, searchParams } = new URL(href, "http://here");
  const found = routes
    .filter((route) => route.method === method)
    .flatMap(({ path, rule }) => {
      const params = paramsIn(path, pathname);
      return params ? [{ rule, params, fixed: Object.keys(params).length }] : [];
    })
    .toSorted((a, b) => a.fixed - b.fixed)[0];
  if (!found || "open" in found.rule) return true;
  const { rule, params } = found;
  const about = rule.about({ params, query: onlyTexts(Object.fromEntries(searchParams)), charters });
  return may(person, rule.action as Action, about).allowed;
}

/** The names of a route's path as an address fills them; null where it is another's. */
function paramsIn(path: string, pathname: string): FormFields | null {
  const names = path.split("/");
  const given = pathname.split("/");
  if (names.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [i, name] of names.entries()) {
    const value = given[i] ?? "";
    if (name.startsWith(":")) params[name.slice(1)] = decodeURIComponent(value);
    else if (name !== value) return null;
  }
  return params;
}
