/** The calling side: unary calls as promises, to the hub over TLS and to the keeper over its socket. */
import { isIP } from "node:net";
import tls from "node:tls";
import * as grpc from "@grpc/grpc-js";
import type { CallOptions, Connection } from "../calls.js";
import type { HubDefinition } from "../generated/cairn/v1/Hub.js";
import type { KeeperDefinition } from "../generated/cairn/v1/Keeper.js";
import type { HostAndPort, HubApi, HubConnection } from "../hub-api.js";
import type { KeeperApi } from "../keeper-api.js";
import { type Calls, Hub, Keeper, LIMITS } from "./definitions.js";
import { failureOf } from "./failures.js";

/** A connection to the hub, made at the first call. */
export function connectHub(connection: HubConnection): HubApi {
  const { hub, tunnel, caBundle, key, certificate } = connection;
  const secure = grpc.credentials.createSsl(
    Buffer.from(caBundle),
    key === undefined ? null : Buffer.from(key),
    certificate === undefined ? null : Buffer.from(certificate),
    // The hub's own name, whatever is dialled to get there.
    { checkServerIdentity: (_dialled, shown) => tls.checkServerIdentity(hub.host, shown) },
  );
  const client = new Hub(tunnel === undefined ? written(hub) : `unix:${tunnel}`, secure, {
    ...LIMITS,
    // Variables of the environment never decide the way.
    "grpc.enable_http_proxy": 0,
    // What TLS asks for by name. An address is no name (RFC 6066, section 3): the check above is on it all the same.
    "grpc.ssl_target_name_override": isIP(hub.host) ? "hub.invalid" : hub.host,
    ...(tunnel === undefined ? {} : { "grpc.default_authority": written(hub) }),
    // A channel of its own for each dial: channels of equal options would share the connection that hangs.
    "grpc.use_local_subchannel_pool": 1,
  });
  return connected<HubDefinition>(client, "the hub", connection.onDate);
}

function written({ host, port }: HostAndPort): string {
  return `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}

/** A connection to the keeper, made at the first call. @param path absolute path of the keeper's Unix socket. */
export function connectKeeper(path: string): KeeperApi {
  const client = new Keeper(`unix:${path}`, grpc.credentials.createInsecure(), {
    ...LIMITS,
    // On this machine, and often only just started again: asked soon, at no cost to anyone.
    "grpc.initial_reconnect_backoff_ms": 100,
    "grpc.max_reconnect_backoff_ms": 1000,
  });
  return connected<KeeperDefinition>(client, "the keeper");
}

function connected<D>(
  client: grpc.Client,
  peerName: string,
  onDate?: (peerClock: number) => void,
): Calls<D> & Connection {
  const calls: Record<string, unknown> = {
    isConnecting: () => client.getChannel().getConnectivityState(false) === grpc.connectivityState.CONNECTING,
    close: () => client.close(),
  };
  const methods = client as unknown as Record<string, UnaryMethod>;
  for (const name of Object.keys(Object.getPrototypeOf(client) as object)) {
    if (name[0] !== name[0]?.toLowerCase()) continue;
    calls[name] = (request: unknown, options: CallOptions = {}) =>
      call(methods, name, request, options, { name: peerName, onDate });
  }
  return calls as unknown as Calls<D> & Connection;
}

type UnaryMethod = (
  request: unknown,
  metadata: grpc.Metadata,
  options: grpc.CallOptions,
  done: (error: grpc.ServiceError | null, reply: unknown) => void,
) => grpc.ClientUnaryCall;

function call(
  methods: Record<string, UnaryMethod>,
  name: string,
  request: unknown,
  options: CallOptions,
  peer: { readonly name: string; readonly onDate: ((peerClock: number) => void) | undefined },
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const deadline = Date.now() + (options.deadlineMs ?? 30_000);
    const method = methods[name];
    if (!method) throw new Error(`no such call: ${name}`);
    const hearDate = (headers?: grpc.Metadata): void => {
      const date = Date.parse(String(headers?.get("date")[0])); // RFC 9110, section 6.6.1: Node's HTTP/2 server sends it
      if (!Number.isNaN(date)) peer.onDate?.(date);
    };
    const running = method.call(methods, request, new grpc.Metadata(), { deadline }, (error, reply) => {
      options.signal?.removeEventListener("abort", cancel);
      if (error) {
        hearDate(error.metadata);
        reject(failureOf(error, name, peer.name));
      } else resolve(reply);
    });
    running.on("metadata", hearDate);
    const cancel = (): void => running.cancel();
    if (options.signal?.aborted) cancel();
    else options.signal?.addEventListener("abort", cancel, { once: true });
  });
}
