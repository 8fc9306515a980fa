/** Whether the hub can do its work now: what `/readyz` tells whoever watches it. */
import { X509Certificate } from "node:crypto";
import { hasNoRoom } from "@cairn/sqlite";
import type { Authority } from "./keys/authority.js";
import { DAY_MS } from "./keys/certificates.js";
import type { HubFiles } from "./store/files.js";
import type { Store } from "./store/store.js";

type Problem =
  | "disk-full" // where the database is
  | "store-unwritable" // the last write failed otherwise
  | "due-round-failed" // schedules, leases, collections, the certificate: the last round failed, or does not end
  | "certificate-ends"; // the server's, or the issuer's or the root's with none to follow, in less than 7 days

interface Certificate {
  readonly name: string; // server, issuer or root
  readonly end: number; // ms since 1970
}

const TRY_EVERY_MS = 10_000;
const LONGEST_ROUND_MS = 60_000;
/** A full disk still takes a write that fits into a gap: one that it refused counts for longer than the next one. */
const FULL_FOR_MS = 15_000;
const CERTIFICATE_DAYS = 7;

export class Readiness {
  readonly #files: HubFiles;
  readonly #authority: Authority;
  readonly #store: Store;
  readonly #now: () => number;
  #certificates: readonly Certificate[];
  #roundBegan: number | null = null; // performance.now()
  #roundFailed = false;
  #lastRound = 0; // ms

  constructor(files: HubFiles, authority: Authority, store: Store, now: () => number) {
    [this.#files, this.#authority, this.#store, this.#now] = [files, authority, store, now];
    this.#certificates = [];
    this.shows(files.server.certificate);
  }

  /** Notes the certificate that agents are shown. @param certificate PEM */
  shows(certificate: string): void {
    const { issuer, newestRoot } = this.#authority; // the older root ends unnoticed: the next one takes its place
    const chain = { server: certificate, issuer: issuer.certificate, root: newestRoot };
    this.#certificates = Object.entries(chain).map(([name, pem]) => ({
      name,
      end: Date.parse(new X509Certificate(pem).validTo),
    }));
  }

  /** Does a round of what is due, and notes how it goes. @throws what `round` throws */
  async ofRound(round: () => Promise<void>): Promise<void> {
    this.#roundBegan = performance.now();
    try {
      await round();
      this.#roundFailed = false;
    } catch (error) {
      this.#roundFailed = true;
      throw error;
    } finally {
      this.#lastRound = performance.now() - this.#roundBegan;
      this.#roundBegan = null;
    }
  }

  /** Writes to the store where nothing has been written for ten seconds. @throws SqliteError */
  async tryToWrite(): Promise<void> {
    if (performance.now() - this.#store.lastWrite >= TRY_EVERY_MS) await this.#store.tryToWrite();
  }

  /** The certificates that agents rely on, and when each ends. */
  get certificates(): readonly Certificate[] {
    return this.#certificates;
  }

  /** Time in ms that the last round of what is due took; 0 before the first. */
  get lastRound(): number {
    return this.#lastRound;
  }

  /** Why the hub is not ready; null where it is. */
  problem(): Problem | null {
    const now = performance.now();
    const failure = this.#store.lastFailure;
    const isFull = failure?.code === "full" && now - failure.at < FULL_FOR_MS;
    if (isFull || hasNoRoom(this.#files.database)) return "disk-full";
    if (failure && failure.at > this.#store.lastWrite)
      return failure.code === "full" ? "disk-full" : "store-unwritable";
    const isStuck = this.#roundBegan !== null && now - this.#roundBegan > LONGEST_ROUND_MS;
    if (this.#roundFailed || isStuck) return "due-round-failed";
    const ends = this.#certificates.map(({ end }) => end);
    return Math.min(...ends) - this.#now() < CERTIFICATE_DAYS * DAY_MS ? "certificate-ends" : null;
  }
}
