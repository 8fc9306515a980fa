/**
 * Whether an agent is offline: it has never polled, or not for longer than the hub's setting. The agent receives the
 * setting with each poll, so that the practice's screens say the same.
 * @param heardAt when it last polled, or null. Milliseconds by the hub's clock, as `now` and `offlineAfter`.
 */
export function isOffline(heardAt: number | null, now: number, offlineAfter: number): boolean {
  return heardAt === null || now - heardAt > offlineAfter;
}
