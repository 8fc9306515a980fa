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

const FORGOTTEN_MS = 60_000;

/**
 * Least time in ms before a hub that does not know this agent is asked again: `CAIRN_FORGOTTEN_MS`, for fault tests.
 */
export function forgottenPause(): number {
  return Number(process.env["CAIRN_FORGOTTEN_MS"] ?? FORGOTTEN_MS);
}
