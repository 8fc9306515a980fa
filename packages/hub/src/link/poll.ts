import type { PollReply, PollRequest__Output } from "@cairn/wire";
import { checkClock } from "../enrolment/clock.js";
import { caBundle } from "../enrolment/enrol.js";
import { checkInstance, identify } from "../enrolment/identify.js";
import type { Hub } from "../hub.js";
import { newestLibrary } from "../library/queries.js";
import { newestEdition } from "../library/repository.js";
import { lostRuns, offer } from "../runs/offer.js";
import type { AgentRow } from "../store/tables.js";
import { quorumSize } from "../witnesses/proofs.js";
import { newestComparison } from "./comparisons.js";
import type { ParkedPolls } from "./parking.js";

/** Seconds until the next poll when work cannot be done at once (a paused practice, a full disk there). */
const PAUSE_SECONDS = 10;

/**
 * Answers a poll, held until there is an answer, 25 s at most. The caller is identified again at each wake, so that a
 * revocation reaches a poll that waits.
 */
export async function poll(
  hub: Hub,
  parking: ParkedPolls,
  request: PollRequest__Output,
  context: { peer: Buffer | null; signal: AbortSignal },
): Promise<PollReply> {
  checkClock(hub, request.sentAt);
  const until = Date.now() + Math.min(request.holdSeconds * 1000, hub.settings.hold);
  for (;;) {
    const agent = await identify(hub, context.peer);
    checkInstance(agent, request);
    await heardFrom(hub, agent, request);
    const reply = await news(hub, agent, request);
    const left = until - Date.now();
    if (reply.something || left <= 0 || parking.closed || context.signal.aborted) return reply.said;
    await parking.wait(agent.practice, left, context.signal);
  }
}

async function news(
  hub: Hub,
  agent: AgentRow,
  request: PollRequest__Output,
): Promise<{ something: boolean; said: PollReply }> {
  const library = await newestLibrary(hub.store.db);
  const assignments = await offer(hub, agent.practice, request.knownRuns);
  const lost = await lostRuns(hub, agent.practice);
  const newest = await newestComparison(hub, agent.practice);
  const newComparison = request.comparisonsFrom > 0 && newest >= request.comparisonsFrom;
  const edition = await newestEdition(hub);
  const head = await hub.store.settledLog((log) => ({
    checkpoint: log.checkpoint(),
    quorumSize: quorumSize(log),
  }));
  // Agents of before there were editions know versions alone, and refuse what they are delivered.
  const newLibrary =
    request.libraryEdition === "" && request.libraryVersion !== ""
      ? library?.version !== request.libraryVersion
      : edition !== request.libraryEdition;
  return {
    something: newLibrary || assignments.length > 0 || lost.length > 0 || newComparison,
    said: {
      libraryVersion: library?.version ?? "",
      libraryEdition: edition,
      assignments,
      caBundle: caBundle(hub),
      lostRuns: lost,
      ...head,
      nextPollSeconds: lost.length > 0 ? PAUSE_SECONDS : 0,
      newestComparison: newest,
      offlineAfterSeconds: Math.ceil(hub.settings.offlineAfter / 1000),
    },
  };
}

/** Stores when an agent was last heard: at most one row write a second, however often the poll wakes. */
async function heardFrom(hub: Hub, agent: AgentRow, request: PollRequest__Output): Promise<void> {
  const now = hub.settings.now();
  const decided = decidedText(request);
  const same =
    agent.decided_charters === decided &&
    agent.covers_to === (request.coversTo || null) &&
    Boolean(agent.paused) === request.paused &&
    agent.library_version === request.libraryVersion &&
    (request.agentVersion === "" || agent.version === request.agentVersion);
  if (same && agent.polled_at !== null && now - agent.polled_at < 1000) return;
  await hub.store.quietly(async (tx) => {
    await tx
      .updateTable("agent")
      .set({
        polled_at: now,
        covers_to: request.coversTo || null,
        paused: request.paused ? 1 : 0,
        library_version: request.libraryVersion,
        decided_charters: decided,
        ...(request.agentVersion === "" ? {} : { version: request.agentVersion }),
      })
      .where("id", "=", agent.id)
      .execute();
  });
}

/** The charters of which somebody at the practice has decided, as a row keeps them; null of an agent that does not say. */
function decidedText({ decidedCharters }: PollRequest__Output): string | null {
  return decidedCharters && JSON.stringify(decidedCharters.digests.map((digest) => digest.toString("hex")));
}
