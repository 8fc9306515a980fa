/** Signing in with the hub's OpenID Connect provider: there, back, and binding an account there to a person. */
import { roleWords, type HubPerson } from "@cairn/access";
import { bindAccountPage, hubPage, notSignedInPage } from "@cairn/pages";
import {
  addressLimit,
  beginSession,
  begunIn,
  digestOf,
  formToken,
  keepBegun,
  localPath,
  onlyTexts,
  open,
  openForm,
  send,
  takeBegun,
  type FormOutcome,
  type Refusals,
} from "@cairn/sign-in";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Logger } from "pino";
import type { Hub } from "../hub.js";
import { OpenIdProvider, type ProvenSubject } from "../people/openid.js";
import { BACK, providerOf } from "../people/provider.js";
import { HubSignInStore } from "../people/sign-in-store.js";
import type { ProviderRow } from "../store/tables.js";
import type { HubSite } from "./site.js";

/** The page on which somebody says that the account elsewhere is theirs. */
const CONFIRM = "/sign-in/elsewhere/confirm";
/** Time in ms for which what a provider has proven waits for that. */
const CONFIRMED_WITHIN_MS = 10 * 60_000;

const NOT_KNOWN =
  "Nobody at this hub is known by this account. Open the one-time link that you were given, and sign in from there: it binds the account to you.";
const NOT_FINISHED = "Signing in elsewhere was not finished, or took too long. Try again.";
const NOT_REACHED = "The place where you sign in cannot be reached now. Try again in a few minutes.";

/** What a provider has proven of whoever uses this browser, with the link from which they came. */
interface ProvenFromLink extends ProvenSubject {
  readonly link: Buffer; // digest
  readonly account: string; // as the provider calls it
  readonly provenAt: number | null; // milliseconds since 1970
}

/** Puts the way to the provider and back on the site. Without a provider none of it is a page. */
export function elsewhereRoutes(
  site: HubSite,
  hub: Hub,
  { refusals, log }: { readonly refusals: Refusals<HubPerson>; readonly log: Logger },
): void {
  const store = new HubSignInStore(hub);
  const { now } = hub.settings;
  const providers = new Map<string, OpenIdProvider>();
  const limit = addressLimit(site.app, hubPage);

  open(site, {
    path: "/sign-in/elsewhere",
    why: "it is the way in, and leads to the provider",
    limit,
    answer: async (request, reply) => {
      const provider = await current();
      if (!provider) return send(reply.code(404), site.missing());
      const { to, link, again } = onlyTexts(request.query);
      try {
        const asked = { again: again !== undefined, named: link !== undefined };
        const { address, begun } = await provider.begin(asked);
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
    limit,
    answer: async (request, reply) => {
      const provider = await current();
      const begun = takeBegun(request);
      if (!provider || !begun) return refuse(reply, NOT_FINISHED, null);
      const { state = "", nonce = "", verifier = "", to, link, again } = begun;
      try {
        const asked = { again: again !== undefined, named: link !== undefined };
        const { name, ...subject } = await provider.finish(request.url, { state, nonce, verifier }, asked);
        const provenAt = again === undefined ? null : now();
        if (link === undefined) return await come(request, reply, { ...subject, provenAt }, to);
        keepBegun(request, proven({ ...subject, account: name, link: Buffer.from(link, "hex"), provenAt }));
        return await reply.redirect(CONFIRM, 303);
      } catch (err) {
        log.warn({ err }, "a sign-in by OpenID Connect was refused");
        return refuse(reply, NOT_FINISHED, "elsewhere-not-proven");
      }
    },
  });
  confirmRoutes();

  /** A link binds nothing by being opened: whoever opened it may not be the person whose it is. */
  function confirmRoutes(): void {
    open(site, {
      path: CONFIRM,
      why: "whoever has a one-time link has no account yet",
      limit,
      answer: async (request, reply) => {
        const provider = await providerOf(hub);
        const came = provenIn(begunIn(request));
        const link = came && (await store.link(came.link));
        if (!provider || !came || !link) return refuse(reply, NOT_FINISHED, null);
        const { name: person, role } = link.account.person;
        const whose = { service: provider.name, account: came.account, person, role: roleWords(role) };
        return send(reply, bindAccountPage(hubPage, { token: formToken(reply), path: CONFIRM, ...whose }));
      },
    });
    openForm(site, {
      path: CONFIRM,
      why: "whoever has a one-time link has no account yet",
      send: async (request) => {
        const came = provenIn(takeBegun(request));
        if (!came) return { status: 403, page: notSignedInPage(hubPage, NOT_FINISHED) };
        const account = (await store.bind(came.link, came)) ? await store.accountElsewhere(came) : null;
        if (!account) return unknown();
        await store.signedIn(account, "openid-connect", null);
        await beginSession(request, account.id, now(), came.provenAt);
        return { goTo: "/" };
      },
    });
  }

  function proven({ link, provenAt, ...told }: ProvenFromLink): Readonly<Record<string, string>> {
    const { issuer, subject, account } = told;
    const at = String(now());
    const kept: Record<string, string> = { issuer, subject, account, at, from: link.toString("hex") };
    if (provenAt !== null) kept["provenAt"] = String(provenAt);
    return kept;
  }

  /** Reads what `proven` made; null where it is none, or has waited too long. */
  function provenIn(kept: Readonly<Record<string, string>> | null): ProvenFromLink | null {
    const { issuer, subject, account, at, from, provenAt = null } = kept ?? {};
    if (issuer === undefined || subject === undefined || account === undefined) return null;
    if (from === undefined || !(now() - Number(at) <= CONFIRMED_WITHIN_MS)) return null;
    return {
      ...{ issuer, subject, account, link: Buffer.from(from, "hex") },
      provenAt: provenAt === null ? null : Number(provenAt),
    };
  }

  /** Lets somebody in by what the provider has proven: the account that is bound to it. */
  async function come(
    request: FastifyRequest,
    reply: FastifyReply,
    { provenAt, ...subject }: ProvenSubject & { readonly provenAt: number | null },
    to: string | undefined,
  ): Promise<FastifyReply> {
    const account = await store.accountElsewhere(subject);
    if (!account || account.disabled) return refuse(reply, NOT_KNOWN, "elsewhere-unknown");
    await store.signedIn(account, "openid-connect", null);
    await beginSession(request, account.id, now(), provenAt);
    return reply.redirect(localPath(to), 303);
  }

  async function unknown(): Promise<FormOutcome> {
    await refusals.add(null, "elsewhere-unknown");
    return { status: 403, page: notSignedInPage(hubPage, NOT_KNOWN) };
  }

  async function refuse(reply: FastifyReply, words: string, reason: string | null): Promise<FastifyReply> {
    if (reason !== null) await refusals.add(null, reason);
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
