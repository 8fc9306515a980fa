/** The protocol's services as gRPC knows them, and types that hold our own interfaces to what `proto/` says. */
import { fileURLToPath } from "node:url";
import * as grpc from "@grpc/grpc-js";
import { loadSync, type MethodDefinition } from "@grpc/proto-loader";
import type { Call, Handler } from "../calls.js";
import type { ProtoGrpcType as HubProto } from "../generated/hub.js";
import type { ProtoGrpcType as KeeperProto } from "../generated/keeper.js";

/** The client's name of a method; the index signature that every service definition has is left out. */
type MethodName<M> = string extends M ? never : M extends string ? Uncapitalize<M> : never;

export type Calls<D> = {
  readonly [M in keyof D as MethodName<M>]: D[M] extends MethodDefinition<
    infer Q,
    infer _R,
    infer _QO,
    infer RO
  >
    ? Call<Q, RO>
    : never;
};

export type Handlers<D> = {
  readonly [M in keyof D as MethodName<M>]: D[M] extends MethodDefinition<
    infer _Q,
    infer R,
    infer QO,
    infer _RO
  >
    ? Handler<QO, R>
    : never;
};

const protoFolder = fileURLToPath(new URL("../../proto/", import.meta.url));
const loaded = grpc.loadPackageDefinition(
  loadSync(["cairn/v1/hub.proto", "cairn/v1/keeper.proto"], {
    includeDirs: [protoFolder],
    longs: Number, // indices and sizes; nothing here comes near 2^53
    enums: String,
    defaults: true,
    oneofs: true,
  }),
) as unknown as HubProto & KeeperProto;

export const { Hub, Keeper } = loaded.cairn.v1;

/** Largest message in bytes: a library chunk or a batch of releases stays well below it. */
const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;

/** Options of every client and server of ours. */
export const LIMITS = {
  "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
  "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  "grpc.enable_retries": 0, // a retry policy can execute a call twice; the courier retries with its own keys
} satisfies grpc.ChannelOptions;
