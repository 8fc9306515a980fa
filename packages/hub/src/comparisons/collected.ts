/** Everything that was collected for one query, date and group, read once: pages, JSON and terminal are made from this. */
import { intervalOf, policyOf } from "@cairn/disclosure";
import { cellsOf, type Cell, type Query } from "@cairn/query-library";
import type { Interval } from "@cairn/statistics";
import { decodeRelease } from "@cairn/wire";
import type { Hub } from "../hub.js";
import { queryByDigest } from "../library/queries.js";
import type { CollectionRow, FigureRow, ReleaseRow } from "../store/tables.js";
import { comparisonState, type ComparisonState } from "./states.js";

/** A released number, with every count that its policy maps to it. `carried`: how many periods ago it was first released. */
export interface Known extends Interval {
  readonly value: number;
  readonly carried?: number;
}
export type Value = Known | "withheld";

export interface MemberCell {
  readonly numerator: Value;
  readonly denominator: Value;
}

export interface Member {
  readonly practice: string; // id
  readonly name: string;
  readonly state: ComparisonState;
  /** By position as `cells`; only with "released". */
  readonly released: readonly MemberCell[] | null;
  readonly receivedAt: number | null;
  readonly recordBasis: string | null;
  /** Whether people who opted out are in its numbers (wire's OptOuts). Only with "released". */
  readonly optOuts?: string;
  /** The practice's signature of its release: bytes that its peers cannot know. Only with "released". */
  readonly signature: Buffer | null;
  /** What counts was released after the practice had taken an earlier release back. */
  readonly corrected: boolean;
}

export interface Collected {
  readonly id: number;
  readonly group: string;
  readonly query: Query;
  readonly date: string;
  readonly closesAt: number;
  readonly closedAt: number | null;
  readonly cells: readonly Cell[];
  readonly members: readonly Member[];
  /** By position; empty while the collection is open. */
  readonly figures: ReadonlyMap<number, FigureRow>;
}

export async function collected(hub: Hub, collection: CollectionRow): Promise<Collected> {
  const query = await queryByDigest(hub, collection.query_digest);
  const cells = cellsOf(query, collection.reference_date);
  const figures = await hub.store.db
    .selectFrom("group_figure")
    .selectAll()
    .where("collection", "=", collection.id)
    .execute();
  return {
    id: collection.id,
    group: collection.group_name,
    query,
    date: collection.reference_date,
    closesAt: collection.closes_at,
    closedAt: collection.closed_at,
    cells,
    members: await membersOf(hub, collection.id, cells.length),
    figures: new Map(figures.map((figure) => [figure.position, figure])),
  };
}

/** The collections of a group: for each query name and date the newest version asked. */
export async function collectionsOf(hub: Hub, group: string): Promise<CollectionRow[]> {
  const rows = await hub.store.db
    .selectFrom("collection")
    .selectAll()
    .where("group_name", "=", group)
    .orderBy("id")
    .execute();
  const newest = new Map(rows.map((row) => [`${row.query} ${row.reference_date}`, row]));
  return [...newest.values()].sort(
    (a, b) => compare(a.query, b.query) || compare(a.reference_date, b.reference_date),
  );
}

async function membersOf(hub: Hub, collection: number, cells: number): Promise<Member[]> {
  const rows = await hub.store.db
    .selectFrom("collection_member")
    .innerJoin("run", "run.id", "collection_member.run")
    .innerJoin("practice", "practice.id", "collection_member.practice")
    .leftJoin("agent", (join) =>
      join.onRef("agent.practice", "=", "collection_member.practice").on("agent.state", "=", "admitted"),
    )
    .leftJoin("release", (join) =>
      join.onRef("release.run", "=", "run.id").onRef("release.correction", "=", "run.correction"),
    )
    .select([
      "practice.id",
      "practice.name",
      "run.state",
      "run.correction",
      "agent.polled_at",
      "release.bytes",
      "release.policy_k",
      "release.policy_base",
      "release.policy_midpoint",
      "release.record_basis",
      "release.opt_outs",
      "release.received_at",
      "release.signature",
    ])
    .where("collection_member.collection", "=", collection)
    .orderBy("practice.name")
    .execute();
  const { now, offlineAfter } = hub.settings;
  return rows.map((row) => {
    const state = comparisonState(row.state, row.polled_at, now(), offlineAfter);
    return {
      practice: row.id,
      name: row.name,
      state,
      released: state === "released" && row.bytes !== null ? valuesOf(row as Bytes, cells) : null,
      receivedAt: row.received_at,
      recordBasis: state === "released" ? row.record_basis : null,
      ...(state === "released" && row.opt_outs !== null ? { optOuts: row.opt_outs } : {}),
      signature: state === "released" ? row.signature : null,
      corrected: state === "released" && row.correction > 0,
    };
  });
}

type Bytes = Pick<ReleaseRow, "bytes" | "policy_k" | "policy_base" | "policy_midpoint">;

function valuesOf(row: Bytes, cells: number): MemberCell[] {
  const policy = policyOf({ k: row.policy_k, base: row.policy_base, midpoint: row.policy_midpoint });
  const { denominator, numerator, carried } = decodeRelease(row.bytes, cells);
  const value = (code: number, position: number): Value => {
    if (code === 0) return "withheld";
    const known = intervalOf(policy, code - 1);
    if (!known) throw new Error("a kept release holds a number that its policy cannot give");
    const ago = carried[position] ?? 0;
    return ago > 0 ? { ...known, carried: ago } : known;
  };
  return denominator.map((code, i) => ({
    denominator: value(code, i),
    numerator: value(numerator[i] as number, i),
  }));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
