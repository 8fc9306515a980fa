/** The one place of the courier that reads the environment. */

/** Every place where a test may cut the power: before or after a call. */
type Step =
  | "poll"
  | "library"
  | "offer"
  | "claim"
  | "execute"
  | "take"
  | "submit"
  | "acknowledge"
  | "report"
  | "give-back"
  | "renew"
  | "witness";

/** Dies at once, as in a power cut, when `CAIRN_CRASH_AT` (a list with commas) has `courier:<step>-<moment>`. For fault tests. */
function crashPoint(step: Step, moment: "before" | "after"): void {
  const points = process.env["CAIRN_CRASH_AT"]?.split(",") ?? [];
  if (points.includes(`courier:${step}-${moment}`)) process.kill(process.pid, "SIGKILL");
}

/** One call with its two crash points. */
export async function atStep<T>(step: Step, call: () => Promise<T>): Promise<T> {
  crashPoint(step, "before");
  const result = await call();
  crashPoint(step, "after");
  return result;
}
