/** Reads the environment; no other file of the courier does. */
import { crashPoints } from "@cairn/crash-points";

/** `CAIRN_CRASH_AT` names the folder where fault tests arm crash points. */
const crashPoint = crashPoints("courier", process.env["CAIRN_CRASH_AT"] ?? null);

type CourierCall =
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
  | "comparisons"
  | "renew"
  | "witness";

/** Makes a call of this name, with a crash point before and after it. */
export async function atStep<T>(name: CourierCall, call: () => Promise<T>): Promise<T> {
  crashPoint("before", name);
  const result = await call();
  crashPoint("after", name);
  return result;
}

/**
 * Least time in ms before the hub is asked again for what it or the keeper refused, and between two checkpoints that
 * are carried: often enough to notice a second history soon, seldom enough not to fill either log. `CAIRN_AGAIN_MS`, for tests.
 */
export const AGAIN_MS = msFrom(process.env["CAIRN_AGAIN_MS"]) ?? 60_000;

function msFrom(text = ""): number | null {
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}
