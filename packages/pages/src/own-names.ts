/**
 * Answers requests for the server's own names only. A page elsewhere can point a name of its own to this machine (DNS
 * rebinding) and would then read what is shown here; the browser still sends that name in `Host`. Headers that a
 * proxy adds (`Forwarded`, `X-Forwarded-Host`) are ignored.
 */

/** The parts of a request that are read, as Node's HTTP server gives them. */
export interface PageRequest {
  readonly url?: string | undefined;
  readonly rawHeaders: readonly string[]; // name, value, name, value
}

interface Answer {
  writeHead(status: number, headers: Readonly<Record<string, string>>): { end(text: string): unknown };
}

interface NotAnswered {
  readonly status: 400 | 421;
  readonly words: string;
}

/** Names under which a server on a loopback address is reached from its own machine. */
export const LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"] as const;

/** Whether no other machine reaches an address: "127.0.0.1", any other of 127.0.0.0/8, or "::1". */
export function isLoopback(address: string): boolean {
  const four = address.toLowerCase().replace(/^::ffff:/, "");
  return four === "::1" || /^127(\.\d{1,3}){3}$/.test(four);
}

/**
 * Whether an address is of a private network, or of this machine alone: RFC 1918 and 3927, the addresses of RFC 4193,
 * loopback.
 * @param address as Node gives it: "10.1.2.3", "::ffff:10.1.2.3", "fd00::2".
 */
export function isPrivate(address: string): boolean {
  const four = address.toLowerCase().replace(/^::ffff:/, "");
  return (
    isLoopback(four) ||
    /^(10\.\d+|172\.(1[6-9]|2\d|3[01])|192\.168|169\.254)\.\d+\.\d+$/.test(four) ||
    /^f[cd][0-9a-f]{2}:/.test(four)
  );
}

type Scheme = "http" | "https";

const USUAL_PORT = { http: 80, https: 443 } as const;

/**
 * The reason why a request is not answered, or null where it is for one of these names and this port. A name without
 * a port stands for the scheme's own (RFC 9110, 4.2.1).
 * @param names in lower case; IPv6 addresses in brackets.
 * @param behind what `Host` says where a proxy passes a request on: "hub.example.org"; null where none does
 */
export function notAnswered(
  asked: PageRequest,
  names: readonly string[],
  port: number,
  behind: string | null = null,
  scheme: Scheme = "http",
): NotAnswered | null {
  const hosts = asked.rawHeaders.filter((_, i, all) => i % 2 === 1 && all[i - 1]?.toLowerCase() === "host");
  const [host] = hosts;
  // A target that names a server of its own would count before `Host` (RFC 9112, 3.2.2): no page needs one.
  const [, name, given] = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/i.exec(host ?? "") ?? [];
  if (hosts.length !== 1 || name === undefined || !asked.url?.startsWith("/"))
    return { status: 400, words: "This request does not say once and plainly which server it is for." };
  if (names.includes(name.toLowerCase()) && Number(given ?? USUAL_PORT[scheme]) === port) return null;
  if (behind !== null && host?.toLowerCase() === behind) return null;
  return {
    status: 421,
    words: `These pages are at ${scheme}://${names[0]}:${port}/ and under no other name.`,
  };
}

/**
 * Passes a request on where it is for one of these names; else answers it here, in one plain sentence.
 * @param port the one that the server listens on. @param behind as `notAnswered` takes it
 */
export function underOwnNames<Q extends PageRequest, R extends Answer>(
  names: readonly string[],
  port: () => number,
  answer: (request: Q, reply: R) => void,
  behind: string | null = null,
  scheme: Scheme = "http",
): (request: Q, reply: R) => void {
  return (request, reply) => {
    const not = notAnswered(request, names, port(), behind, scheme);
    if (!not) return answer(request, reply);
    const headers = {
      "content-type": "text/plain; charset=utf-8",
      "content-security-policy": "default-src 'none'",
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
      connection: "close", // what else comes on it is not read
    };
    reply.writeHead(not.status, headers).end(`${not.words}\n`);
  };
}
