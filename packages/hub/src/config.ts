/** The one place of the hub that reads the environment. */

/** Every place where a test may cut the power, before or after its commit. */
export const STEPS = [
  "enrol",
  "admit",
  "publish",
  "schedule",
  "claim",
  "report",
  "submit",
  "close",
  "renew",
  "other",
] as const;
export type Step = (typeof STEPS)[number];
export type CrashPoint = `${Step}-${"before" | "after"}-commit`;

/** Dies at once, as in a power cut, when `CAIRN_CRASH_AT` (a list with commas) has `hub:<point>`. For fault tests. */
export function crashPoint(point: CrashPoint): void {
  const points = process.env["CAIRN_CRASH_AT"]?.split(",") ?? [];
  if (points.includes(`hub:${point}`)) process.kill(process.pid, "SIGKILL");
}
