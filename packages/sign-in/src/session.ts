/** Sessions: kept on the server under the digest of their cookie, 30 minutes idle and 12 hours at most. */
import cookie from "@fastify/cookie";
import csrf from "@fastify/csrf-protection";
import formbody from "@fastify/formbody";
import rateLimit from "@fastify/rate-limit";
import session from "@fastify/session";
import type { FastifyInstance, FastifyReply, FastifyRequest, Session } from "fastify";
import { digestOf } from "./one-time-link.js";
import type { SignInStore } from "./store.js";

const IDLE_MS = 30 * 60_000;
const LONGEST_MS = 12 * 3_600_000;
/** The time for which signing in counts as recent, for actions that matter. */
export const RECENT_MS = 10 * 60_000;

/** Sessions with which nobody has signed in, of which no more are kept: the oldest go first. */
const MOST_NOBODYS = 5_000;
/** Milliseconds for which an ended session keeps what was typed in it. */
const KEPT_MS = 24 * 3_600_000;
const MOST_KEPT = 64 * 1024; // characters

/** A form that could not be sent, for whoever typed it. */
interface KeptForm {
  readonly path: string; // of the page that holds it
  readonly account: number;
  readonly fields: Readonly<Record<string, string>>;
}

declare module "fastify" {
  interface Session {
    account?: number;
    signedInAt?: number; // milliseconds since 1970
    /** When its person last proved who they are, milliseconds since 1970; null where a provider knew them from before. */
    provenAt?: number | null;
    /** It came from the store: where it is there no more it has ended meanwhile, and is not kept again. */
    stored?: true;
    /** It was idle for too long, or is too old. */
    ended?: boolean;
    kept?: KeptForm | null;
    /** A key of one-time codes that was shown beside a link, and is not set yet. */
    setUp?: { readonly link: string; readonly codeKey: string };
    /** A sign-in elsewhere (OpenID Connect) that was begun. */
    elsewhere?: Readonly<Record<string, string>> | null;
  }
}

export interface SessionSettings {
  readonly store: SignInStore<unknown>;
  readonly now: () => number; // milliseconds since 1970
  /**
   * The cookie's name: sites of one machine need different ones, for a cookie knows no port. A session that was begun
   * under one name is none under another, though both sites keep theirs in one store.
   */
  readonly cookie: string;
  /** Whether browsers reach the site by TLS alone. */
  readonly secure: boolean;
}

/** Puts cookies, forms, sessions, limits by address and tokens against forged requests on an app. */
export async function startSessions(app: FastifyInstance, settings: SessionSettings): Promise<void> {
  const { store, now, cookie: cookieName, secure } = settings;
  await app.register(formbody, { bodyLimit: 256 * 1024 });
  await app.register(cookie);
  await app.register(rateLimit, { global: false });
  await app.register(session, {
    cookieName,
    // An id is 192 bits by lot, and is looked up by its digest: a signature would add nothing.
    secret: { sign: (id) => id, unsign: (id) => ({ valid: true, renew: false, value: id }) },
    cookie: { httpOnly: true, sameSite: "lax", secure, path: "/" },
    saveUninitialized: false,
    rolling: false,
    store: {
      get: (id, done) => answer(done, load(store, now(), digestIn(cookieName, id))),
      set: (id, data, done) => answer(done, keep(store, now(), digestIn(cookieName, id), data)),
      destroy: (id, done) => answer(done, store.endSession(digestIn(cookieName, id))),
    },
  });
  await app.register(csrf, { sessionPlugin: "@fastify/session", getToken: tokenOf });
}

/** The digest under which a session is kept: with its cookie's name, so that the id is of no use under another. */
function digestIn(cookieName: string, id: string): Buffer {
  return digestOf(`${cookieName}=${id}`);
}

/** Answers by a callback what a promise brings. */
function answer<T>(done: (error: unknown, value?: T) => void, work: Promise<T>): void {
  work.then(
    (value) => done(null, value),
    (error: unknown) => done(error),
  );
}

