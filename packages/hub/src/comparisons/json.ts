/** The `comparisons` array of the JSON output, which users script against. */
import {
  cellsJson,
  modelOf,
  type ComparisonJson,
  type ComparisonModel,
  type DocumentCell,
  type PublishedReference,
  type Sight,
} from "@cairn/comparisons";
import type { Hub } from "../hub.js";
import { inPlain } from "../enrolment/names.js";
import { HubError } from "../errors.js";
import { collected, collectionsOf } from "./collected.js";

/** Every query, date and cell of a group, for the hub's operator: practices by name. @throws HubError group-unknown */
export async function comparisonsJson(hub: Hub, group: string): Promise<ComparisonJson[]> {
  await knownGroup(hub, group);
  const all: ComparisonJson[] = [];
  for (const collection of await collectionsOf(hub, group))
    all.push(...cellsJson(await collected(hub, collection)));
  return all;
}

/** A query, date and cell of a group for a reader who sees no practice by name. */
interface UnnamedJson extends Pick<ComparisonJson, "query" | "date" | "split" | "group"> {
  /** The practices at whole per cents, in order of size, or why they are not shown; absent for a reader who sees none. */
  readonly dots?: DocumentCell["dots"];
  /** Lowest tenth, middle and highest tenth of a published population, or of a large group's own practices; of everyone alone. */
  readonly reference?: Omit<PublishedReference, "tau2">;
}

/**
 * The cells that pages show, for somebody who sees no practice by name; of a comparison of which nothing is shown, the cell
 * of everyone with its state alone. @throws HubError group-unknown
 */
export async function unnamedJson(hub: Hub, group: string, sees: Sight): Promise<UnnamedJson[]> {
  await knownGroup(hub, group);
  const all: UnnamedJson[] = [];
  for (const collection of await collectionsOf(hub, group)) {
    const found = await collected(hub, collection);
    const common = { query: found.query.query, date: found.date };
    const model = modelOf(found);
    if (model.cells.length === 0)
      all.push({ ...common, split: found.cells[0]!, group: { state: notYet(model) } });
    for (const { position, figure, dots } of model.cells)
      all.push({
        ...{ ...common, split: found.cells[position]!, group: figure },
        ...(sees === "dots" ? { dots } : {}),
        ...(position === 0 && model.reference ? { reference: withoutSpread(model.reference) } : {}),
      });
  }
  return all;
}

function withoutSpread({ tau2: _, ...reference }: PublishedReference): Omit<PublishedReference, "tau2"> {
  return reference;
}

/** State of a figure while nothing of its comparison is shown: it is the same however many have released. */
export function notYet({ closed_at: closed }: Pick<ComparisonModel, "closed_at">): "collecting" | "too-few" {
  return closed === null ? "collecting" : "too-few";
}

/** Checks that a group exists. @throws HubError group-unknown */
export async function knownGroup(hub: Hub, group: string): Promise<void> {
  const rows = await hub.store.db.selectFrom("practice_group").select("name").orderBy("name").execute();
  if (rows.some((row) => row.name === group)) return;
  const names = rows.map((row) => row.name).join(", ") || "none yet";
  throw new HubError("group-unknown", `this hub has no group ${inPlain(group)}: it has ${names}`);
}
