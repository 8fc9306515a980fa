import { questionPage } from "@cairn/pages";
import { textOf } from "@cairn/text";
import type { Hub } from "../src/hub.js";
import { questionOf } from "../src/pages/models.js";

/** What a reader of a comparison's newest page sees: no markup. */
export async function comparisonWords(hub: Hub, group: string, query: string): Promise<string> {
  const comparison = await questionOf(hub, group, query, { sees: "dots", date: null });
  if (!comparison) throw new Error(`no comparison of ${query} in ${group}`);
  const page = textOf(questionPage({ ...comparison, write: null }));
  return page.replace(/<[^>]+>/g, " ").replace(/\s+/g, " ");
}

/** Of how many practices the first table of patients shows a place, in its first row. */
export async function firstPlaces(hub: Hub, group: string, query: string): Promise<number> {
  const comparison = await questionOf(hub, group, query, { sees: "dots", date: null });
  if (!comparison) throw new Error(`no comparison of ${query} in ${group}`);
  const page = textOf(questionPage({ ...comparison, write: null }));
  const [row] = /role="rowheader"(?:(?!<\/tr>).)*cairn-place.*?<\/tr>/s.exec(page) ?? [""];
  const counts = [...row.matchAll(/cairn-place">(\d+)/g)].map(([, practices]) => Number(practices));
  return counts.reduce((total, practices) => total + practices, 0);
}
