/**
 * Orders two moments by two clocks. Each export states when its owner signed it; what one side logs after that moment
 * cannot be in it, and what it logs before must be.
 */
import { releaseName } from "./findings.js";
import type { HubSide, PracticeSide } from "./sides.js";

/** Difference of clocks in ms beyond which a hub refuses an agent (packages/hub, enrolment/clock.ts). */
export const CLOCK_TOLERANCE_MS = 5 * 60_000;

export class Moments {
  /** Bounds of how far the practice's clock is ahead of the hub's, milliseconds. */
  readonly #ahead: { readonly least: number; readonly most: number };
  readonly #hubSignedAt: number | null;
  readonly #practiceSignedAt: number | null;

  constructor(hub: HubSide, { log, withHub, rawKey }: PracticeSide) {
    this.#hubSignedAt = hub.logs.at(-1)?.signedAt ?? null;
    this.#practiceSignedAt = log.signedAt;
    const received = new Map<string, number>();
    for (const entry of hub.entries)
      if (entry.kind === "release-received" && entry.keeper === rawKey)
        received.set(releaseName(entry), entry.at);
    let least = -Infinity; // it was released before it was received
    let most = Infinity; // and its receipt came after
    for (const entry of withHub) {
      if (entry.kind !== "released" && entry.kind !== "receipt") continue;
      const at = received.get(releaseName(entry));
      if (at === undefined) continue;
      if (entry.kind === "released") least = Math.max(least, entry.at - at);
      else most = Math.min(most, entry.at - at);
    }
    this.#ahead = { least: within(least), most: within(most) };
  }

  /** Must the hub's export hold what the practice wrote down then? Yes where the export does not say when it was made. */
  hubMustTell(practiceTime: number): boolean {
    return this.#hubSignedAt === null || practiceTime - this.#ahead.least < this.#hubSignedAt;
  }

  /** `hubMustTell` for a moment that the hub's own clock gave. */
  hubMustTellOwn(hubTime: number): boolean {
    return this.#hubSignedAt === null || hubTime < this.#hubSignedAt;
  }

  /** Must the practice's export hold what the hub wrote down then? */
  practiceMustTell(hubTime: number): boolean {
    return this.#practiceSignedAt === null || hubTime + this.#ahead.most < this.#practiceSignedAt;
  }

  practiceMustTellOwn(practiceTime: number): boolean {
    return this.#practiceSignedAt === null || practiceTime < this.#practiceSignedAt;
  }
}

function within(ms: number): number {
  if (!Number.isFinite(ms)) return 0;
  return Math.max(-CLOCK_TOLERANCE_MS, Math.min(CLOCK_TOLERANCE_MS, ms));
}
