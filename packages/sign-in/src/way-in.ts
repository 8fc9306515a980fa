/** The way in and out: signing in with name, password and code, one's own account, signing out. */
import rateLimit from "@fastify/rate-limit";
import { signInPage, type PageFrame } from "@cairn/pages";
import { lasting, type Markup } from "@cairn/text";
import type { FastifyReply } from "fastify";
import { Delays } from "./delays.js";
import { placeOfCode } from "./one-time-code.js";
import { isPassword } from "./password.js";
import { onlyTexts, type FormFields } from "./request.js";
import { open, openForm, send, type FormOutcome } from "./routes.js";
import { beginSession, keepsTyped, signedInBy } from "./session.js";
import type { Side, Site } from "./site.js";
import type { Account, SignInStore } from "./store.js";
import type { AccountPerson } from "./who-asks.js";

export interface WayInSettings<P extends AccountPerson> {
  readonly store: SignInStore<P>;
  readonly now: () => number; // milliseconds since 1970
  /** The frame of the site's pages. */
  readonly frame: PageFrame;
  /** The name under which authenticator apps keep the site: "Cairn hub.example.org". */
  readonly name: string;
  /** Finds the name of where people sign in elsewhere; null where they sign in here alone. */
  readonly elsewhere: () => Promise<string | null>;
  /** Whether a link that signs in by itself is taken here. */
  readonly lookAround: boolean;
}

/** The tries from one address in the time below, whatever the names: a whole practice may be behind one. */
const FROM_ONE_ADDRESS = { max: 30, timeWindow: 5 * 60_000 };
const NOT_RIGHT = "The name, the password or the code is not right.";

/** Puts sign-in and sign-out on a site, whose app has sessions. */
export async function wayIn<S extends Side, V, P extends AccountPerson>(
  site: Site<S, V>,
  { store, now, frame, elsewhere }: WayInSettings<P>,
): Promise<void> {
  await site.app.register(rateLimit, { global: false });
  const ofAddress = site.app.createRateLimit(FROM_ONE_ADDRESS);
  const delays = new Delays(now);

  async function shown(reply: FastifyReply, fields: FormFields, problem: string | null): Promise<Markup> {
    const { name = "", again } = fields;
    const to = localPath(fields["to"]);
    const there = await elsewhere();
    const query = new URLSearchParams({ to, ...(again === undefined ? {} : { again: "yes" }) });
    return signInPage(frame, {
      ...{ token: reply.generateCsrf(), problem, name, to, again: again !== undefined },
      keepsTyped: keepsTyped(reply.request),
      elsewhere: there === null ? null : { name: there, href: `/sign-in/elsewhere?${query.toString()}` },
    });
  }

  open(site, {
    path: "/sign-in",
    why: "it is the way in",
    answer: async (request, reply) => send(reply, await shown(reply, onlyTexts(request.query), null)),
  });
  openForm(site, {
    path: "/sign-in",
    why: "it is the way in",
    send: async (request, fields, reply) => {
      const refuse = async (status: 422 | 429, problem: string): Promise<FormOutcome> => ({
        ...{ status, page: await shown(reply, fields, problem) },
      });
      const limit = await ofAddress(request);
      if (!limit.isAllowed && limit.isExceeded) return refuse(429, tooMany(limit.ttl));
      const key = (fields["name"] ?? "").trim().normalize("NFC").toLowerCase().slice(0, 200);
      const left = delays.left(key);
      if (left > 0) return refuse(429, tooMany(left));
      delays.wrong(key); // before the slow comparison: tries at once do not slip through beside each other
      const account = await signedIn(fields);
      if (!account) return refuse(422, NOT_RIGHT);
      delays.right(key);
      await beginSession(request, account.id, now());
      return { goTo: localPath(fields["to"]) };
    },
  });
  openForm(site, {
    path: "/sign-out",
    why: "whoever is here may leave",
    send: async (request) => {
      const id = signedInBy(request);
      const account = id === null ? null : await store.account(id);
      await request.session.regenerate();
      if (account) await store.signedOut(account);
      return { goTo: "/sign-in" };
    },
  });

  /** The account of which name, password and code were given; null, logged, where one of them is not right. */
  async function signedIn(fields: FormFields): Promise<Account<P> | null> {
    const account = await store.accountNamed((fields["name"] ?? "").trim());
    const isRight = await isPassword(fields["password"] ?? "", account?.password ?? null);
    const place = account?.codeKey ? placeOfCode(account.codeKey, fields["code"] ?? "", now()) : null;
    if (account && !account.disabled && isRight && place !== null)
      if (await store.signedIn(account, "password", place)) return account;
    await store.refused(account, account?.disabled ? "disabled" : "not-right");
    return null;
  }
}

function tooMany(ms: number): string {
  return `That was tried too often. Try again in ${lasting(ms)}.`;
}

/** The path on this site to go to: the first page where a text is none, or leads elsewhere. */
export function localPath(text: string | undefined): string {
  return text !== undefined && /^\/(?![/\\])[\x21-\x7e]{0,500}$/.test(text) ? text : "/";
}
