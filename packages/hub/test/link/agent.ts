/** A practice's agent as a hub sees it: it enrols, polls, claims and submits. No keeper and no records behind it. */
import "reflect-metadata";
import {
  createHash,
  generateKeyPairSync,
  KeyObject,
  randomUUID,
  webcrypto,
  type KeyPairKeyObjectResult,
} from "node:crypto";
import * as x509 from "@peculiar/x509";
import {
  type OptOuts,
  encodeRelease,
  rawPublicKey,
  releaseDigest,
  signRelease,
  signUse,
  signConsent,
  type Assignment__Output,
  type Consent__Output,
  type EnrolReply__Output,
  type HubApi,
  type PollReply__Output,
  type PollRequest,
  type SignedRelease__Output,
  type SubmitReply__Output,
  type UnsignedConsent,
  type UnsignedUse,
  type Use__Output,
} from "@cairn/wire";
import { connectHub } from "@cairn/wire/grpc";

x509.cryptoProvider.set(webcrypto);

const P256 = { name: "ECDSA", namedCurve: "P-256" };

export class TestAgent {
  readonly keeper: KeyPairKeyObjectResult = generateKeyPairSync("ed25519");
  readonly instance = randomUUID();
  optOuts: keyof typeof OptOuts = "OPT_OUTS_LEFT_OUT";
  generation = 0;
  version = "0.1.0";
  certificate: Buffer | null = null;
  #keys: webcrypto.CryptoKeyPair | null = null;
  #api: HubApi | null = null;
  readonly address: string;
  readonly root: Buffer;
  /** Digest of the library that it answers from. */
  library: Buffer;
  /** Entries of its log so far: each use that it signs is one more. */
  #entries = 2;

  /** @param library digest of the published one, hex */
  constructor(address: string, root: string, library: string) {
    this.address = address;
    this.root = Buffer.from(root);
    this.library = Buffer.from(library, "hex");
  }

  /** A copy of everything on disk, as when a machine is cloned. */
  clone(): TestAgent {
    const copy = new TestAgent(this.address, this.root.toString(), this.library.toString("hex"));
    Object.assign(copy, {
      keeper: this.keeper,
      instance: this.instance,
      generation: this.generation,
      certificate: this.certificate,
    });
    copy.#keys = this.#keys;
    return copy;
  }

  async csr(): Promise<Buffer> {
    this.#keys ??= await webcrypto.subtle.generateKey(P256, true, ["sign", "verify"]);
    const request = await x509.Pkcs10CertificateRequestGenerator.create({
      name: "CN=agent",
      keys: this.#keys,
      signingAlgorithm: { name: "ECDSA", hash: "SHA-256" },
    });
    return Buffer.from(request.rawData);
  }

  async enrol(joinCode: string, sentAt = 0): Promise<EnrolReply__Output> {
    const reply = await this.api.enrol({
      joinCode,
      csr: await this.csr(),
      keeperKey: rawPublicKey(this.keeper.publicKey),
      instance: this.instance,
      agentVersion: this.version,
      sentAt,
    });
    if (reply.certificate.length > 0) this.show(reply.certificate);
    return reply;
  }

  async renew(key: string = randomUUID(), sentAt = 0): Promise<void> {
    const reply = await this.api.renew({
      csr: await this.csr(),
      generation: this.generation,
      instance: this.instance,
      idempotencyKey: key,
      sentAt,
    });
    this.generation = reply.generation;
    this.show(reply.certificate);
  }

  poll(known: readonly string[] = [], more: Partial<PollRequest> = {}): Promise<PollReply__Output> {
    return this.api.poll({
      knownRuns: [...known],
      holdSeconds: 0,
      libraryVersion: "1",
      generation: this.generation,
      instance: this.instance,
      coversTo: "2025-12-31",
      agentVersion: this.version,
      ...more,
    });
  }

