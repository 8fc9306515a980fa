/**
 * The hub's own certificate authority: roots, which agents trust and whose keys lie elsewhere, and issuers, which sign what
 * agents and the hub show. It is in one file, so that a change of it is whole or not there:
 *
 *   keys/authority.json                 since it was first changed
 *   keys/root.crt, issuer.crt, .key     as `init` made it
 */
import { X509Certificate } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { DAY_MS, type CertifiedKey } from "./certificates.js";

export interface Root {
  readonly certificate: string; // PEM
  /** A statement of the root before, PEM, that this is the next; null for the first. */
  readonly statement: string | null;
  /** When it was given up, and the next one's statement of it, PEM; null while agents may come in by it. */
  readonly dropped: { readonly at: number; readonly statement: string } | null;
}

export interface Issuer {
  /** Over the same key, PEM: one signed by each root that was in force. */
  readonly certificates: readonly string[];
  /** PEM; null once another has taken its place. */
  readonly key: string | null;
  /** Until when agents may show what it has signed, ms since 1970; null for the one that signs now. */
  readonly until: number | null;
}

/** Both oldest first; the last issuer is the one that signs. */
export interface AuthorityFile {
  readonly roots: readonly Root[];
  readonly issuers: readonly Issuer[];
}

/** A root counts as ended a day before it does, as clocks differ. */
const MARGIN_MS = DAY_MS;

export class Authority {
  readonly #folder: string;
  readonly #now: () => number;
  #text = "";
  #file: AuthorityFile = { roots: [], issuers: [] };
  /** When each root ends, ms since 1970. */
  #ends: readonly number[] = [];
  #issuers: readonly { readonly parsed: X509Certificate; readonly until: number | null }[] = [];

  /** Reads a hub's authority. @throws what `readFileSync` throws */
  constructor(folder: string, now: () => number) {
    [this.#folder, this.#now] = [folder, now];
    this.refresh();
  }

  /** Reads it anew, since a command changes it while the hub runs. @throws what `readFileSync` throws */
  refresh(): void {
    const text = textOf(this.#folder);
    if (text === this.#text) return;
    this.#file = JSON.parse(text) as AuthorityFile;
    this.#ends = this.#file.roots.map(({ certificate }) =>
      Date.parse(new X509Certificate(certificate).validTo),
    );
    this.#issuers = this.#file.issuers.flatMap(({ certificates, until }) => {
      const [first] = certificates; // over the same key each
      return first === undefined ? [] : [{ parsed: new X509Certificate(first), until }];
    });
    this.#text = text;
  }

  get file(): AuthorityFile {
    return this.#file;
  }

  /** The roots by which agents may come in, oldest first: neither given up nor ended. The newest always counts. */
  get inForce(): Root[] {
    const { roots } = this.#file;
    const lasts = (at: number): boolean => (this.#ends[at] as number) > this.#now() + MARGIN_MS;
    return roots.filter(({ dropped }, at) => at === roots.length - 1 || (dropped === null && lasts(at)));
  }

  /** The root to which what the hub shows leads, PEM: the oldest in force, which every agent knows. */
  get root(): string {
    return (this.inForce[0] as Root).certificate;
  }

  /** The root that will be left, PEM. */
  get newestRoot(): string {
    return (this.#file.roots.at(-1) as Root).certificate;
  }

  /** The issuer that signs now, its certificate the one below `root`. */
  get issuer(): CertifiedKey {
    return this.issuerBelow(this.root);
  }

  /** The issuer that signs now, with the certificate that a root has signed. @param root PEM */
  issuerBelow(root: string): CertifiedKey {
    const { certificates, key } = this.#file.issuers.at(-1) as Issuer;
    const above = new X509Certificate(root);
    const certificate = certificates.find((pem) => new X509Certificate(pem).verify(above.publicKey));
    if (certificate === undefined || key === null)
      throw new Error("the issuer has no certificate of this root");
    return { certificate, key };
  }

  /** The roots for agents to trust, each with the statement that it follows from, and those that others have ended; PEM. */
  get bundle(): string {
    const trusted = this.inForce.flatMap(({ certificate, statement }) => [certificate, statement ?? ""]);
    const ended = this.#file.roots.map(({ dropped }) => dropped?.statement ?? "");
    return [...trusted, ...ended].join("");
  }

  /** Every certificate that may stand between an agent's and its root, so that TLS hands on what is shown; PEM. */
  get clientCertificates(): string {
    const { roots, issuers } = this.#file;
    return [...roots.map((root) => root.certificate), ...issuers.flatMap((one) => one.certificates)].join(
      "\n",
    );
  }

  /** Names of the issuers whose certificates agents may show now, oldest first. */
  get counting(): string[] {
    const counts = this.#issuers.filter(({ until }) => until === null || until > this.#now());
    return counts.map(({ parsed }) => parsed.subject.replace(/^CN=/, ""));
  }

  /** Whether an issuer of this hub has signed a certificate: one whose certificates count, one that was replaced, or none. */
  signerOf(certificate: X509Certificate): "counts" | "replaced" | "unknown" {
    const signer = this.#issuers.findLast(({ parsed }) => certificate.verify(parsed.publicKey));
    if (!signer) return "unknown";
    return signer.until === null || signer.until > this.#now() ? "counts" : "replaced";
  }
}

export function authorityPath(folder: string): string {
  return join(folder, "keys/authority.json");
}

function textOf(folder: string): string {
  const path = authorityPath(folder);
  if (existsSync(path)) return readFileSync(path, "utf8");
  const read = (name: string): string => readFileSync(join(folder, "keys", name), "utf8");
  const asMade: AuthorityFile = {
    roots: [{ certificate: read("root.crt"), statement: null, dropped: null }],
    issuers: [{ certificates: [read("issuer.crt")], key: read("issuer.key"), until: null }],
  };
  return JSON.stringify(asMade);
}
