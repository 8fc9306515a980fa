import t from "tap";
import { ParkedPolls } from "../src/link/parking.js";

const LONG = 60_000;
const never = new AbortController().signal;

/** The practices whose polls have been woken, in the order in which they were. */
function waiting(parking: ParkedPolls, ...practices: string[]): { woken: string[]; all: Promise<unknown> } {
  const woken: string[] = [];
  const all = practices.map((name) => parking.wait(name, LONG, never).then(() => woken.push(name)));
  return { woken, all: Promise.all(all) };
}

t.test("a change wakes the polls of the practices that it concerns, and no others", async (t) => {
  const parking = new ParkedPolls();
  const first = waiting(parking, "Rowan");
  const others = waiting(parking, "Alder", "Birch");
  parking.wake(new Set(["Rowan"]));
  parking.wake(new Set(["Nobody here"]));
  await first.all;
  t.same(others.woken, []);
  parking.wake("all");
  await others.all;
  t.same(others.woken, ["Alder", "Birch"]);
});

t.test("all that wait are woken, however many, and every one at the end", async (t) => {
  const parking = new ParkedPolls();
  const names = Array.from({ length: 50 }, (_, i) => `practice ${i}`);
  const { woken, all } = waiting(parking, ...names);
  parking.wake("all");
  parking.wake(new Set(["practice 3"]));
  await all;
  t.same(woken, names);
  const last = waiting(parking, ...names);
  parking.close();
  await last.all;
  t.equal(last.woken.length, names.length);
  await parking.wait("too late", LONG, never);
});
