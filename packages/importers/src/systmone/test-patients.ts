import type { Skip } from "../table.js";

export const OF_TEST_PATIENT: Skip = { kind: "left-out", reason: "it is of a test patient" };