  /** The newest delivery of the library, without the targets held. */
  async delivery(held: readonly Uint8Array[] = []): Promise<Buffer> {
    const { libraryEdition } = await this.poll();
    const digests = held.map((bytes) => createHash("sha256").update(bytes).digest());
    const chunks: Buffer[] = [];
    for (let offset = 0, size = 1; offset < size;) {
      const reply = await this.api.fetchLibrary({ version: libraryEdition, offset, held: digests });
      chunks.push(reply.chunk);
      offset += reply.chunk.length;
      size = Number(reply.size);
    }
    return Buffer.concat(chunks);
  }

  /** @param codes 0 withheld, n + 1 for n; the same for each cell where one is given. */
  release(
    assignment: Assignment__Output,
    denominator: number[],
    numerator: number[],
    policy = { k: 8, base: 5, midpoint: 0 },
    correction = 0,
    carried: readonly number[] = [],
  ): SignedRelease__Output {
    return signRelease(
      {
        run: assignment.run,
        release: encodeRelease({ denominator, numerator, carried }),
        queryDigest: assignment.queryDigest,
        libraryDigest: this.library,
        referenceDate: assignment.referenceDate,
        policy,
        logIndex: 1,
        logSize: 2,
        logRoot: Buffer.alloc(32),
        recordBasis: "RECORD_BASIS_REGISTRATIONS",
        correction,
        optOuts: this.optOuts,
      },
      this.keeper.privateKey,
    );
  }

  /** A group's leave to a release; `ended` takes it back. Each stands later in its log than the one before. */
  use(release: SignedRelease__Output, group: string, change: Partial<UnsignedUse> = {}): Use__Output {
    const logIndex = this.#entries++;
    return signUse(
      {
        run: release.run,
        correction: release.correction,
        releaseDigest: releaseDigest(release.release),
        group,
        charterDigest: Buffer.alloc(0),
        ended: false,
        logIndex,
        logSize: logIndex + 1,
        logRoot: Buffer.alloc(32),
        ...change,
      },
      this.keeper.privateKey,
    );
  }

  /** Its consent to be named to a role of a group under a charter (digest in hex), or with `ended` its end. */
  consent(group: string, charter: string, change: Partial<UnsignedConsent> = {}): Consent__Output {
    const logIndex = this.#entries++;
    return signConsent(
      {
        ...{ group, charterDigest: Buffer.from(charter, "hex"), to: "supporter", until: "2026-06-30" },
        ...{ ended: false, logIndex, logSize: logIndex + 1, logRoot: Buffer.alloc(32) },
        ...change,
      },
      this.keeper.privateKey,
    );
  }

  /** Tells the hub of consents. @returns the codes of those that it refused */
  async tell(...consents: Consent__Output[]): Promise<string[]> {
    const { consentRefusals } = await this.api.report({ runs: [], consents, idempotencyKey: randomUUID() });
    return consentRefusals.map(({ code }) => code);
  }

  /** Sends a release with its uses: under none it counts for nobody. */
  send(release: SignedRelease__Output, groups: readonly string[]): Promise<SubmitReply__Output> {
    const uses = groups.map((group) => this.use(release, group));
    return this.api.submit({ releases: [release], uses, idempotencyKey: randomUUID() });
  }

  show(certificate: Buffer | null): void {
    this.certificate = certificate;
    this.close();
  }

  close(): void {
    this.#api?.close();
    this.#api = null;
  }

  get api(): HubApi {
    this.#api ??= connectHub({ hub: this.#hub(), caBundle: this.root.toString(), ...this.#identity() });
    return this.#api;
  }

  #hub(): { host: string; port: number } {
    const [host = "", port] = this.address.split(":");
    return { host, port: Number(port) };
  }

  #identity(): { key: string; certificate: string } | Record<string, never> {
    if (!this.certificate || !this.#keys) return {};
    const key = KeyObject.from(this.#keys.privateKey).export({ type: "pkcs8", format: "pem" }).toString();
    return { key, certificate: this.certificate.toString() };
  }
}
