/**
 * Asks the hub once, as this agent now finds it: under its own name, with this agent's certificate, and by which
 * clock.
 */
import { WireRefusal } from "@cairn/wire";
import { readSettings, type Settings } from "../identity/folder.js";
import { readIdentity } from "../identity/identity.js";
import { digestsIn } from "../identity/roots.js";
import { secondsAhead } from "./clock.js";
import { HubLink } from "./hub-link.js";
import { findPinnedRoot } from "./pin.js";
import { openRoute } from "./route.js";

export interface HubLook {
  readonly hub: string; // host:port
  /** Whether this agent has a certificate to show. */
  readonly admitted: boolean;
  /** The refusal with which the hub turns this agent away; null where it takes its certificate. */
  readonly refusal: WireRefusal | null;
  /** The hub's clock less this machine's, in seconds; null where the hub did not state it. */
  readonly aheadSeconds: number | null;
}

/**
 * Asks for the hub's newest checkpoint, which changes nothing there and does not count as a poll.
 * @param way another way to the hub than the settings have
 * @returns null where this folder is not enrolled.
 * @throws CourierError hub-*, proxy-*, ca-differs, intercepted, settings-unreadable, certificate-unusable
 */
export async function lookAtHub(
  folder: string,
  way: Partial<Pick<Settings, "hub" | "proxy">> = {},
): Promise<HubLook | null> {
  const settings = readSettings(folder);
  if (!settings) return null;
  const { hub, proxy, caDigest } = { ...settings, ...way };
  const known = readIdentity(folder);
  const route = await openRoute(hub, proxy, folder);
  try {
    const caBundle = await findPinnedRoot(route, known ? digestsIn(known.caBundle) : [caDigest]);
    let aheadSeconds: number | null = null;
    const link = new HubLink({
      route,
      identity: known ?? { caBundle },
      onDate: (hubClock) => (aheadSeconds = secondsAhead(hubClock, Date.now())),
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
