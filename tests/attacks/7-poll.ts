/** Asks for the same date again and again: at once, after a restart, out of order, and with other records. */
import { decodeEntry, encodeEntry, memoryHistory, type MemoryHistory } from "@cairn/disclosure";
import { practice, seeded, tableOf } from "../../packages/disclosure/test/population.js";
import { nextQuarter } from "../../packages/disclosure/test/tables.js";
import { constant, countedWhere, type Choice } from "./choice.js";
import { decided, isLong, policy, quarters, type Attack, type Guards } from "./guard.js";

export function poll(guards: Guards, counts: Choice = constant): Attack {
  const random = seeded(9);
  const asked = (n: number, size: number, countsOptedOut: boolean) =>
    tableOf(practice(size, random), {
      query: "q",
      date: nextQuarter(n),
      splits: [["sex"], ["age_band"]],
      denominator: countedWhere(countsOptedOut),
      numerator: (person) => person.age % 2 === 0,
    });
  let history = memoryHistory();
  const first = new Map<number, string>();
  let tried = 0;
  let exposures = 0;
  const inLong = Array.from({ length: 120 }, () => Math.floor(random() * quarters(5)));
  for (const n of isLong ? inLong : [0, 1, 3, 1, 3, 2, 0, 3, 4, 3]) {
    history = restarted(history);
    const [answer] = decided(guards, [asked(n, (isLong ? 3000 : 280) + 40 * tried, counts(tried))], history);
    tried++;
    const text = JSON.stringify(answer?.released.codes() ?? "refused");
    if (first.has(n) && first.get(n) !== text) exposures++;
    if (!first.has(n) && answer && [...first.keys()].some((other) => other > n)) exposures++; // out of order
    first.set(n, first.get(n) ?? text);
  }
  return { name: "poll", knows: `every answer under ${policy.name}`, tried, exposures };
}

/** What a keeper finds after a restart: the entries it stored as bytes. */
function restarted(history: MemoryHistory): MemoryHistory {
  const entries = [...history.before("q", "9999-12-31")].reverse();
  return memoryHistory(entries.map((entry) => decodeEntry(encodeEntry(entry))));
}
