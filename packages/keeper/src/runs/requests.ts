/**
 * Groups' requests for a run, as rows: several groups that ask for the same share the run, and each has its own state.
 *
 *   waiting-for-approval <-> waiting-for-witness <-> ready <-> declined
 *          refused: a promise to this group would not hold      withdrawn: the practice took its use back
 */
import type { Assignment__Output, PolicyIntegers__Output, RefusalCode } from "@cairn/wire";
import type { Change, Reader } from "../store/store.js";

export type RequestState =
  | "waiting-for-approval" // a person has to accept the group, or the query for it
  | "waiting-for-witness" // allowed, and its charter asks for witnesses, who have not signed the library's publication yet
  | "ready" // allowed: where the release is says the run
  | "declined" // the query is declined for the group, or the practice has left it
  | "refused" // the code says which promise would not hold
  | "withdrawn"; // its use was ended: it gets none of this run any more

export interface GroupRequest {
  readonly run: string;
  readonly group: string;
  readonly floor: PolicyIntegers__Output; // the group's; all 0 where it asks for nothing
  readonly charterDigest: Buffer; // empty for a group without a charter
  readonly state: RequestState;
  readonly refusal: { readonly code: string; readonly words: string } | null;
}

interface Row {
  run: string;
  grp: string;
  floor_k: number;
  floor_base: number;
  floor_midpoint: number;
  charter_digest: Buffer;
  state: string;
  refusal_code: string | null;
  refusal_words: string | null;
}

export const NO_FLOOR: PolicyIntegers__Output = { k: 0, base: 0, midpoint: 0 };

export function floorOf({ floor }: Assignment__Output): PolicyIntegers__Output {
  return floor ? { k: floor.k, base: floor.base, midpoint: floor.midpoint } : NO_FLOOR;
}

/** The requests for a run, by group. */
export function requestsOf(store: Reader, run: string): GroupRequest[] {
  return store.db
    .prepare<[string], Row>("SELECT * FROM request WHERE run = ? ORDER BY grp")
    .all(run)
    .map(fromRow);
}

export function allRequests(store: Reader): GroupRequest[] {
  return store.db.prepare<[], Row>("SELECT * FROM request ORDER BY run, grp").all().map(fromRow);
}

export function findRequest(store: Reader, run: string, group: string): GroupRequest | null {
  const row = store.db
    .prepare<[string, string], Row>("SELECT * FROM request WHERE run = ? AND grp = ?")
    .get(run, group);
  return row ? fromRow(row) : null;
}

/** Writes a request down, or what a group asks now in the place of what it asked before. */
export function putRequest(change: Change, request: GroupRequest): void {
  const { run, group, floor, charterDigest, state, refusal } = request;
  const integers = [floor.k, floor.base, floor.midpoint].map(BigInt);
  change.db
    .prepare("INSERT OR REPLACE INTO request VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)")
    .run(run, group, ...integers, charterDigest, state, refusal?.code ?? null, refusal?.words ?? null);
}

export function moveRequest(
  change: Change,
  { run, group }: Pick<GroupRequest, "run" | "group">,
  state: RequestState,
  refusal: { readonly code: RefusalCode; readonly words: string } | null = null,
): void {
  change.db
    .prepare("UPDATE request SET state = ?, refusal_code = ?, refusal_words = ? WHERE run = ? AND grp = ?")
    .run(state, refusal?.code ?? null, refusal?.words ?? null, run, group);
}

function fromRow(row: Row): GroupRequest {
  return {
    run: row.run,
    group: row.grp,
    floor: { k: row.floor_k, base: row.floor_base, midpoint: row.floor_midpoint },
    charterDigest: row.charter_digest,
    state: row.state as RequestState,
    refusal: row.refusal_code === null ? null : { code: row.refusal_code, words: row.refusal_words ?? "" },
  };
}
