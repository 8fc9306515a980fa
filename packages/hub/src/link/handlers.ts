import { WireRefusal, withRefusals, type HubHandlers } from "@cairn/wire";
import { explained, SqliteError } from "@cairn/sqlite";
import type { Logger } from "pino";
import { enrol } from "../enrolment/enrol.js";
import { identify } from "../enrolment/identify.js";
import { renew } from "../enrolment/renew.js";
import type { Hub } from "../hub.js";
import { deliveryChunk } from "../library/repository.js";
import { claim } from "../runs/claim.js";
import { releasesToRestore } from "../runs/restore-releases.js";
import { report } from "../runs/report.js";
import { submit } from "../runs/submit.js";
import type { AgentRow } from "../store/tables.js";
import { checkBounds } from "./bounds.js";
import { fetchComparisons } from "./comparisons.js";
import { poll } from "./poll.js";
import type { ParkedPolls } from "./parking.js";
import { witness } from "./witness.js";

/** The calls of agents. Everything but `enrol` and `renew` needs a certificate in force. */
export function handlers(hub: Hub, parking: ParkedPolls, log: Logger): HubHandlers {
  const known =
    <Q, R>(work: (agent: AgentRow, request: Q) => Promise<R>) =>
    async (request: Q, context: { peer: Buffer | null }): Promise<R> =>
      work(await identify(hub, context.peer), request);
  const turnedDown = sparingly(log);
  const calls: HubHandlers = {
    enrol: (request) => enrol(hub, request),
    renew: (request) => renew(hub, request),
    poll: (request, context) => poll(hub, parking, request, context),
    fetchLibrary: known((_agent, request) =>
      deliveryChunk(hub, request.version, request.offset, request.held),
    ),
    claim: known((agent, request) => claim(hub, agent, request)),
    report: known((agent, request) => report(hub, agent, request)),
    submit: known((agent, request) => submit(hub, agent, request)),
    giveBack: known((agent, request) => releasesToRestore(hub, agent, request)),
    witness: known((agent, request) => witness(hub, agent, request)),
    fetchComparisons: known((agent, request) => fetchComparisons(hub, agent, request)),
  };
  return withRefusals(calls, {
    check: checkBounds,
    onRefusal: ({ code }, call) => turnedDown(call, code),
    onFault: (error, call) => faultOf(error, call, log),
  });
}

/** Most log lines a minute on refused calls, so that one that calls without end does not fill the disk. */
const LINES_A_MINUTE = 60;

function sparingly(log: Logger): (call: string, code: string) => void {
  let minute = 0;
  let lines = 0;
  return (call, code) => {
    const now = Math.floor(Date.now() / 60_000);
    if (now !== minute) [minute, lines] = [now, 0];
    lines += 1;
    if (lines < LINES_A_MINUTE) log.info({ call, code }, "turned down");
    else if (lines === LINES_A_MINUTE) log.info("more calls were refused in this minute than are logged");
  };
}

/** Logs a fault of ours with its stack and without its request; the caller gets a code. */
function faultOf(error: unknown, call: string, log: Logger): WireRefusal {
  const cause = explained(error, "the hub's database");
  log.error({ call, err: cause }, "a call failed");
  if (!(cause instanceof SqliteError))
    return new WireRefusal("internal", "the hub failed; its log says how", { cause });
  if (cause.code === "full") {
    const words = "the hub's disk is full: nothing is lost, and it is taken once there is room again";
    return new WireRefusal("disk-full", words, { cause });
  }
  return new WireRefusal("store-unavailable", "the hub cannot write now; try again later", { cause });
}
