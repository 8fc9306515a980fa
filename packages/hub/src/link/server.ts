import { isIP } from "node:net";
import * as grpc from "@grpc/grpc-js";
import { serveHub, serverOptions, type HubHandlers } from "@cairn/wire/services";
import { HubError } from "../errors.js";
import type { CertifiedKey } from "../keys/certificates.js";

export interface LinkServer {
  readonly port: number;
  /** Uses another certificate from the next connection on, without a restart. */
  renewIdentity(server: CertifiedKey): void;
  /** Lets calls end, then closes; cuts what is left after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

interface Identity {
  readonly server: CertifiedKey;
  readonly issuerCertificate: string;
  readonly rootCertificate: string;
}

/**
 * Starts the gRPC server. TLS asks for a client certificate and admits clients without one (enrolment) or with a
 * wrong one: each call is authorised by `identify`.
 * @param port 0 for any.
 * @throws HubError address-in-use
 */
export async function startLink(
  identity: Identity,
  host: string,
  port: number,
  handlers: HubHandlers,
): Promise<LinkServer> {
  const provider = new HeldIdentity(identity);
  // The library's first parameter is used as the identity and its second as the CA, whatever their names say
  // there; one object is both.
  const credentials = grpc.experimental.createCertificateProviderServerCredentials(provider, provider, false);
  const server = new grpc.Server({
    ...serverOptions(),
    "grpc.keepalive_time_ms": 30_000,
    "grpc.keepalive_timeout_ms": 20_000,
    "grpc.keepalive_permit_without_calls": 1,
    "grpc.http2.min_ping_interval_without_data_ms": 5_000,
  });
  serveHub(handlers)(server);
  const bound = await bind(server, host, port, credentials);
  return {
    port: bound,
    renewIdentity: (held) => provider.show(held),
    stop: (graceMs) => stop(server, graceMs),
  };
}

/** Serves certificates from memory: a watcher of files that met half a pair would refuse every connection. */
class HeldIdentity implements grpc.experimental.CertificateProvider {
  #identity: Identity;
  readonly #ca = new Set<grpc.experimental.CaCertificateUpdateListener>();
  readonly #own = new Set<grpc.experimental.IdentityCertificateUpdateListener>();

  constructor(identity: Identity) {
    this.#identity = identity;
  }

  show(server: CertifiedKey): void {
    this.#identity = { ...this.#identity, server };
    for (const listener of this.#own) listener(this.#pair());
  }

  addCaCertificateListener(listener: grpc.experimental.CaCertificateUpdateListener): void {
    this.#ca.add(listener);
    const { issuerCertificate, rootCertificate } = this.#identity;
    const caCertificate = Buffer.from(`${rootCertificate}\n${issuerCertificate}`);
    queueMicrotask(() => listener({ caCertificate })); // the server listens to us only after it has asked us
  }
  removeCaCertificateListener(listener: grpc.experimental.CaCertificateUpdateListener): void {
    this.#ca.delete(listener);
  }
  addIdentityCertificateListener(listener: grpc.experimental.IdentityCertificateUpdateListener): void {
    this.#own.add(listener);
    queueMicrotask(() => listener(this.#pair()));
  }
  removeIdentityCertificateListener(listener: grpc.experimental.IdentityCertificateUpdateListener): void {
    this.#own.delete(listener);
  }

  /** Leaf, issuer and root: an agent that enrols knows the root by its digest only, and finds it here. */
  #pair(): grpc.experimental.IdentityCertificateUpdate {
    const { server, issuerCertificate, rootCertificate } = this.#identity;
    return {
      certificate: Buffer.from([server.certificate, issuerCertificate, rootCertificate].join("\n")),
      privateKey: Buffer.from(server.key),
    };
  }
}

async function bind(
  server: grpc.Server,
  host: string,
  port: number,
  credentials: grpc.ServerCredentials,
): Promise<number> {
  const address = `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (cause, bound) => {
      if (!cause) return resolve(bound);
      const words = `cannot listen on ${address} for agents: choose another --grpc-port or --host`;
      reject(new HubError("address-in-use", words, { cause }));
    });
  });
}

async function stop(server: grpc.Server, graceMs: number): Promise<void> {
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
