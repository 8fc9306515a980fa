/** Collections still open for a group, to be shown before they are closed. */
import type { Hub } from "../hub.js";
import { SETTLED_STATES, type Member, type ComparisonState, STATE_WORDS } from "@cairn/comparisons";
import { collected } from "./collected.js";
import { knownGroup } from "./json.js";

export interface OpenCollection {
  readonly query: string;
  readonly date: string;
  readonly closesAt: string; // ISO 8601
  /** Practices whose release would be in it, by name. */
  readonly released: readonly string[];
  /** Practices that have answered without numbers: declined, refused, left and so on. */
  readonly without: readonly Standing[];
  /** Practices that may still answer, and that would be missing. */
  readonly missing: readonly Standing[];
}

interface Standing {
  readonly practice: string;
  readonly state: ComparisonState;
}

/** A group's open collections, by query, oldest date first. @throws HubError group-unknown */
export async function openCollections(hub: Hub, group: string): Promise<OpenCollection[]> {
  await knownGroup(hub, group);
  const rows = await hub.store.db
    .selectFrom("collection")
    .selectAll()
    .where("group_name", "=", group)
    .where("closed_at", "is", null)
    .orderBy("query")
    .orderBy("reference_date")
    .orderBy("id")
    .execute();
  const open: OpenCollection[] = [];
  for (const row of rows) {
    const { members } = await collected(hub, row);
    const others = members.filter(({ state }) => state !== "released");
    open.push({
      query: row.query,
      date: row.reference_date,
      closesAt: new Date(row.closes_at).toISOString(),
      released: members.filter(({ state }) => state === "released").map(({ name }) => name),
      without: others.filter(({ state }) => isSettled(state)).map(standing),
      missing: others.filter(({ state }) => !isSettled(state)).map(standing),
    });
  }
  return open;
}

function standing({ name, state }: Member): Standing {
  return { practice: name, state };
}

function isSettled(state: ComparisonState): boolean {
  return state === "left" || (SETTLED_STATES as readonly string[]).includes(state);
}

/**
 * Open collections in words, one line for each query and for dates in the same state: what would be closed, who has
 * answered, who would be missing.
 */
export function openLines(open: readonly OpenCollection[]): string[] {
  const same = new Map<string, OpenCollection[]>();
  for (const one of open) {
    const key = `${one.query}: ${answeredWords(one)}`;
    same.set(key, [...(same.get(key) ?? []), one]);
  }
  return [...same.values()].map((all) => {
    const [first] = all as [OpenCollection];
    const dates = all.map(({ date }) => date).join(", ");
    return `${first.query} of ${dates}: ${answeredWords(first)}`;
  });
}

function answeredWords({ released, without, missing }: OpenCollection): string {
  const named = (all: readonly Standing[]): string =>
    all.map(({ practice, state }) => `${practice} (${STATE_WORDS[state]})`).join(", ");
  const of = released.length + without.length + missing.length;
  return [
    `${released.length} of ${of} ${of === 1 ? "practice" : "practices"} would be in it${released.length === 0 ? "" : `: ${released.join(", ")}`}`,
    ...(without.length > 0 ? [`answered without numbers: ${named(without)}`] : []),
    missing.length > 0 ? `would be missing: ${named(missing)}` : "nobody would be missing",
  ].join("; ");
}
