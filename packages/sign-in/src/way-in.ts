/** The way in and out: signing in with name, password and code, one's own account, signing out. */
import { signInPage, type PageFrame } from "@cairn/pages";
import type { Markup } from "@cairn/text";
import type { FastifyReply } from "fastify";
import { addressLimit, timeLimit, tooMany } from "./address-limit.js";
import { Delays } from "./delays.js";
import { placeOfCode } from "./one-time-code.js";
import { isPassword } from "./password.js";
import type { Refusals } from "./refusals.js";
import { onlyTexts, type FormFields } from "./request.js";
import { open, openForm, send, type FormOutcome } from "./routes.js";
import { beginSession, keepsTyped, signedInBy } from "./session.js";
import type { Side, Site } from "./site.js";
import type { Account, SignInStore } from "./store.js";
import type { AccountPerson } from "./who-asks.js";

export interface WayInSettings<P extends AccountPerson> {
  readonly store: SignInStore<P>;
  readonly refusals: Refusals<P>;
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

/** The tries from one address in five minutes, whatever the names: a whole practice may be behind one. */
const MOST_TRIES = 30;
/** Interval in ms at which refusals that were only counted are looked through. */
const TOLD_EVERY_MS = 60_000;
const NOT_RIGHT = "The name, the password or the code is not right.";

/** Puts sign-in and sign-out on a site, whose app has sessions. */
export async function wayIn<S extends Side, V, P extends AccountPerson>(
  site: Site<S, V>,
  { store, refusals, now, frame, elsewhere }: WayInSettings<P>,
): Promise<void> {
  const triesLeft = timeLimit(site.app, MOST_TRIES);
  const delays = new Delays(now);
  tellRefusals();

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
    limit: addressLimit(site.app, frame),
    answer: async (request, reply) => send(reply, await shown(reply, onlyTexts(request.query), null)),
  });
  openForm(site, {
    path: "/sign-in",
    why: "it is the way in",
    send: async (request, fields, reply) => {
      const refuse = async (status: 422 | 429, problem: string): Promise<FormOutcome> => ({
        ...{ status, page: await shown(reply, fields, problem) },
      });
      const wait = await triesLeft(request);
      if (wait !== null) return refuse(429, tooMany(wait));
      const name = (fields["name"] ?? "").trim();
      const found = await store.accountNamed(name);
      const tried = found
        ? { account: found.id }
        : { nobodys: name.normalize("NFC").toLowerCase().slice(0, 200) };
      const left = delays.left(tried);
      if (left > 0) return refuse(429, tooMany(left));
      delays.wrong(tried); // before the slow comparison: tries at once do not slip through beside each other
      const account = await signedIn(found, fields);
      if (!account) return refuse(422, NOT_RIGHT);
      delays.right(account.id);
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

  /** The account, where password and code were given with its name; null, logged, where one of them is not right. */
  async function signedIn(account: Account<P> | null, fields: FormFields): Promise<Account<P> | null> {
    const isRight = await isPassword(fields["password"] ?? "", account?.password ?? null);
    const place = account?.codeKey ? placeOfCode(account.codeKey, fields["code"] ?? "", now()) : null;
    if (account && !account.disabled && isRight && place !== null) {
      await refusals.tellOf(account);
      if (await store.signedIn(account, "password", place)) return account;
    }
    await refusals.add(account, account?.disabled ? "disabled" : "not-right");
    return null;
  }

  /** Writes refusals down in time, and before the site closes. */
  function tellRefusals(): void {
    const timer = setInterval(() => void refusals.tellDue().catch(() => undefined), TOLD_EVERY_MS);
    timer.unref();
    site.app.addHook("onClose", async () => {
      clearInterval(timer);
      await refusals.tellAll();
    });
  }
}

/** The path on this site to go to: the first page where a text is none, or leads elsewhere. */
export function localPath(text: string | undefined): string {
  return text !== undefined && /^\/(?![/\\])[\x21-\x7e]{0,500}$/.test(text) ? text : "/";
}