async function load(store: SignInStore<unknown>, now: number, digest: Buffer): Promise<Session | null> {
  const found = await store.session(digest);
  if (!found) return null;
  const data = { ...(JSON.parse(found.data) as Session), stored: true as const };
  const idle = now - found.seenAt;
  if (data.signedInAt === undefined) return idle > IDLE_MS ? null : data;
  if (idle > IDLE_MS || now - data.signedInAt > LONGEST_MS) return { ...data, ended: true };
  if (idle > 30_000) await store.touchSession(digest);
  return data;
}

async function keep(store: SignInStore<unknown>, now: number, digest: Buffer, data: Session): Promise<void> {
  const { cookie: _cookie, stored, ...rest } = data;
  if (stored && (await store.session(digest)) === null) return;
  await store.keepSession(digest, JSON.stringify(rest), data.account ?? null);
  await store.forgetSessions({ nobodys: now - IDLE_MS, most: MOST_NOBODYS, peoples: now - KEPT_MS });
}

/** The token of a form that was sent. */
function tokenOf(request: FastifyRequest): string {
  const token = (request.body as Readonly<Record<string, unknown>> | undefined)?.["_csrf"];
  return typeof token === "string" ? token : "";
}

/** The account whose session a request has, where it has not ended. */
export function signedInBy({ session: { account, ended } }: FastifyRequest): number | null {
  return account === undefined || ended ? null : account;
}

/** Keeps what was typed until its person has signed in again. What is very long is not kept. */
export function keepTyped(
  request: FastifyRequest,
  path: string,
  fields: Readonly<Record<string, string | undefined>>,
): void {
  const { account } = request.session;
  if (account === undefined) return;
  const { _csrf, ...typed } = fields;
  if (JSON.stringify(typed).length > MOST_KEPT) return;
  request.session.kept = { path, account, fields: typed as Readonly<Record<string, string>> };
}

/** The fields that were typed into a page's form before its person had to sign in again; it is given once. */
export function takeTyped(request: FastifyRequest): KeptForm["fields"] | null {
  const { kept, account } = request.session;
  if (!kept || kept.account !== account || kept.path !== request.url) return null;
  request.session.kept = null;
  return kept.fields;
}

/**
 * Gives a request a session with another id, signed in; what was typed stays with the person who typed it.
 * @param provenAt milliseconds since 1970; null where it is not known when the person proved who they are: that is not recent
 */
export async function beginSession(
  request: FastifyRequest,
  account: number,
  now: number,
  provenAt: number | null = now,
): Promise<void> {
  const kept = request.session.kept;
  await request.session.regenerate();
  request.session.account = account;
  request.session.signedInAt = now;
  request.session.provenAt = provenAt;
  if (kept?.account === account) request.session.kept = kept;
}

/** Does a form that was sent lack the token of a page that its own session was shown? */
export function isForged(app: FastifyInstance, request: FastifyRequest): boolean {
  let forged = true;
  const refused = { send: () => undefined } as unknown as FastifyReply;
  app.csrfProtection.call(app, request, refused, () => {
    forged = false;
  });
  return forged;
}

/** Makes the token that a form of an answer carries. */
export function formToken(reply: FastifyReply): string {
  return reply.generateCsrf();
}

/** Keeps in the session what a sign-in elsewhere has to be finished with. */
export function keepBegun(request: FastifyRequest, begun: Readonly<Record<string, string>>): void {
  request.session.elsewhere = begun;
}

/** The facts in the session of a sign-in elsewhere; null where none was begun. */
export function begunIn({ session: own }: FastifyRequest): Readonly<Record<string, string>> | null {
  return own.elsewhere ?? null;
}

/** Takes what was kept for a sign-in elsewhere out of the session: it is good for one try. */
export function takeBegun({ session: own }: FastifyRequest): Readonly<Record<string, string>> | null {
  const begun = own.elsewhere ?? null;
  own.elsewhere = null;
  return begun;
}

/** Does a form that was typed and could not be sent wait for its person? */
export function keepsTyped({ session: { kept } }: FastifyRequest): boolean {
  return kept !== undefined && kept !== null;
}
