import { comparisonPage } from "@cairn/pages";
import { textOf } from "@cairn/text";
import type { Hub } from "../src/hub.js";
import { comparisonOf } from "../src/pages/models.js";

/** What a reader of a comparison's newest page sees: no markup. */
export async function comparisonWords(hub: Hub, group: string, query: string): Promise<string> {
  const comparison = await comparisonOf(hub, group, query, null);
  if (!comparison) throw new Error(`no comparison of ${query} in ${group}`);
  const page = textOf(comparisonPage(comparison.found, comparison.dates, true));
  return page.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
}

/** Of how many practices the first table shows a place, in its first row. */
export async function firstPlaces(hub: Hub, group: string, query: string): Promise<number> {
  const comparison = await comparisonOf(hub, group, query, null);
  if (!comparison) throw new Error(`no comparison of ${query} in ${group}`);
  const page = textOf(comparisonPage(comparison.found, comparison.dates, true));
  const [row] = /role="rowheader".*?<\/tr>/s.exec(page) ?? [""];
  const counts = [...row.matchAll(/cairn-place">(\d+)/g)].map(([, practices]) => Number(practices));
  return counts.reduce((total, practices) => total + practices, 0);
}
