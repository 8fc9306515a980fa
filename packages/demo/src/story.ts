/** The demo's story: eight invented practices, what each decides, and the order in which things happen. */
import { setTimeout as wait } from "node:timers/promises";
import { CairnError } from "@cairn/errors";
import type { Federation, Practice } from "./federation.js";
import { PRACTICES } from "@cairn/synthetic";
import { addToGroup, comparisonsJson } from "@cairn/hub";
import type { ComparisonJson } from "@cairn/comparisons";
import { FIRST_QUERIES } from "./queries.js";

export const GROUP = "demo-cluster";
/** Asks the same practices for what the cluster has already: all but one of them accept it. */
export const BOARD = "demo-board";
const BOARD_PERIODS = 4;
const PERIODS = 16;
/** Patients on record; about six in ten are still registered, as in a real extract. */
const SIZES = [8_000, 7_200, 3_600, 4_400, 12_000, 3_000, 5_200, 3_400];
const EVENTS_PER_PATIENT = 120;
/** The practice whose picture and page we look through. Nobody there has accepted the board. */
export const OWN = "Stonegarth Surgery";
const DECLINES = { practice: "Quarry Brow Surgery", query: "nsaid-65-no-gastroprotection" };
/** Answers the first queries, then its machine is switched off. */
const STOPS = "Saltersyke Medical Centre";
const BEFORE_IT_STOPS = 3;
/**
 * Seconds without anything new after which runs under way are given up: a slow machine answers one query in a minute.
 */
const PATIENCE_S = 600;

/** Nothing went wrong that could be seen, and nothing came in. */
class OutOfPatience extends CairnError<"out-of-patience"> {
  readonly kind = "unavailable";
}

/**
 * @returns a function to be called with how much has come in.
 * @throws OutOfPatience where that has not grown for so long.
 */
export function patience(now = Date.now): (settled: number, asked: number) => void {
  let [before, since] = [-1, now()];
  return (settled, asked) => {
    if (settled > before) [before, since] = [settled, now()];
    if (now() - since <= PATIENCE_S * 1000) return;
    throw new OutOfPatience(
      "out-of-patience",
      `${asked - settled} of ${asked} answers are still to come, and none came in ${PATIENCE_S / 60} minutes: this machine may be too slow or too busy for the demo; close what else runs on it and try again`,
    );
  };
}

/** Receives the present step and its progress, for a person who waits. */
type Progress = (step: string, done: number, of: number) => void;

/**
 * Runs the story.
 * @param until last day of the invented records: today, so that every date's settle time is over where it can be.
 */
export async function runStory(federation: Federation, until: string, progress: Progress): Promise<void> {
  await federation.initHub();
  await federation.startHub();
  federation.startWitness();
  const practices = Object.keys(PRACTICES).map((name, i) =>
    federation.addPractice({
      name,
      patients: SIZES[i] ?? 3_000,
      eventsPerPatient: EVENTS_PER_PATIENT,
      seed: 4100 + i,
      until,
    }),
  );
  await loadRecords(federation, practices, progress);
  await named(practices, DECLINES.practice).must("agent", "decline", DECLINES.query);
  await Promise.all(practices.map((practice) => practice.start()));

  const first = FIRST_QUERIES.slice(0, BEFORE_IT_STOPS);
  await schedule(federation, first);
  await settle(federation, first, progress);
  await named(practices, STOPS).stop();
  await schedule(federation, FIRST_QUERIES.slice(BEFORE_IT_STOPS));
  await settle(federation, FIRST_QUERIES, progress);
  await federation.mustHub("hub", "close", "--group", GROUP, "--yes"); // the cluster meets now, with whoever has answered
  await askForBoard(federation, practices, progress);
}

/**
 * Asks for the board. A release serves a group only under the practice's use: the board may see nothing that the
 * cluster has.
 */
async function askForBoard(
  federation: Federation,
  practices: readonly Practice[],
  progress: Progress,
): Promise<void> {
  for (const practice of practices) {
    await federation.atHub((hub) => addToGroup(hub, practice.spec.name, BOARD));
    if (practice.spec.name !== OWN) await practice.must("agent", "join", BOARD);
  }
  const asked = FIRST_QUERIES.slice(0, 1);
  await schedule(federation, asked, { group: BOARD, periods: BOARD_PERIODS });
  await settle(federation, asked, progress, { group: BOARD, periods: BOARD_PERIODS });
  await federation.mustHub("hub", "close", "--group", BOARD, "--yes");
}

/** Two at a time: the demo is made for two cores. The largest first, so that no core waits for it at the end. */
async function loadRecords(
  federation: Federation,
  practices: readonly Practice[],
  progress: Progress,
): Promise<void> {
  const step = "inventing practices and importing their records";
  let done = 0;
  progress(step, done, practices.length);
  const waiting = [...practices].sort((a, b) => b.spec.patients - a.spec.patients);
  const worker = async (): Promise<void> => {
    for (let practice = waiting.shift(); practice; practice = waiting.shift()) {
      await practice.loadRecords();
      await federation.enrol(practice);
      progress(step, ++done, practices.length);
    }
  };
  await Promise.all([worker(), worker()]);
}

function named(practices: readonly Practice[], name: string): Practice {
  const found = practices.find((practice) => practice.spec.name === name);
  if (!found) throw new Error(`the demo has no ${name}`);
  return found;
}

interface Asking {
  readonly group: string;
  readonly periods: number;
}
const BY_CLUSTER: Asking = { group: GROUP, periods: PERIODS };

async function schedule(
  federation: Federation,
  queries: readonly string[],
  { group, periods }: Asking = BY_CLUSTER,
): Promise<void> {
  const dates = ["--every", "quarter", "--periods", `${periods}`];
  await federation.mustHub("schedule", "add", "--group", group, "--query", ...queries, ...dates);
}

/** Waits until the hub has asked for all of these and nothing of them is under way. */
async function settle(
  federation: Federation,
  queries: readonly string[],
  progress: Progress,
  { group, periods }: Asking = BY_CLUSTER,
): Promise<void> {
  const asked = queries.length * periods * federation.practices.length;
  const goOn = patience();
  for (;;) {
    const all = await comparisons(federation, group);
    const runs = all.filter((c) => queries.includes(c.query) && isTotal(c)).flatMap((c) => c.practices);
    const settled = runs.filter(({ state }) => state !== "pending").length;
    progress(
      queries.length === 1 ? `answering 1 query for ${group}` : `answering ${queries.length} queries`,
      settled,
      asked,
    );
    if (settled === asked) return;
    goOn(settled, asked);
    await wait(1000);
  }
}

function isTotal({ split }: ComparisonJson): boolean {
  return Object.keys(split).length === 0;
}

export function comparisons(federation: Federation, group = GROUP): Promise<ComparisonJson[]> {
  return federation.atHub((hub) => comparisonsJson(hub, group));
}
