/** The route to the hub: direct, or through the proxy that is set; never one in place of the other. */
import { CourierError } from "../errors.js";
import { openTunnel, parseProxy } from "./tunnel.js";

export interface Route {
  /** The hub's own name and port. */
  readonly hub: { readonly host: string; readonly port: number };
  /** Path of the Unix socket to dial, which leads through the proxy; null where the hub itself is dialled. */
  readonly tunnel: string | null;
  /** The last failure on the way to the hub; null where there is none. */
  problem(): CourierError | null;
  close(): void;
}

/**
 * Opens a route.
 * @param hub host:port.
 * @param proxy as `parseProxy` takes it; null for a direct route.
 * @param folder the courier's, where the tunnel has its socket.
 * @throws CourierError address-wrong, proxy-wrong, tunnel-unusable
 */
export async function openRoute(hub: string, proxy: string | null, folder: string): Promise<Route> {
  const where = parseAddress(hub);
  if (proxy === null) {
    return { hub: where, tunnel: null, problem: () => null, close: () => undefined };
  }
  const tunnel = await openTunnel(parseProxy(proxy), hub, folder);
  return {
    hub: where,
    tunnel: tunnel.path,
    problem: () => tunnel.problem(),
    close: () => tunnel.close(),
  };
}

/** Parses host:port. @throws CourierError address-wrong */
export function parseAddress(text: string): { host: string; port: number } {
  const [, host, port] = /^([A-Za-z0-9._-]+|\[[0-9a-fA-F:]+\]):(\d{1,5})$/.exec(text) ?? [];
  if (host === undefined || port === undefined || Number(port) > 65_535) {
    // What was typed is said back only where it cannot hold a password.
    const said = /^[\w.:[\]-]*$/.test(text) ? text : "what was given";
    throw new CourierError("address-wrong", `${said} is not an address: write the hub as host:port`);
  }
  return { host: host.replace(/^\[|\]$/g, ""), port: Number(port) };
}
