/** Checks facts and codelists: no circles, and none that is never used. */
import type { Context } from "../parse/context.js";
import type { Draft } from "../draft.js";
import type { Condition, FactName } from "../query.js";
import { factRead, statedConditions, within } from "../walk.js";
import type { MapNode } from "../yaml.js";

/** Every condition of the query: stated ones and those of facts, with all that is inside them. */
export function allConditions(query: Draft): Condition[] {
  const facts = Object.values(query.facts).flatMap((fact) =>
    fact.form === "condition" ? [fact.condition] : [],
  );
  return [...facts, ...statedConditions(query)].flatMap((condition) => [...within(condition)]);
}

function factLine(root: MapNode, name: FactName): number {
  const facts = root.entries.get("facts")?.value;
  return (facts?.kind === "map" ? facts.entries.get(name)?.line : undefined) ?? root.line;
}

/** The facts that a fact names. */
function reads(query: Draft, name: FactName): FactName[] {
  const fact = query.facts[name];
  if (fact?.form !== "condition") return [];
  return [...within(fact.condition)].map(factRead).filter((read) => read !== null);
}

/** Checks for circles. @returns false, with the problem recorded, where a fact leads back to itself */
export function checkCircles(query: Draft, root: MapNode, at: Context): boolean {
  const done = new Set<FactName>();
  const visit = (name: FactName, path: readonly FactName[]): boolean => {
    if (path.includes(name)) {
      const circle = [...path.slice(path.indexOf(name)), name].join(", which names ");
      at.problems.add(
        factLine(root, name),
        "circular-fact",
        `This fact is defined by itself: ${circle}. Write out one of them.`,
      );
      return false;
    }
    if (done.has(name)) return true;
    const good = reads(query, name).every((read) => visit(read, [...path, name]));
    done.add(name);
    return good;
  };
  return Object.keys(query.facts).every((name) => visit(name, []));
}

/** Refuses facts and codelists that the answer does not depend on. */
export function checkUnused(query: Draft, root: MapNode, at: Context): void {
  for (const name of Object.keys(query.facts)) {
    if (at.usedFacts.has(name)) continue;
    at.problems.add(
      factLine(root, name),
      "unused-fact",
      `Nothing uses the fact \`${name}\`; use it or remove it.`,
    );
  }
  const lists = root.entries.get("codelists")?.value;
  for (const alias of at.lists.keys()) {
    if (at.usedLists.has(alias)) continue;
    const line = (lists?.kind === "map" ? lists.entries.get(alias)?.line : undefined) ?? root.line;
    at.problems.add(line, "unused-codelist", `Nothing uses the codelist \`${alias}\`; use it or remove it.`);
  }
}
