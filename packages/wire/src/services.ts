/**
 * Typed clients and servers over the generated service definitions. Calls are unary promises; a
 * `WireRefusal` thrown on one side arrives as a `WireRefusal` on the other, and every other failure
 * as an `Unreachable`.
 */
import { fileURLToPath } from "node:url";
import * as grpc from "@grpc/grpc-js";
import { loadSync, type MethodDefinition } from "@grpc/proto-loader";
import type { ProtoGrpcType as HubProto } from "./generated/hub.js";
import type { ProtoGrpcType as KeeperProto } from "./generated/keeper.js";
import type { HubDefinition } from "./generated/cairn/v1/Hub.js";
import type { KeeperDefinition } from "./generated/cairn/v1/Keeper.js";
import { printable } from "./printable.js";
import { isRefusalCode, WireRefusal } from "./refusals.js";
import { UnreachableError } from "./unreachable.js";

/** Largest message in bytes: a library chunk or a batch of releases stays well below it. */
const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;
const CODE_KEY = "cairn-code";
/** Most characters of the other side's words. */
const MOST_WORDS = 1000;

export interface CallOptions {
  readonly deadlineMs?: number; // from now; 30,000 where absent
  readonly signal?: AbortSignal;
}

export interface CallContext {
  /** The peer's certificate (DER), or null on a Unix socket and before enrolment. */
  readonly peer: Buffer | null;
  /** Aborted when the caller is gone or its deadline has passed. */
  readonly signal: AbortSignal;
}

/** The client's name of a method; the index signature that every service definition has is left out. */
type MethodName<M> = string extends M ? never : M extends string ? Uncapitalize<M> : never;

type Calls<D> = {
  readonly [M in keyof D as MethodName<M>]: D[M] extends MethodDefinition<
    infer Q,
    infer _R,
    infer _QO,
    infer RO
  >
    ? (request: Q, options?: CallOptions) => Promise<RO>
    : never;
};

type Handlers<D> = {
  readonly [M in keyof D as MethodName<M>]: D[M] extends MethodDefinition<
    infer _Q,
    infer R,
    infer QO,
    infer _RO
  >
    ? (request: QO, context: CallContext) => Promise<R>
    : never;
};

interface Link {
  /** State of the channel, for a watchdog. */
  state(): grpc.connectivityState;
  close(): void;
}

export type HubApi = Calls<HubDefinition> & Link;
export type KeeperApi = Calls<KeeperDefinition> & Link;
export type HubHandlers = Handlers<HubDefinition>;
export type KeeperHandlers = Handlers<KeeperDefinition>;

const protoFolder = fileURLToPath(new URL("../proto/", import.meta.url));
const loaded = grpc.loadPackageDefinition(
  loadSync(["cairn/v1/hub.proto", "cairn/v1/keeper.proto"], {
    includeDirs: [protoFolder],
    longs: Number, // indices and sizes; nothing here comes near 2^53
    enums: String,
    defaults: true,
    oneofs: true,
  }),
) as unknown as HubProto & KeeperProto;

/**
 * Connects to the hub.
 * @param address host:port.
 * @param credentials TLS with or without a client certificate.
 * @param onDate called with the hub's clock at each answer, refusals too: milliseconds since 1970, cut to the second.
 */
export function connectHub(
  address: string,
  credentials: grpc.ChannelCredentials,
  channelOptions: grpc.ChannelOptions = {},
  onDate?: (hubClock: number) => void,
): HubApi {
  const client = new loaded.cairn.v1.Hub(address, credentials, withLimits(channelOptions));
  return link<HubDefinition>(client, "the hub", onDate);
}

/** Connects to the keeper. @param socketPath absolute path of the keeper's Unix socket. */
export function connectKeeper(socketPath: string): KeeperApi {
  const client = new loaded.cairn.v1.Keeper(
    `unix:${socketPath}`,
    grpc.credentials.createInsecure(),
    // On this machine, and often only just started again: asked soon, at no cost to anyone.
    withLimits({ "grpc.initial_reconnect_backoff_ms": 100, "grpc.max_reconnect_backoff_ms": 1000 }),
  );
  return link<KeeperDefinition>(client, "the keeper");
}

