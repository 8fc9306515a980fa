/** A courier from its folder to its three loops: poll, work, renew. */
import pino from "pino";
import { linkNote, printable, publicKeyFromRaw, WireRefusal, type KeeperApi } from "@cairn/wire";
import { connectKeeper } from "@cairn/wire/grpc";
import { Backoff, sleep } from "./backoff.js";
import { AGAIN_MS } from "./config.js";
import { enrol } from "./enrolment/enrol.js";
import { keepRenewed, renew, type RenewalContext } from "./enrolment/renew.js";
import { CourierError } from "./errors.js";
import { readSettings } from "./identity/folder.js";
import { readIdentity, validityOf, type Identity } from "./identity/identity.js";
import { HubLink } from "./link/hub-link.js";
import { openRoute } from "./link/route.js";
import { LinkNotes } from "./link/state.js";
import { CellCounts } from "./work/cells.js";
import {
  askKeeper,
  isForgotten,
  isLockout,
  HubRestoreDetector,
  wordsOf,
  type Courier,
} from "./work/courier.js";
import { keepPolling } from "./work/poll.js";
import { keepWorking } from "./work/runs.js";
import { Tracker } from "./work/tracker.js";

export interface CourierOptions {
  /** The courier's folder: `courier` in the agent's. */
  readonly folder: string;
  /** Path of the keeper's Unix socket. */
  readonly socket: string;
  readonly agentVersion: string;
  /** Ends the courier. */
  readonly signal: AbortSignal;
  readonly now?: () => number;
  readonly random?: () => number; // in [0, 1)
  /** Time in ms after which a channel that is still connecting is dialled anew; default 25,000. */
  readonly connectMs?: number;
}

/** Longest line of the log in characters: some lines quote the hub. */
const MOST_WORDS = 2000;
const LOOK_FOR_ENROLMENT_MS = 2000;

const FORGOTTEN =
  "the hub no longer knows this agent: perhaps it was restored from an older backup. Nothing here is lost, and the agent goes on by itself once it is known again: ask the hub's operator to invite and admit this practice once more, and give cairn agent enrol the new code in this same folder";

/**
 * Runs until its signal. The hub down, the keeper away, the disk full, a hub that has forgotten this agent: it logs
 * that and goes on.
 * @throws WireRefusal revoked, cloned: the hub has locked this agent out; CourierError of its own files
 */
export async function runCourier(options: CourierOptions): Promise<void> {
  const logger = pino({ base: { process: "courier" } }, pino.destination({ dest: 2, sync: true }));
  const say = (words: string): void => logger.info(printable(words, MOST_WORDS));
  const keeper = connectKeeper(options.socket);
  const now = options.now ?? Date.now;
  const notes = new LinkNotes(options.folder, now, (state) => {
    // A keeper that is not there, or is older, is told nothing: the file says the same.
    void keeper.noteLink(linkNote(state, now()), { deadlineMs: 5000 }).catch(() => undefined);
  });
  try {
    let identity = readIdentity(options.folder) ?? (await waitForAdmission(options, say, notes));
    while (identity) {
      try {
        await linked(options, identity, keeper, say, notes);
        return;
      } catch (error) {
        if (!isForgotten(error)) throw error;
        if (notes.problem !== FORGOTTEN) say(FORGOTTEN);
        notes.trouble("forgotten", FORGOTTEN);
        identity = await untilKnownAgain(options, identity, say, notes);
      }
    }
  } finally {
    keeper.close();
  }
}

async function linked(
  options: CourierOptions,
  identity: Identity,
  keeper: KeeperApi,
  say: (words: string) => void,
  notes: LinkNotes,
): Promise<void> {
  const { hub, proxy } = identity.settings;
  const route = await openRoute(hub, proxy, options.folder);
  const link = new HubLink({
    route,
    identity,
    notes,
    onDate: (date) => notes.clock(date),
    onRedial: (why) => say(`dialling the hub anew: ${why}`),
    ...(options.connectMs === undefined ? {} : { connectMs: options.connectMs }),
  });
  try {
    await work({ options, identity, route, link, keeper, notes, say });
  } finally {
    link.close();
    route.close();
  }
}

/** Waits for a new enrolment in this folder, or tries the old one again after a while. Null when told to end. */
async function untilKnownAgain(
  options: CourierOptions,
  identity: Identity,
  say: (words: string) => void,
  notes: LinkNotes,
): Promise<Identity | null> {
  const { folder, signal, random = Math.random } = options;
  const until = Date.now() + AGAIN_MS * (1 + random());
  while (!signal.aborted && Date.now() < until) {
    if (readSettings(folder)?.joinCode) return waitForAdmission(options, say, notes);
    await sleep(LOOK_FOR_ENROLMENT_MS, signal);
  }
  return signal.aborted ? null : (readIdentity(folder) ?? identity);
}

