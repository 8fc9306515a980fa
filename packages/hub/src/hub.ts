/** What every room of the hub is handed: its files, its store, its clock, its settings. */
import { createPublicKey } from "node:crypto";
import { rawPublicKey } from "@cairn/wire";
import { makeFiles, readFiles, type HubFiles } from "./store/files.js";
import { keptOfflineAfter } from "./store/settings.js";
import { Store } from "./store/store.js";

export interface HubSettings {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A practice that has not polled for this long is offline. Milliseconds; the hub keeps what its server was given. */
  readonly offlineAfter: number;
  /** How long a claimed run is the agent's before it is offered again. Milliseconds. */
  readonly lease: number;
  /** How long a poll with nothing to say is held, at most. Milliseconds, 25,000 at most. */
  readonly hold: number;
}

export const DEFAULT_SETTINGS: HubSettings = {
  now: Date.now,
  offlineAfter: 3_600_000,
  lease: 600_000,
  hold: 25_000,
};

export interface Hub {
  readonly files: HubFiles;
  readonly store: Store;
  readonly settings: HubSettings;
  /** Raw Ed25519 public key that signs the library. */
  readonly libraryRoot: Buffer;
}

/** Makes a hub's folder, keys and database. @throws HubError exists */
export async function initHub(folder: string, hosts: readonly string[], now = Date.now): Promise<void> {
  await makeFiles(folder, hosts, now());
  await openHub(folder, { now }).store.close();
}

/** @throws HubError no-hub, incomplete; SqliteError */
export function openHub(folder: string, overrides: Partial<HubSettings> = {}): Hub {
  const files = readFiles(folder);
  const store = new Store(files.database, files.logKey, files.origin, overrides.now ?? DEFAULT_SETTINGS.now);
  const offlineAfter = keptOfflineAfter(store.file) ?? DEFAULT_SETTINGS.offlineAfter;
  const given = { ...DEFAULT_SETTINGS, offlineAfter, ...overrides };
  // A parked agent must be heard of again before it counts as offline.
  const settings = { ...given, hold: Math.min(given.hold, given.offlineAfter / 2) };
  return { files, store, settings, libraryRoot: rawPublicKey(createPublicKey(files.libraryKey)) };
}
