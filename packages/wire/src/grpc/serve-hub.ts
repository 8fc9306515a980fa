/** The hub's port for agents. */
import { isIP } from "node:net";
import * as grpc from "@grpc/grpc-js";
import type { HubHandlers } from "../hub-api.js";
import { LIMITS } from "./definitions.js";
import { addHub } from "./handlers.js";
import { bind, stop } from "./server.js";

/** A certificate and its key, PEM. */
interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

interface HubIdentity {
  readonly server: KeyPair;
  readonly issuerCertificate: string;
  readonly rootCertificate: string;
  /** Of those who may have signed an agent's certificate, PEM. */
  readonly clientCertificates: string;
}

export interface HubServer {
  readonly port: number;
  /** Uses other certificates from the next connection on, without a restart. */
  renewIdentity(identity: HubIdentity): void;
  /** Lets calls end, then closes; cuts what is left after `graceMs`. */
  stop(graceMs: number): Promise<void>;
}

/**
 * Serves the hub's calls. TLS asks for a client certificate and lets through who has none (enrolment) or a wrong
 * one: who may call what is for the handlers, which get the certificate.
 * @param port 0 for any. @throws Error where the port cannot be listened on
 */
export async function serveHub(
  identity: HubIdentity,
  host: string,
  port: number,
  handlers: HubHandlers,
): Promise<HubServer> {
  const provider = new ShownIdentity(identity);
  // The library's first parameter is used as the identity and its second as the CA, whatever their names say
  // there; one object is both.
  const credentials = grpc.experimental.createCertificateProviderServerCredentials(provider, provider, false);
  const server = new grpc.Server({
    ...LIMITS,
    "grpc.keepalive_time_ms": 30_000,
    "grpc.keepalive_timeout_ms": 20_000,
    "grpc.keepalive_permit_without_calls": 1,
    "grpc.http2.min_ping_interval_without_data_ms": 5_000,
  });
  addHub(server, handlers);
  const bound = await bind(server, `${isIP(host) === 6 ? `[${host}]` : host}:${port}`, credentials);
  return {
    port: bound,
    renewIdentity: (next) => provider.show(next),
    stop: (graceMs) => stop(server, graceMs),
  };
}

/** Serves certificates from memory: a watcher of files that met half a pair would refuse every connection. */
class ShownIdentity implements grpc.experimental.CertificateProvider {
  #identity: HubIdentity;
  readonly #ca = new Set<grpc.experimental.CaCertificateUpdateListener>();
  readonly #own = new Set<grpc.experimental.IdentityCertificateUpdateListener>();

  constructor(identity: HubIdentity) {
    this.#identity = identity;
  }

  show(identity: HubIdentity): void {
    this.#identity = identity;
    for (const listener of this.#ca) listener(this.#signers());
    for (const listener of this.#own) listener(this.#pair());
  }

  addCaCertificateListener(listener: grpc.experimental.CaCertificateUpdateListener): void {
    this.#ca.add(listener);
    queueMicrotask(() => listener(this.#signers())); // the server listens to us only after it has asked us
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

  #signers(): grpc.experimental.CaCertificateUpdate {
    return { caCertificate: Buffer.from(this.#identity.clientCertificates) };
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
