/** The one place of the courier that reads the environment. */

/** Every place where a test may cut the power: before or after a call. */
export type Step =
  | "poll"
  | "library"
  | "offer"
  | "claim"
  | "execute"
  | "take"
  | "submit"
  | "acknowledge"
  | "report"
  | "renew"
  | "witness";

/** Dies at once, as in a power cut, when `CAIRN_CRASH_AT` is `courier:<step>-<moment>`. For fault tests. */
export function crashPoint(step: Step, moment: "before" | "after"): void {
  if (process.env["CAIRN_CRASH_AT"] === `courier:${step}-${moment}`) process.kill(process.pid, "SIGKILL");
}

/** One call with its two crash points. */
export async function atStep<T>(step: Step, call: () => Promise<T>): Promise<T> {
  crashPoint(step, "before");
  const result = await call();
  crashPoint(step, "after");
  return result;
}
