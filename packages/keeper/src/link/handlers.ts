/** The calls of the courier. The keeper trusts nothing that it receives here: each handler checks for itself. */
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import {
  linkState,
  printable,
  rawPublicKey,
  WireRefusal,
  withRefusals,
  type CountersignRequest__Output,
  type KeeperHandlers,
  type RefusalCode,
  type SignedRelease__Output,
  type Use__Output,
} from "@cairn/wire";
import { whereabouts } from "@cairn/errors";
import { SqliteError } from "@cairn/sqlite";
import { decidedCharters } from "../approvals/charters.js";
import { unprovedLibrary, unprovedReceipts } from "../approvals/witnesses.js";
import type { Keeper } from "../keeper.js";
import { consentsToReport } from "../consents/receipts.js";
import { comparisonsFrom } from "../comparisons/kept.js";
import { takeComparisons } from "../comparisons/take.js";
import { keepLink } from "../link-state.js";
import { isPaused, setting } from "../store/settings.js";
import { acknowledge, newestReceipt } from "../review/acknowledge.js";
import { restoreReleases } from "../restore/restore-releases.js";
import { findRelease } from "../releases/release.js";
import { markHanded, usesOf } from "../releases/uses.js";
import { findRequest } from "../runs/requests.js";
import type { KeeperStore, Reader } from "../store/store.js";
import { assertMayRun, leaseRuns } from "../work/execute.js";
import { MOST_IN_A_CALL, offerRuns } from "../review/offer.js";
import { reviewRuns } from "../review/review.js";
import { findRun, newestChange, runsChangedAfter, type Run } from "../runs/run.js";
import { runMessage, turnedDownStates } from "./run-message.js";
import { takeInLibrary } from "../review/library.js";
import { assertOneHistory } from "../trust/hub-log.js";
import { takeProofs } from "../trust/proofs.js";
import { provedFrom } from "../trust/shown-logs.js";
import { countersign } from "../trust/witness.js";

const LONGEST_HOLD_MS = 25_000;
/** Most receipts whose proof is asked for at a time: a hub takes no more in one call. */
const MOST_UNPROVED = 64;

/** Most charters in a report of what is decided: a hub takes no more. */
const MOST_CHARTERS = 64;

/** The calls that the courier makes. @param say hears of a fault that nobody foresaw, by its place and without its words */
export function keeperHandlers(keeper: Keeper, say: (words: string) => void): KeeperHandlers {
  const { store } = keeper;
  const handlers: KeeperHandlers = {
    describe: async () => ({
      keeperKey: rawPublicKey(store.key),
      libraryVersion: keeper.library()?.version ?? "",
      libraryDigest: keeper.library()?.digest ?? Buffer.alloc(0),
      coversTo: setting(store, "covers-to") ?? "",
      paused: isPaused(store),
      change: newestChange(store),
      network: keeper.network,
      witnessedSize: provedFrom(store),
      historyMissing: setting(store, "history-missing") === "yes",
      receiptsTo: newestReceipt(store),
      comparisonsFrom: comparisonsFrom(store),
      libraryEdition: keeper.library()?.edition ?? "",
      libraryHeld: [...(keeper.library()?.held ?? [])],
      unproved: unprovedReceipts(store)
        .slice(0, MOST_UNPROVED)
        .map(({ place }) => place),
      unprovedLibrary: unprovedLibrary(store, keeper.library()),
      consents: consentsToReport(store),
      decidedCharters: { digests: decidedCharters(store).slice(0, MOST_CHARTERS) },
    }),
    offerLibrary: async ({ bundle }) => {
      try {
        assertOneHistory(store);
        return { accepted: true, version: takeInLibrary(store, bundle).version, refusal: null };
      } catch (error) {
        return { accepted: false, version: "", refusal: asRefusal(error) };
      }
    },
    offerRuns: async ({ assignments }) => {
      const { runs, turnedDown } = offerRuns(store, keeper.library(), assignments, keeper.dates);
      const told = states(runs);
      return { ...told, runs: [...told.runs, ...turnedDownStates(store, turnedDown)] };
    },
    execute: async ({ leases }) => {
      bounded(leases);
      keeper.queue.add(leaseRuns(store, leases));
      return states(leases.flatMap(({ run }) => findRun(store, run) ?? []));
    },
    waitForChanges: async ({ since, holdSeconds }, { signal }) => {
      const changed = await changes(keeper, since, Math.min(holdSeconds * 1000, LONGEST_HOLD_MS), signal);
      return states(changed);
    },
    takeRelease: async ({ run }) => {
      try {
        return { ...takeRelease(store, run), refusal: null };
      } catch (error) {
        return { release: null, refusal: asRefusal(error), uses: [] };
      }
    },
    acknowledge: async (request) => ({ runs: acknowledge(store, request) }),
    takeBack: async (request) => {
      bounded(request.held);
      return states(restoreReleases(store, request));
    },
    offerComparisons: async (request) => {
      try {
        const { taken, refusals } = takeComparisons(store, keeper.library(), request);
        return { taken, refusals: [...refusals], refusal: null, comparisonsFrom: comparisonsFrom(store) };
      } catch (error) {
        return { taken: 0, refusals: [], refusal: asRefusal(error), comparisonsFrom: comparisonsFrom(store) };
      }
    },
    noteLink: async (note) => {
      keepLink(store, linkState(note));
      return {};
    },
    countersign: async (request) => {
      try {
        return { ...countersign(store, request), refusal: null, proofsRefusal: takeProofsOf(request) };
      } catch (error) {
        return { cosigned: "", seenSize: 0, refusal: asRefusal(error), proofsRefusal: null };
      }
    },
  };
  return withRefusals(handlers, { onFault: (fault, call) => faultOf(fault, call, say) });

  /** Takes the proofs beside a checkpoint. @returns why they were not taken */
  function takeProofsOf(request: CountersignRequest__Output) {
    try {
      takeProofs(store, keeper.library(), request, reviewRuns);
      return null;
    } catch (error) {
      return asRefusal(error);
    }
  }

  function states(runs: readonly Run[]) {
    return { runs: runs.map((run) => runMessage(store, run)), change: newestChange(store) };
  }
}

