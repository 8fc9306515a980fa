/**
 * The thief's calendar: a hub that chooses its days. Asked each day, a rounded total steps on the day on which a person
 * more or less is counted, and the steps of forty days pin groups that quarters hide. It asks a real keeper, over its
 * socket, and keeps all that it is given.
 */
import { assignment, bundle, theQuery, type practice } from "../../packages/keeper/test/fixtures/practice.js";
import type { Attack } from "./guard.js";

const DAY_MS = 86_400_000;
const PERIODS = "{every: quarter, count: 4}";
/** The keeper's clock. */
const NOW = Date.parse("2025-09-01T12:00:00Z");
/** How long the keeper is given for what it says is ready. */
const PATIENCE_MS = 10_000;

type Keeper = Awaited<ReturnType<ReturnType<typeof practice>["start"]>>;

export const clock = { now: (): number => NOW };

export async function calendar({ api }: Keeper): Promise<Attack> {
  await api.offerLibrary({ bundle: bundle({}, PERIODS) });
  const query = theQuery(PERIODS);
  const forty = Array.from({ length: 40 }, (_, i) => iso(Date.parse("2025-05-10") + i * DAY_MS));
  const months = ["2025-04-30", "2025-05-31", "2025-07-31"];
  const old = ["2020-03-31", "2023-12-31", "2024-06-30"];
  const dates = [...old, ...months, ...forty, "2025-09-30"].sort();
  const { runs } = await api.offerRuns({ assignments: dates.map((date) => assignment(date, {}, query)) });
  const ready = runs.filter(({ state }) => state === "AGENT_RUN_STATE_READY").map(({ run }) => run);
  await api.execute({ leases: ready.map((run) => ({ run, attempt: 1, seconds: 600 })) });
  const given = new Set<string>();
  for (const until = Date.now() + PATIENCE_MS; given.size < ready.length && Date.now() < until;) {
    for (const run of ready) if ((await api.takeRelease({ run })).release) given.add(run);
  }
  const name = "the thief's calendar";
  return { name, knows: "any day that it asks for", tried: dates.length, exposures: given.size };
}

function iso(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
