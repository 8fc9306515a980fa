/** Polls the hub, and passes assignments to the keeper. Polling never implies accepting. */
import type { PollReply__Output } from "@cairn/wire";
import { sleep } from "../backoff.js";
import { atStep } from "../config.js";
import { askKeeper, runsInHand, wordsOf, type Courier } from "./courier.js";
import { Comparisons } from "./comparisons.js";
import { Consents } from "./consents.js";
import { bringLibrary } from "./library.js";
import { carryReleases } from "./restore-releases.js";
import { report } from "./report.js";
import { passCharters } from "./second-gate.js";
import { sendReleases } from "./send.js";
import { Witness } from "./witness.js";

const HOLD_SECONDS = 25;
/** Most assignments in one reply: more than a hub sends; the keeper takes no more in one call. */
const MOST_ASSIGNMENTS = 1000;
/** Deadline of a poll in ms. After two missed ones the channel is dialled anew: within a minute. */
const POLL_DEADLINE_MS = 28_000;

/** Polls until the signal. @throws WireRefusal where the hub has locked this agent out */
export async function keepPolling(courier: Courier): Promise<void> {
  const { signal, say } = courier;
  const backoff = courier.newBackoff();
  const witness = new Witness(courier);
  const comparisons = new Comparisons(courier);
  const consents = new Consents(courier);
  let said = "";
  while (!signal.aborted) {
    try {
      const asked = performance.now();
      const reply = await poll(courier, comparisons, consents);
      if (said !== "") {
        say("the hub answers again");
        courier.hubRestored.suspect();
      }
      said = "";
      courier.notes.offlineAfter(reply.offlineAfterSeconds);
      courier.hubRestored.observe(reply.checkpoint);
      await witness.see(reply); // first: of a hub that shows another history nothing new is taken
      // A hub that answers at once with nothing (it is stopping, say) is not asked again at once.
      const took = await take(courier, reply);
      const fruitful = (await comparisons.carry(reply)) || took || performance.now() - asked > 1000;
      await witness.see(reply); // again: of a library that came with this reply a proof may be there
      if (reply.nextPollSeconds > 0) await sleep(reply.nextPollSeconds * 1000, signal);
      else if (fruitful) backoff.reset();
      else await sleep(backoff.next(), signal);
    } catch (error) {
      if (signal.aborted) return;
      if (courier.isFatal(error)) throw error;
      courier.notes.note(error); // also of a keeper that does not answer: nothing is asked of the hub, then
      if (said !== wordsOf(error)) say(wordsOf(error));
      said = wordsOf(error);
      await sleep(backoff.next(), signal);
    }
  }
}

async function poll(
  courier: Courier,
  comparisons: Comparisons,
  consents: Consents,
): Promise<PollReply__Output> {
  const { hub, keeper, agentVersion, settings, now, signal } = courier;
  const state = await askKeeper(keeper.describe({}, { deadlineMs: 10_000, signal }));
  if (state.historyMissing) await carryReleases(courier); // before anything else is asked
  await consents.tell(state.consents, state.libraryVersion);
  const { generation, instance } = settings();
  const request = {
    libraryVersion: state.libraryVersion,
    knownRuns: runsInHand(courier),
    holdSeconds: HOLD_SECONDS,
    generation,
    instance,
    sentAt: now(),
    coversTo: state.coversTo,
    paused: state.paused,
    agentVersion,
    comparisonsFrom: comparisons.from(Number(state.comparisonsFrom)),
    libraryEdition: state.libraryEdition,
    decidedCharters: passCharters(state.decidedCharters),
  };
  return atStep("poll", () => hub.call((api) => api.poll(request, { deadlineMs: POLL_DEADLINE_MS, signal })));
}

/** Handles a reply. @returns whether anything came of it: what the keeper refuses is not asked for again at once. */
async function take(courier: Courier, reply: PollReply__Output): Promise<boolean> {
  const { keeper, cells, runs, now } = courier;
  const { libraryEdition, libraryHeld } = await askKeeper(keeper.describe({}));
  let fruitful = false;
  if (reply.libraryEdition !== "" && reply.libraryEdition !== libraryEdition) {
    await bringLibrary(courier, reply.libraryEdition, libraryHeld);
    fruitful = true;
  }
  if (reply.assignments.length > 0) {
    const known = new Set(runsInHand(courier));
    const assignments = reply.assignments.slice(0, MOST_ASSIGNMENTS);
    cells.note(assignments);
    const told = await atStep("offer", () => askKeeper(keeper.offerRuns({ assignments })));
    // A hub that was restored offers what it once had: where the run stands is no change, and is said all the same.
    // So is where another group's request for a run in hand stands.
    await report(courier, told.runs);
    const news = told.runs.filter(({ run }) => !known.has(run));
    const turnedDown = news.filter(({ state }) => state === "AGENT_RUN_STATE_REFUSED");
    const strangers = told.runs.flatMap(({ run, groups }) =>
      groups.filter(({ refusal }) => refusal?.code === "not-a-member").map(({ group }) => ({ run, group })),
    );
    cells.forget(
      turnedDown.map(({ run }) => run),
      strangers,
    );
    fruitful ||= news.length > turnedDown.length;
  }
  if (reply.lostRuns.length > 0) {
    runs.tried(reply.lostRuns, now());
    await sendReleases(courier, reply.lostRuns);
    fruitful = true;
  }
  return fruitful;
}