/** Checks a list's length. @throws WireRefusal bad-request */
function bounded(list: readonly unknown[]): void {
  if (list.length > MOST_IN_A_CALL)
    throw new WireRefusal("bad-request", `at most ${MOST_IN_A_CALL} runs in one call`);
}

/** Runs that changed after `since`, as soon as there are any; none when the hold is over or the caller gone. */
async function changes(keeper: Keeper, since: number, holdMs: number, signal: AbortSignal): Promise<Run[]> {
  const { store } = keeper;
  const now = runsChangedAfter(store, since);
  if (now.length > 0 || holdMs === 0 || keeper.stopping.aborted) return now;
  const others = new AbortController(); // of these waits, whichever are left when one has ended
  const until = { signal: others.signal };
  const over = [
    once(signal, "abort", until),
    once(keeper.stopping, "abort", until),
    pause(holdMs, undefined, until),
  ];
  const changed = async (): Promise<void> => {
    while (newestChange(store) <= since) await once(store.changes, "change", until);
  };
  await Promise.race([...over, changed()]).finally(() => others.abort());
  return keeper.stopping.aborted ? [] : runsChangedAfter(store, since);
}

/** The refusal that an error is; a fault that nobody foresaw goes on, for `withRefusals`. */
function asRefusal(error: unknown): { code: RefusalCode; words: string } {
  if (error instanceof SqliteError) return storeRefusal(error);
  if (error instanceof WireRefusal) return error;
  throw error;
}

/** The store's own error in its own words: the courier stands on the same machine. */
function storeRefusal(error: SqliteError): WireRefusal {
  return new WireRefusal(error.code === "full" ? "disk-full" : "store-unavailable", error.message, {
    cause: error,
  });
}

/** The refusal for an error that is none; a fault that nobody foresaw is told to `say` by its place (H11). */
function faultOf(fault: unknown, call: string, say: (words: string) => void): WireRefusal {
  if (fault instanceof SqliteError) return storeRefusal(fault);
  say(`the call ${call} failed: ${whereabouts(fault)}`);
  return new WireRefusal(
    "internal",
    "the keeper failed to answer this; its log says where, please report that",
    {
      cause: fault,
    },
  );
}

/** A release with the uses under which it may be shown. */
interface Taken {
  readonly release: SignedRelease__Output;
  readonly uses: Use__Output[];
}

/**
 * The release of a run, at the moment of sending; the same bytes each time, also after it was acknowledged (a
 * restored hub asks again). A declined or paused one is not given; one that is given may have left.
 * @throws WireRefusal paused, run-unknown, run-not-released, disk-full, store-unavailable
 */
function takeRelease(store: KeeperStore, run: string): Taken {
  return store.change((change) => {
    assertMayRun(store);
    const known = findRun(change, run);
    if (!known)
      throw new WireRefusal("run-unknown", `the keeper was never offered run ${printable(run, 128)}`);
    const { state, correction } = known;
    const release =
      state === "outbox" || state === "acknowledged" ? findRelease(change, run, correction) : null;
    const uses = usesOf(change, known)
      .filter(({ use, acknowledged }) => !use.ended && (acknowledged || isAllowed(change, use)))
      .map(({ use }) => use);
    if (!release || uses.length === 0) {
      const words = release ? "no group has a use of it" : `it is ${state}`;
      throw new WireRefusal("run-not-released", `run ${run} is not sent: ${words}`);
    }
    markHanded(change, known);
    return { release, uses };
  }, "take");
}

function isAllowed(store: Reader, { run, group }: Use__Output): boolean {
  return findRequest(store, run, group)?.state === "ready";
}
