/** Renews the certificate: at half its life, with a request over the same key, and also after it has expired. */
import { randomUUID } from "node:crypto";
import { sleep, type Backoff } from "../backoff.js";
import { atStep } from "../config.js";
import { writeSettings } from "../identity/folder.js";
import { keepCertificate, renewalMoment, validityOf, type Identity } from "../identity/identity.js";
import { requestFor } from "../identity/keys.js";
import { believedRoots } from "../identity/roots.js";
import { HubLink } from "../link/hub-link.js";
import type { Route } from "../link/route.js";

const LOOK_EVERY_MS = 5000;

export interface RenewalContext {
  readonly folder: string;
  readonly route: Route;
  readonly link: HubLink;
  readonly now: () => number;
  readonly random: () => number;
  readonly backoff: Backoff;
  readonly say: (words: string) => void;
  readonly signal: AbortSignal;
}

/** Renews until the signal. @throws WireRefusal where the hub has locked this agent out */
export async function keepRenewed(
  first: Identity,
  renewing: RenewalContext,
  isFatal: (error: unknown, byKey: boolean) => boolean,
): Promise<void> {
  const { signal, now, random, backoff, say } = renewing;
  let identity = first;
  let moment = renewalMoment(identity, random());
  while (!signal.aborted) {
    if (now() < moment && !renewing.link.isCertificateRefused) {
      await sleep(Math.min(LOOK_EVERY_MS, moment - now()), signal);
      continue;
    }
    const byKey = goesByKey(identity, renewing);
    try {
      identity = await renew(identity, renewing);
      moment = renewalMoment(identity, random());
      backoff.reset();
      say(`the certificate is renewed until ${new Date(validityOf(identity).to).toISOString()}`);
    } catch (error) {
      if (signal.aborted) return;
      if (isFatal(error, byKey)) throw error;
      say(`the certificate could not be renewed: ${error instanceof Error ? error.message : "unforeseen"}`);
      await sleep(backoff.next(), signal);
    }
  }
}

/**
 * Tries once to renew. The key is stored before the request is sent, so that a lost reply, or a courier killed, does
 * not cost a generation. A certificate that has expired, or that the hub does not take, cannot be shown: the request's own
 * signature then identifies the agent.
 */
export async function renew(identity: Identity, renewing: RenewalContext): Promise<Identity> {
  const { folder, route, link, now } = renewing;
  const renewal = identity.settings.renewal ?? randomUUID();
  const settings = { ...identity.settings, renewal };
  writeSettings(folder, settings);
  const request = {
    csr: await requestFor(identity.key),
    generation: settings.generation,
    instance: settings.instance,
    sentAt: now(),
    idempotencyKey: renewal,
  };
  const byKey = goesByKey(identity, renewing);
  const by = byKey ? new HubLink({ route, identity: { caBundle: identity.caBundle } }) : link;
  try {
    const reply = await atStep("renew", () => by.call((hub) => hub.renew(request, { deadlineMs: 20_000 })));
    const caBundle = believedRoots(identity.caBundle, reply.caBundle.toString("utf8"));
    const next = keepCertificate(
      folder,
      { ...settings, generation: reply.generation, renewal: null },
      { certificate: reply.certificate.toString("utf8"), caBundle },
    );
    link.use(next);
    return next;
  } finally {
    if (byKey) by.close();
  }
}

function goesByKey(identity: Identity, { link, now }: RenewalContext): boolean {
  return validityOf(identity).to <= now() || link.isCertificateRefused;
}
