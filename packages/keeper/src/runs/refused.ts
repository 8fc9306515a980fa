/**
 * Bounds the cost of refused runs, however many a hub invents: of runs that were refused before they began a few
 * hundred are kept, and a day's log names the first hundred.
 */
import { practiceLog } from "@cairn/ledger";
import type { Assignment__Output, RefusalCode } from "@cairn/wire";
import type { Refusal } from "../history/lost.js";
import { setSetting, setting } from "../store/settings.js";
import type { Change } from "../store/store.js";
import { floorOf, putRequest } from "./requests.js";
import { insertRun, type Run } from "./run.js";

const MOST_KEPT = 500;
/** Number of the oldest that make room for new ones, once in a call. */
const MADE_ROOM_FOR = 100;
const MOST_NOTED_A_DAY = 100;

/** Writes a refused run into the log, the first hundred of a day. */
export function noteRefusal(
  change: Change,
  { run, query, referenceDate }: Pick<Run, "run" | "query" | "referenceDate">,
  code: RefusalCode,
): void {
  const [day, count] = (setting(change, "refusals-noted") ?? "").split(" ");
  const noted = day === change.today ? Number(count) : 0;
  if (noted > MOST_NOTED_A_DAY) return;
  setSetting(change, "refusals-noted", `${change.today} ${noted + 1}`);
  if (noted < MOST_NOTED_A_DAY)
    change.note(practiceLog.runRefused, { run, query, date: referenceDate, code });
  else change.note(practiceLog.moreRefused, { noted });
}

/** The space that one call has left for refused runs. */
export class RefusedRunSpace {
  readonly #change: Change;
  #room: number | null = null;

  constructor(change: Change) {
    this.#change = change;
  }

  /** Stores a well-formed assignment as a refused run and logs it, where there is room. */
  keep(assignment: Assignment__Output, refusal: Refusal): void {
    this.#room ??= makeRoom(this.#change);
    if (this.#room === 0) return;
    this.#room -= 1;
    const { run, group, query, queryVersion: version, queryDigest: digest, referenceDate } = assignment;
    insertRun(this.#change, { run, query, version, digest, referenceDate, state: "refused", refusal });
    const { charterDigest } = assignment;
    const floor = floorOf(assignment);
    putRequest(this.#change, {
      run,
      group,
      floor,
      charterDigest,
      state: "waiting-for-approval",
      refusal: null,
    });
    noteRefusal(this.#change, { run, query, referenceDate }, refusal.code);
  }
}

const NEVER_BEGAN = "state = 'refused' AND attempt = 0 AND starts = 0 AND correction = 0";

function makeRoom(change: Change): number {
  const kept = change.db
    .prepare<[], { kept: number }>(`SELECT count(*) AS kept FROM run WHERE ${NEVER_BEGAN}`)
    .get()?.kept;
  const room = MOST_KEPT - (kept ?? 0);
  if (room >= MADE_ROOM_FOR) return room;
  const oldest = change.db
    .prepare<[bigint], { run: string }>(
      `SELECT run FROM run WHERE ${NEVER_BEGAN} AND run NOT IN (SELECT run FROM release) ORDER BY change LIMIT ?`,
    )
    .all(BigInt(MADE_ROOM_FOR - Math.max(0, room)));
  for (const { run } of oldest) {
    change.db.prepare("DELETE FROM request WHERE run = ?").run(run);
    change.db.prepare("DELETE FROM run WHERE run = ?").run(run);
  }
  return Math.max(0, room) + oldest.length;
}