/** Adds the hub's service to a server. */
export function serveHub(handlers: HubHandlers): (server: grpc.Server) => void {
  return (server) => server.addService(loaded.cairn.v1.Hub.service, implementation(handlers));
}

/** Adds the keeper's service to a server. */
export function serveKeeper(handlers: KeeperHandlers): (server: grpc.Server) => void {
  return (server) => server.addService(loaded.cairn.v1.Keeper.service, implementation(handlers));
}

/** The options of every server of ours. */
export function serverOptions(): grpc.ServerOptions {
  return withLimits({});
}

function withLimits(options: grpc.ChannelOptions): grpc.ChannelOptions {
  return {
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
    "grpc.enable_retries": 0, // a retry policy can execute a call twice; the courier retries with its own keys
    ...options,
  };
}

function link<D>(
  client: grpc.Client,
  peerName: string,
  onDate?: (peerClock: number) => void,
): Calls<D> & Link {
  const calls: Record<string, unknown> = {
    state: () => client.getChannel().getConnectivityState(false),
    close: () => client.close(),
  };
  const methods = client as unknown as Record<string, UnaryMethod>;
  for (const name of Object.keys(Object.getPrototypeOf(client) as object)) {
    if (name[0] !== name[0]?.toLowerCase()) continue;
    calls[name] = (request: unknown, options: CallOptions = {}) =>
      call(methods, name, request, options, { name: peerName, onDate });
  }
  return calls as unknown as Calls<D> & Link;
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
        reject(failure(error, name, peer.name));
      } else resolve(reply);
    });
    running.on("metadata", hearDate);
    const cancel = (): void => running.cancel();
    if (options.signal?.aborted) cancel();
    else options.signal?.addEventListener("abort", cancel, { once: true });
  });
}

function failure(error: grpc.ServiceError, name: string, peerName: string): Error {
  const code = error.metadata?.get(CODE_KEY)[0]?.toString();
  const words = printable(error.details, MOST_WORDS);
  if (code !== undefined && isRefusalCode(code)) return new WireRefusal(code, words, { cause: error });
  const kind = KINDS.get(error.code) ?? "broken";
  return new UnreachableError(kind, `${peerName} did not answer ${name}: ${words || kind}`, {
    cause: error,
  });
}

const KINDS = new Map<grpc.status, UnreachableError["code"]>([
  [grpc.status.UNAVAILABLE, "unavailable"],
  [grpc.status.DEADLINE_EXCEEDED, "deadline"],
  [grpc.status.CANCELLED, "cancelled"],
]);

function implementation(handlers: object): grpc.UntypedServiceImplementation {
  const methods: grpc.UntypedServiceImplementation = {};
  for (const [name, handler] of Object.entries(handlers) as [string, Handler][]) {
    methods[name] = (
      serverCall: grpc.ServerUnaryCall<unknown, unknown>,
      done: grpc.sendUnaryData<unknown>,
    ) => {
      const gone = new AbortController();
      serverCall.on("cancelled", () => gone.abort());
      handler(serverCall.request, { peer: peerCertificate(serverCall), signal: gone.signal }).then(
        (reply) => done(null, reply),
        (error: unknown) => done(refusalStatus(error)),
      );
    };
  }
  return methods;
}

type Handler = (request: unknown, context: CallContext) => Promise<unknown>;

function peerCertificate(serverCall: grpc.ServerUnaryCall<unknown, unknown>): Buffer | null {
  return serverCall.getAuthContext().sslPeerCertificate?.raw ?? null;
}

/** The status sent to a caller: the refusal itself, or for a fault of ours no detail that could carry data. */
function refusalStatus(error: unknown): Partial<grpc.StatusObject> {
  const refusal =
    error instanceof WireRefusal
      ? error
      : new WireRefusal("internal", "something went wrong there; its log says what");
  const metadata = new grpc.Metadata();
  metadata.set(CODE_KEY, refusal.code);
  return {
    code: refusal.retriable ? grpc.status.UNAVAILABLE : grpc.status.FAILED_PRECONDITION,
    details: refusal.words,
    metadata,
  };
}