async function work(with_: {
  readonly options: CourierOptions;
  readonly identity: Identity;
  readonly route: RenewalContext["route"];
  readonly link: HubLink;
  readonly keeper: Courier["keeper"];
  readonly notes: LinkNotes;
  readonly say: (words: string) => void;
}): Promise<void> {
  const { options, identity, route, link, keeper, notes, say } = with_;
  const { folder, agentVersion, now = Date.now, random = Math.random } = options;
  const newBackoff = (): Backoff => new Backoff({ random });
  const ending = new AbortController(); // one loop that cannot go on ends the others
  const signal = AbortSignal.any([options.signal, ending.signal]);
  const renewing: RenewalContext = { folder, route, link, now, random, backoff: newBackoff(), say, signal };
  const current = (): Identity => readIdentity(folder) ?? identity;
  const isFatal = (error: unknown): boolean => isLockout(error, false);
  await checkSameKeeper(keeper, identity, { signal, say, notes });
  if (validityOf(identity).to <= now()) await renewExpired(identity, renewing);
  const courier: Courier = {
    folder,
    agentVersion,
    hub: link,
    keeper,
    notes,
    settings: () => current().settings,
    runs: new Tracker(newBackoff),
    cells: new CellCounts(folder),
    hubRestored: new HubRestoreDetector(),
    now,
    newBackoff,
    isFatal,
    say,
    signal,
  };
  const loops = [keepPolling(courier), keepWorking(courier), keepRenewed(current(), renewing, isLockout)];
  try {
    await Promise.all(loops);
  } finally {
    ending.abort();
    await Promise.allSettled(loops);
  }
}

/** Waits for `cairn agent enrol`, and then for admission, asking again by itself. Null when told to end. */
async function waitForAdmission(
  options: CourierOptions,
  say: (words: string) => void,
  notes: LinkNotes,
): Promise<Identity | null> {
  const { folder, signal, agentVersion, now, random } = options;
  const backoff = new Backoff({ baseMs: 2000, ...(random ? { random } : {}) });
  let said = "";
  while (!signal.aborted) {
    const settings = readSettings(folder);
    const identity = readIdentity(folder);
    if (identity && !settings?.joinCode) return identity;
    let waiting = "waiting for cairn agent enrol";
    if (settings?.joinCode) {
      const { joinCode, hub, proxy, keeperKey } = settings;
      const about = { joinCode, hub, proxy, keeperKey: Buffer.from(keeperKey, "hex"), agentVersion };
      try {
        const { state } = await enrol(folder, { ...about, ...(now ? { now } : {}) }, notes);
        if (state === "admitted") continue;
        waiting = notes.problem ?? "";
      } catch (error) {
        if (isLockout(error, true)) {
          notes.note(error);
          throw error;
        }
        waiting = wordsOf(error);
        notes.trouble(error instanceof WireRefusal ? "refused" : "unreachable", waiting);
      }
    } else notes.trouble("not-enrolled", waiting);
    if (said !== waiting) say(waiting);
    said = waiting;
    await sleep(settings?.joinCode ? 1000 + backoff.next() : LOOK_FOR_ENROLMENT_MS, signal);
  }
  return null;
}

/**
 * Checks that the practice that enrolled is the one whose keeper is behind the socket; waits for a keeper that is not
 * there yet.
 */
async function checkSameKeeper(
  keeper: Courier["keeper"],
  { settings }: Identity,
  { signal, say, notes }: Pick<Courier, "signal" | "say" | "notes">,
): Promise<void> {
  const backoff = new Backoff({ baseMs: 200, mostMs: 5000 });
  for (let said = false; !signal.aborted; said = true) {
    try {
      const { keeperKey } = await askKeeper(keeper.describe({}, { deadlineMs: 10_000, signal }));
      if (publicKeyFromRaw(keeperKey).equals(publicKeyFromRaw(Buffer.from(settings.keeperKey, "hex"))))
        return;
      throw new CourierError(
        "certificate-unusable",
        "the keeper on the socket is not the one that this courier enrolled with: remove the courier's folder (not the keeper's) and enrol again with a new join code",
      );
    } catch (error) {
      if (!(error instanceof CourierError) || error.code !== "keeper-unreachable") throw error;
      if (!said) say(error.message);
      notes.note(error);
      await sleep(backoff.next(), signal);
    }
  }
}

/**
 * Renews an expired certificate before anything else is asked, for a courier that was away for longer than its life.
 */
async function renewExpired(identity: Identity, renewing: RenewalContext): Promise<void> {
  const { signal, say, backoff } = renewing;
  while (!signal.aborted) {
    try {
      await renew(identity, renewing);
      return;
    } catch (error) {
      if (isLockout(error, true)) throw error;
      say(`the certificate has expired and could not be renewed: ${wordsOf(error)}`);
      await sleep(1000 + backoff.next(), signal);
    }
  }
}
