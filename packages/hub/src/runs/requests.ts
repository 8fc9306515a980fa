/**
 * One group's request for a run. Groups that ask the same share the run, and the practice decides for each:
 *
 *   asked -> waiting-for-approval | ready | declined | refused    as the practice reports of this group
 *   asked, waiting-for-approval, ready -> expired                 a later period has taken its place
 *   asked, waiting-for-approval, ready -> left                    the practice left the group (and back: it is asked)
 *
 * What the practice signed says more than what it reports: under its use the release counts for the group, and
 * without one it does not, whatever the run's own state.
 */
import { sql, type Expression, type ExpressionBuilder, type SqlBool } from "kysely";
import type { AgentRunState } from "@cairn/wire";
import type { Tables } from "../store/tables.js";
import { SETTLED_STATES, type RequestState, type RunState } from "@cairn/comparisons";

/** State of the practice's newest signed use of the release that counts: given, ended, or none. */
type UseState = "given" | "ended" | "none";

/** States of a request that are the group's own answer, whatever becomes of the run. */
const ANSWERED = [
  "declined",
  "refused",
  "withdrawn",
  "expired",
  "left",
] as const satisfies readonly RequestState[];
/** States of requests that the practice is no longer asked. */
export const NO_LONGER_ASKED = ["expired", "left"] as const satisfies readonly RequestState[];
/** States of a run that were decided for the groups that had asked by then. */
const DECIDED = ["waiting-for-approval", "declined", "refused"] as const satisfies readonly RunState[];

/**
 * The state of a run for one group. `released` only under the group's use.
 * @param first whether it is the group that asked first: agents from before there were uses report on that one only.
 */
export function stateFor(
  run: RunState,
  request: RequestState,
  first: boolean,
  use: UseState,
): RunState | "left" {
  if (use === "given" && (run === "released" || run === "withdrawn")) return run;
  if (request !== "asked" && request !== "ready") return request;
  if (use === "ended") return "withdrawn";
  if (run === "released") return "offered"; // here, and not for this group yet
  const decided: readonly RunState[] = DECIDED;
  return request === "asked" && !first && decided.includes(run) ? "offered" : run;
}

/** The request's state after a practice's report on one group. @returns null where the report does not mention it. */
export function requestAfter(
  state: RequestState,
  report: keyof typeof AgentRunState,
  refusal: string | null,
): RequestState | null {
  const heard = REPORTED.get(report);
  if (heard === undefined) return null;
  if (state === "expired" || state === "left") return state;
  return heard === "refused" && refusal === "date-too-old" ? "expired" : heard;
}

const REPORTED: ReadonlyMap<keyof typeof AgentRunState, RequestState> = new Map([
  ["AGENT_RUN_STATE_WAITING_FOR_APPROVAL", "waiting-for-approval"],
  ["AGENT_RUN_STATE_READY", "ready"],
  ["AGENT_RUN_STATE_DECLINED", "declined"],
  ["AGENT_RUN_STATE_REFUSED", "refused"],
  ["AGENT_RUN_STATE_WITHDRAWN", "withdrawn"],
]);

/**
 * Whether more is expected from a member of a collection: `stateFor` in SQL, where it is not one of SETTLED_STATES. A
 * test compares the two.
 */
export function awaited(where: ExpressionBuilder<Tables, "collection">): Expression<SqlBool> {
  const members = where
    .selectFrom("collection_member as member")
    .innerJoin("run", "run.id", "member.run")
    .innerJoin("run_request as request", (join) =>
      join.onRef("request.run", "=", "run.id").onRef("request.group_name", "=", "collection.group_name"),
    )
    .leftJoin("release", (join) =>
      join.onRef("release.run", "=", "run.id").onRef("release.correction", "=", "run.correction"),
    )
    .leftJoin("release_use as use", (join) =>
      join
        .onRef("use.hub_log_index", "=", "request.newest_use")
        .onRef("use.correction", "=", "run.correction"),
    )
    .select("run.id")
    .whereRef("member.collection", "=", "collection.id")
    .where((is) => {
      const settled = is.or([
        is.and([
          is("use.ended", "=", 0),
          is("use.release_digest", "=", is.ref("release.digest")),
          is("run.state", "in", ["released", "withdrawn"]),
        ]),
        is("request.state", "in", ANSWERED),
        is.and([
          is("request.state", "in", ["asked", "ready"]),
          is.or([
            is("use.ended", "=", 1),
            is.and([
              is("run.state", "in", SETTLED_STATES),
              is("run.state", "!=", "released"),
              is.or([
                is("request.state", "=", "ready"),
                is("run.group_name", "=", is.ref("request.group_name")),
                is("run.state", "not in", DECIDED),
              ]),
            ]),
          ]),
        ]),
      ]);
      return sql<boolean>`coalesce(${settled}, 0) = 0`; // null: there is no use
    });
  return where.exists(members);
}
