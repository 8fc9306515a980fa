/** Signing in with the hub's OpenID Connect provider: there, and back. */
import { hubPage, notSignedInPage } from "@cairn/pages";
import {
  beginSession,
  digestOf,
  keepBegun,
  localPath,
  onlyTexts,
  open,
  send,
  takeBegun,
} from "@cairn/sign-in";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Logger } from "pino";
import type { Hub } from "../hub.js";
import { OpenIdProvider, type ProvenSubject } from "../people/openid.js";
import { BACK, providerOf } from "../people/provider.js";
import { HubSignInStore } from "../people/sign-in-store.js";
import type { ProviderRow } from "../store/tables.js";
import type { HubSite } from "./site.js";

const NOT_KNOWN =
  "Nobody at this hub is known by this account. Open the one-time link that you were given, and sign in from there: it binds the account to you.";
const NOT_FINISHED = "Signing in elsewhere was not finished, or took too long. Try again.";
const NOT_REACHED = "The place where you sign in cannot be reached now. Try again in a few minutes.";

/** Puts the way to the provider and back on the site. Without a provider both are no pages. */
export function elsewhereRoutes(site: HubSite, hub: Hub, log: Logger): void {
  const store = new HubSignInStore(hub);
  const providers = new Map<string, OpenIdProvider>();

  open(site, {
    path: "/sign-in/elsewhere",
    why: "it is the way in, and leads to the provider",
    answer: async (request, reply) => {
      const provider = await current();
      if (!provider) return send(reply.code(404), site.missing());
      const { to, link, again } = onlyTexts(request.query);
      try {
        const { address, begun } = await provider.begin(again !== undefined);
        keepBegun(request, {
          ...begun,
          to: localPath(to),
          ...(link === undefined ? {} : { link: digestOf(link).toString("hex") }),
          ...(again === undefined ? {} : { again }),
        });
        return reply.redirect(address.href, 303);
      } catch (err) {
        log.warn({ err }, "the OpenID Connect provider was not reached");
        return send(reply.code(503), notSignedInPage(hubPage, NOT_REACHED));
      }
    },
  });
  open(site, {
    path: BACK,
    why: "it is the way in, and is answered with what the provider proves",
    answer: async (request, reply) => {
      const provider = await current();
      const begun = takeBegun(request);
      if (!provider || !begun) return refuse(reply, NOT_FINISHED, null);
      const { state = "", nonce = "", verifier = "", to, link, again } = begun;
      try {
        const proven = await provider.finish(request.url, { state, nonce, verifier }, again !== undefined);
        const provenAt = again === undefined ? null : hub.settings.now();
        return await come(request, reply, { ...proven, provenAt }, { to, link });
      } catch (err) {
        log.warn({ err }, "a sign-in by OpenID Connect was refused");
        return refuse(reply, NOT_FINISHED, "elsewhere-not-proven");
      }
    },
  });

  /** Lets somebody in by what the provider has proven: the account that is bound to it, or that the link is for. */
  async function come(
    request: FastifyRequest,
    reply: FastifyReply,
    { provenAt, ...proven }: ProvenSubject & { readonly provenAt: number | null },
    { to, link }: { readonly to: string | undefined; readonly link: string | undefined },
  ): Promise<FastifyReply> {
    const bound = link === undefined || (await store.bind(Buffer.from(link, "hex"), proven));
    const account = bound ? await store.accountElsewhere(proven) : null;
    if (!account || account.disabled) return refuse(reply, NOT_KNOWN, "elsewhere-unknown");
    await store.signedIn(account, "openid-connect", null);
    await beginSession(request, account.id, hub.settings.now(), provenAt);
    return reply.redirect(localPath(to), 303);
  }

  async function refuse(reply: FastifyReply, words: string, reason: string | null): Promise<FastifyReply> {
    if (reason !== null) await store.refused(null, reason);
    return send(reply.code(403), notSignedInPage(hubPage, words));
  }

  /** The provider as it is set now; asked anew about itself where it was set anew. */
  async function current(): Promise<OpenIdProvider | null> {
    const row: ProviderRow | null = await providerOf(hub);
    if (!row) return null;
    const key = JSON.stringify(row);
    const provider = providers.get(key) ?? new OpenIdProvider(row);
    providers.clear();
    providers.set(key, provider);
    return provider;
  }
}
