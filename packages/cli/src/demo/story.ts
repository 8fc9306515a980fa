/** The demo's story: eight invented practices, what each decides, and the order in which things happen. */
import type { Federation, Practice } from "@cairn/testkit";
import { PRACTICES } from "@cairn/synthetic";
import type { Comparison } from "./comparison.js";

export const GROUP = "demo-cluster";
export const QUERIES = [
  "hypertension-register",
  "bp-control",
  "diabetes-hba1c-58",
  "nsaid-65-no-gastroprotection",
  "flu-vaccination-uptake",
  "hba1c-48-no-diabetes-code",
  "three-or-more-consultations",
] as const;
const PERIODS = 16;
const EVENTS_PER_PATIENT = 120;
/** The practice whose picture and page we look through. */
export const OWN = "Stonegarth Surgery";
const DECLINES = { practice: "Quarry Brow Surgery", query: "nsaid-65-no-gastroprotection" };
/** Answers the first queries, then its machine is switched off. */
const STOPS = "Saltersyke Medical Centre";
const BEFORE_IT_STOPS = 3;

/** Says what is going on, and how far it is, for a person who waits. */
export type Progress = (step: string, done: number, of: number) => void;

/** @param until last day of the invented records: today, so that every date's settle time is over where it can be. */
export async function tell(federation: Federation, until: string, progress: Progress): Promise<void> {
  await federation.found();
  await federation.startHub();
  const practices = Object.entries(PRACTICES).map(([name, { patients }], i) =>
    federation.addPractice({ name, patients, eventsPerPatient: EVENTS_PER_PATIENT, seed: 4100 + i, until }),
  );
  await furnish(federation, practices, progress);
  await named(practices, DECLINES.practice).must("agent", "decline", DECLINES.query);
  await Promise.all(practices.map((practice) => practice.start()));

  const first = QUERIES.slice(0, BEFORE_IT_STOPS);
  await schedule(federation, first);
  await settle(federation, first, progress);
  await named(practices, STOPS).stop();
  await schedule(federation, QUERIES.slice(BEFORE_IT_STOPS));
  await settle(federation, QUERIES, progress);
  await federation.mustHub("hub", "close", "--group", GROUP); // the cluster meets now, with whoever has answered
}

/** Two at a time: the demo is made for two cores. The largest first, so that no core waits for it at the end. */
async function furnish(
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
      await practice.furnish();
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

async function schedule(federation: Federation, queries: readonly string[]): Promise<void> {
  const periods = ["--every", "quarter", "--periods", `${PERIODS}`];
  await federation.mustHub("schedule", "add", "--group", GROUP, "--query", ...queries, ...periods);
}

/** Waits until nothing of these queries is under way. */
async function settle(federation: Federation, queries: readonly string[], progress: Progress): Promise<void> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    const all = await comparisons(federation);
    const runs = all.filter((c) => queries.includes(c.query) && isTotal(c)).flatMap((c) => c.practices);
    const open = runs.filter(({ state }) => state === "pending").length;
    progress("answering the queries", runs.length - open, runs.length);
    if (runs.length > 0 && open === 0) return;
    if (Date.now() > deadline) throw new Error(`${open} runs are still under way after two minutes`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

function isTotal({ split }: Comparison): boolean {
  return Object.keys(split).length === 0;
}

export async function comparisons(federation: Federation): Promise<Comparison[]> {
  const text = await federation.mustHub("hub", "comparison", "--group", GROUP, "--json");
  return (JSON.parse(text) as { comparisons: Comparison[] }).comparisons;
}
