/** One look at the hub as this agent finds it now: under its own name, with this agent's certificate, and by what clock. */
import { WireRefusal } from "@cairn/wire";
import { readSettings } from "../identity/folder.js";
import { readIdentity } from "../identity/identity.js";
import { secondsAhead } from "./clock.js";
import { HubLink } from "./hub-link.js";
import { findPinnedRoot } from "./pin.js";
import { openRoute } from "./route.js";

export interface HubLook {
  readonly hub: string; // host:port
  /** Whether this agent has a certificate that it could show. */
  readonly admitted: boolean;
  /** What the hub turns this agent down with; null where it takes its certificate. */
  readonly refusal: WireRefusal | null;
  /** The hub's clock less this machine's, to the second; null where the hub did not say. */
  readonly aheadSeconds: number | null;
}

/**
 * Asks for the hub's newest checkpoint: that changes nothing there, and does not count as being heard of.
 * @returns null where this folder is not enrolled.
 * @throws CourierError hub-*, proxy-*, ca-differs, intercepted, settings-unreadable, certificate-unusable
 */
export async function lookAtHub(folder: string, now = Date.now): Promise<HubLook | null> {
  const settings = readSettings(folder);
  if (!settings) return null;
  const { hub, proxy, caDigest } = settings;
  const known = readIdentity(folder);
  const route = await openRoute(hub, proxy);
  try {
    const caBundle = await findPinnedRoot(route, Buffer.from(caDigest, "hex"));
    let aheadSeconds: number | null = null;
    const link = new HubLink({
      route,
      identity: known ?? { caBundle },
      onDate: (hubClock) => (aheadSeconds = secondsAhead(hubClock, now())),
    });
    try {
      const refusal = await link
        .call((api) => api.witness({ seenSize: 0, cosigned: "" }, { deadlineMs: 10_000 }))
        .then(
          () => null,
          (error: unknown) => {
            if (error instanceof WireRefusal) return error;
            throw error;
          },
        );
      return { hub, admitted: known !== null, refusal, aheadSeconds };
    } finally {
      link.close();
    }
  } finally {
    route.close();
  }
}
