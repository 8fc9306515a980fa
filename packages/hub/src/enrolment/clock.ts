import { WireRefusal } from "@cairn/wire";
import type { Hub } from "../hub.js";

const TOLERANCE_MS = 5 * 60_000;

/**
 * Checks an agent's clock, before a wrong one shows as something stranger (a certificate that is not valid yet).
 * @param sentAt milliseconds since 1970 by the agent's clock; 0 where it does not state it.
 * @throws WireRefusal clock-skew
 */
export function checkClock(hub: Hub, sentAt: number): void {
  if (sentAt === 0) return;
  const ahead = sentAt - hub.settings.now();
  if (Math.abs(ahead) <= TOLERANCE_MS) return;
  const way = ahead > 0 ? "ahead of" : "behind";
  throw new WireRefusal(
    "clock-skew",
    `this machine's clock is ${duration(Math.abs(ahead))} ${way} the hub's: set it, then try again`,
  );
}

function duration(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 120) return `${minutes} minutes`;
  return minutes < 48 * 60 ? `${Math.round(minutes / 60)} hours` : `${Math.round(minutes / 1440)} days`;
}
