/** The sockets of the practice's own pages, bound where there is a network and handed in: the keeper itself can open none. */
import net, { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import { resolve } from "node:path";
import { isPrivate, KeeperError } from "@cairn/keeper/practice";

export interface DeskFlags {
  readonly pageAddress?: string;
  readonly pageCertificate?: string;
  readonly pageKey?: string;
}

/** Where the pages are opened to other desks, and with which files. */
export interface DeskPages {
  readonly host: string;
  readonly port: number; // 0 for any
  readonly certificate: string; // absolute path
  readonly key: string; // absolute path
}

/** Reads the flags; null where pages stay on this machine. @throws KeeperError page-address-wrong */
export function deskPages(flags: DeskFlags): DeskPages | null {
  const { pageAddress: address, pageCertificate: certificate, pageKey: key } = flags;
  if (address === undefined && certificate === undefined && key === undefined) return null;
  if (address === undefined || certificate === undefined || key === undefined)
    throw wrong(
      "--page-address, --page-certificate and --page-key go together: pages with patients leave this machine by TLS alone",
    );
  return { ...privateAddress(address), certificate: resolve(certificate), key: resolve(key) };
}

function wrong(words: string, cause?: unknown): KeeperError {
  return new KeeperError("page-address-wrong", words, { cause });
}

/** @throws KeeperError page-address-wrong */
function privateAddress(text: string): Pick<DeskPages, "host" | "port"> {
  const [, six, four, digits] = /^(?:\[(.+)\]|([^:]+))(?::(\d{1,5}))?$/.exec(text) ?? [];
  const host = six ?? four ?? text;
  const port = Number(digits);
  if (isIP(host) === 0)
    throw wrong(
      `--page-address ${text}: give an address and not a name, for a name can come to lead elsewhere; ${ours()}`,
    );
  if (digits === undefined || port > 65_535)
    throw wrong(
      `--page-address ${text}: the port is missing or no number from 0 to 65535, as in ${isIP(host) === 6 ? `[${host}]` : host}:8651`,
    );
  const plain = isIP(host) === 6 ? new URL(`http://[${host}]`).hostname.slice(1, -1) : host;
  if (!isPrivate(plain))
    throw wrong(
      `--page-address ${text}: not an address of a private network (10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16, 169.254.0.0/16, fc00::/7), where only the practice's own desks are; ${ours()}`,
    );
  return { host: plain, port };
}

/** The private addresses of this machine, in words. */
function ours(): string {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const fitting = all.filter(({ address, internal }) => !internal && isPrivate(address));
  const [first, ...rest] = fitting.map(({ address }) => address);
  return first === undefined
    ? "this machine has no private address"
    : `this machine has ${[first, ...rest].join(", ")}`;
}

/** One listening socket, opened again at the same port each time it was handed over. */
export class PageSocket {
  readonly #host: string;
  readonly #flag: string;
  #port: number;
  #server: net.Server | null = null;

  /** @param flag by which a person chooses another port. */
  constructor(host: string, port: number, flag: "--page-port" | "--page-address") {
    this.#host = host;
    this.#port = port;
    this.#flag = flag;
  }

  get port(): number {
    return this.#port;
  }

  /**
   * Opens the socket.
   * @returns the descriptor of a listening socket.
   * @throws KeeperError socket-unusable
   */
  async open(): Promise<number> {
    const server = net.createServer();
    await new Promise<void>((resolve, reject) => {
      server.once("error", (cause) => reject(this.#unusable(cause)));
      server.listen(this.#port, this.#host, resolve);
    });
    const address = server.address();
    if (typeof address === "object" && address) this.#port = address.port;
    this.#server = server;
    return (server as unknown as { _handle: { fd: number } })._handle.fd;
  }

  /** The child holds it now, or none will; what is left open here would take connections and answer none. */
  close(): void {
    this.#server?.close();
    this.#server = null;
  }

  #unusable(cause: NodeJS.ErrnoException): KeeperError {
    const [host, port, flag] = [this.#host, this.#port, this.#flag];
    const why: Readonly<Record<string, string>> = {
      EADDRINUSE: `port ${port} on ${host} is taken: choose another with ${flag}`,
      EADDRNOTAVAIL: `${host} is no address of this machine: choose another with ${flag}; ${ours()}`,
      EACCES: `only root can listen on port ${port}: choose one from 1024 on with ${flag}`,
    };
    const words = why[cause.code ?? ""] ?? `port ${port} on ${host} cannot be listened on (${cause.code})`;
    return new KeeperError("socket-unusable", words, { cause });
  }
}
