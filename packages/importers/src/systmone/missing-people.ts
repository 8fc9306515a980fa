/** Who an extract says is nobody here: what is told of them is no part of the records. */
import type { Skip } from "../table.js";
import type { Standings } from "./standings.js";

export interface MissingPeople {
  /** Test patients, by all extracts of the load: what is told of them waits, in case they are none. */
  readonly tests: Set<string>;
  /** People who left by the extract that is read: what it tells of them is over too. */
  readonly left: Set<string>;
  readonly standings: Standings;
}

export const OF_TEST_PATIENT: Skip = { kind: "left-out", reason: "it is of a test patient" };
export const BEFORE_THEY_LEFT: Skip = {
  kind: "left-out",
  reason: "its person left after this extract, and it was not told again",
};
