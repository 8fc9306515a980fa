/** The answering side: our handlers as gRPC's. */
import type * as grpc from "@grpc/grpc-js";
import type { Handler } from "../calls.js";
import type { HubDefinition } from "../generated/cairn/v1/Hub.js";
import type { KeeperDefinition } from "../generated/cairn/v1/Keeper.js";
import { type Handlers, Hub, Keeper } from "./definitions.js";
import { statusOf } from "./failures.js";

export function addHub(server: grpc.Server, handlers: Handlers<HubDefinition>): void {
  server.addService(Hub.service, implementation(handlers));
}

export function addKeeper(server: grpc.Server, handlers: Handlers<KeeperDefinition>): void {
  server.addService(Keeper.service, implementation(handlers));
}

function implementation(handlers: object): grpc.UntypedServiceImplementation {
  const methods: grpc.UntypedServiceImplementation = {};
  for (const [name, handler] of Object.entries(handlers) as [string, Handler<unknown, unknown>][]) {
    methods[name] = (
      serverCall: grpc.ServerUnaryCall<unknown, unknown>,
      done: grpc.sendUnaryData<unknown>,
    ) => {
      const gone = new AbortController();
      serverCall.on("cancelled", () => gone.abort());
      handler(serverCall.request, { peer: peerCertificate(serverCall), signal: gone.signal }).then(
        (reply) => done(null, reply),
        (error: unknown) => done(statusOf(error)),
      );
    };
  }
  return methods;
}

function peerCertificate(serverCall: grpc.ServerUnaryCall<unknown, unknown>): Buffer | null {
  return serverCall.getAuthContext().sslPeerCertificate?.raw ?? null;
}
