/** Limits on what one address may ask for before it has signed in: each such page leaves a session behind. */
import { isIPv6 } from "node:net";
import { notSignedInPage, type PageFrame } from "@cairn/pages";
import { lasting, type Markup } from "@cairn/text";
import type { FastifyInstance, FastifyRequest } from "fastify";

const WINDOW_MS = 5 * 60_000;
/** Pages before signing in, in that time: a whole practice may be behind one address. */
const MOST_PAGES = 60;

/** The page that refuses a request, or null where its address may go on. */
export type AddressLimit = (request: FastifyRequest) => Promise<Markup | null>;

/** Makes a limit of its own on pages that are open to everybody. @param app with sessions */
export function addressLimit(app: FastifyInstance, frame: PageFrame): AddressLimit {
  const left = timeLimit(app, MOST_PAGES);
  return async (request) => {
    const ms = await left(request);
    return ms === null ? null : notSignedInPage(frame, tooMany(ms));
  };
}

/** Counts requests of each address in five minutes. @returns time in ms until the next may be; null where it may be now */
export function timeLimit(
  app: FastifyInstance,
  max: number,
): (request: FastifyRequest) => Promise<number | null> {
  const limit = app.createRateLimit({ max, timeWindow: WINDOW_MS, keyGenerator: ({ ip }) => network(ip) });
  return async (request) => {
    const counted = await limit(request);
    return !counted.isAllowed && counted.isExceeded ? counted.ttl : null;
  };
}

/** The part of an address that counts as one: of IPv6 the first 64 bits, of which one line is given all. */
export function network(ip: string): string {
  const four = ip.toLowerCase().replace(/^::ffff:(?=\d+\.)/, "");
  if (!isIPv6(four)) return four;
  const [head = "", tail] = four.split("::").map((part) => part.split(":").filter((each) => each !== ""));
  const given = [...(head as string[])];
  if (tail)
    given.push(...Array.from({ length: Math.max(0, 8 - given.length - tail.length) }, () => "0"), ...tail);
  return given
    .slice(0, 4)
    .map((each) => each.replace(/^0+(?=.)/, ""))
    .join(":");
}

/** The words to whoever asked too often. @param ms time until the next try */
export function tooMany(ms: number): string {
  return `That was tried too often. Try again in ${lasting(ms)}.`;
}
