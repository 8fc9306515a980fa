/**
 * Comes into each `cairn` process of the test: its clock is the machine's, moved by the milliseconds that the file
 * CAIRN_TEST_CLOCK holds, so that days can be let go by while hub and agents run. Timers keep their own pace.
 */
import { readFileSync } from "node:fs";

const LOOK_AGAIN_MS = 100;
const file = process.env.CAIRN_TEST_CLOCK;
const Machines = globalThis.Date;
let [moved, looked] = [0, -Infinity];

function now() {
  const at = performance.now();
  if (at - looked > LOOK_AGAIN_MS) {
    moved = Number(readFileSync(file, "utf8"));
    looked = at;
  }
  return Machines.now() + moved;
}

globalThis.Date = new Proxy(Machines, {
  construct: (target, args, as) => Reflect.construct(target, args.length === 0 ? [now()] : args, as),
  get: (target, name) => (name === "now" ? now : Reflect.get(target, name)),
});
