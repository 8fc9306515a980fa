/** Starts and stops gRPC servers, for both sides. */
import type * as grpc from "@grpc/grpc-js";

/** The port that was bound. @throws Error where it cannot be */
export async function bind(
  server: grpc.Server,
  address: string,
  credentials: grpc.ServerCredentials,
): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, bound) => (error ? reject(error) : resolve(bound)));
  });
}

/** Lets calls end, then closes; cuts what is left after `graceMs`. */
export async function stop(server: grpc.Server, graceMs: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const cut = setTimeout(() => {
      server.forceShutdown();
      resolve();
    }, graceMs);
    server.tryShutdown(() => {
      clearTimeout(cut);
      resolve();
    });
  });
}
