/**
 * The checks of `agent doctor` on the link: the certificate, the hub as it answers now, its clock, and the courier's
 * state.
 */
import {
  CourierError,
  lookAtHub,
  readIdentity,
  readSettings,
  validityOf,
  type HubLook,
} from "@cairn/courier";
import type { Layout } from "../folder/layout.js";
import { whyUnread } from "../folder/unread.js";
import { linkLines, type Status } from "./status.js";

export interface Check {
  readonly check: string;
  /** Whether it holds; null where it was not checked, in which case the words say why. */
  readonly holds: boolean | null;
  /** Whether it waits for a person to decide: nothing is wrong with the machine. */
  readonly isTask?: true;
  readonly words: string;
}

/** Certificates and reference dates go by the clock; the hub itself turns nobody down below five minutes. */
const CLOCKS_MAY_DIFFER_S = 60;

/** Checks that the certificate is valid now, without asking anyone. */
export function certificate({ courier }: Layout): Check {
  const check = "clock and certificate";
  const unread = whyUnread(courier);
  if (unread !== null) return { check, holds: null, words: unread };
  try {
    const identity = readIdentity(courier);
    if (!identity) return { check, holds: null, words: "no certificate yet" };
    const { from, to } = validityOf(identity);
    const until = new Date(to).toISOString();
    if (Date.now() < from)
      return { check, holds: false, words: "this clock is before the certificate begins: set it" };
    if (Date.now() < to) return { check, holds: true, words: `the certificate is valid until ${until}` };
    return {
      check,
      holds: false,
      words: `the certificate ended ${until}: check the clock; cairn agent start renews it`,
    };
  } catch (error) {
    return { check, holds: false, words: error instanceof Error ? error.message : "it cannot be read" };
  }
}

/** The hub as it answers now, and its clock: one look for both. */
export async function hubChecks({ courier }: Layout): Promise<Check[]> {
  const unread = whyUnread(courier);
  const both = (holds: boolean | null, words: string, clock: string): Check[] => [
    { check: HUB, holds, words },
    { check: CLOCK, holds: null, words: clock },
  ];
  if (unread !== null) return both(null, unread, unread);
  try {
    if (readSettings(courier) === null) return both(null, "not enrolled yet", "not enrolled yet");
    const look = await lookAtHub(courier);
    return look === null ? both(null, "not enrolled yet", "not enrolled yet") : [hub(look), clock(look)];
  } catch (error) {
    if (!(error instanceof CourierError)) throw error;
    return both(false, error.message, "the hub could not be asked");
  }
}

const HUB = "the hub";
const CLOCK = "this machine's clock against the hub's";

function hub({ hub, admitted, refusal }: HubLook): Check {
  const shown = `${hub} answers under that name and shows the CA that the join code named`;
  if (!admitted) return { check: HUB, holds: true, words: `${shown}; this agent has no certificate yet` };
  if (refusal === null)
    return { check: HUB, holds: true, words: `${shown}, and takes this agent's certificate` };
  return { check: HUB, holds: false, words: `${shown}, and turns this agent down: ${refusal.message}` };
}

function clock({ aheadSeconds }: HubLook): Check {
  if (aheadSeconds === null) return { check: CLOCK, holds: null, words: "the hub did not say its time" };
  const apart = Math.abs(aheadSeconds);
  const way = aheadSeconds > 0 ? "behind" : "ahead of";
  const words = apart === 0 ? "the two agree to the second" : `this clock is ${apart} s ${way} the hub's`;
  if (apart <= CLOCKS_MAY_DIFFER_S) return { check: CLOCK, holds: true, words };
  return {
    check: CLOCK,
    holds: false,
    words: `${words}: set the one that is wrong (timedatectl set-ntp true); certificates and dates go by it`,
  };
}

/** The link's state, as the courier itself last found it. */
export function linkCheck(layout: Layout, status: Status | string): Check {
  const check = "the link";
  if (typeof status === "string") return { check, holds: null, words: status };
  const { link, running } = status;
  const words = linkLines(status, layout).join("; ");
  if (link === null) return { check, holds: null, words };
  const offline = link.offlineFrom !== null && Date.parse(link.offlineFrom) < Date.now();
  return { check, holds: link.state === "works" && running.courier !== false && !offline, words };
}
