/** Shared services of the hub: files, store, clock, settings. */
import { explained, SqliteError } from "@cairn/sqlite";
import { HubError } from "./errors.js";
import { Authority } from "./keys/authority.js";
import { Readiness } from "./readiness.js";
import { finishFiles, makeFiles, readFiles, unreadable, type HubFiles } from "./store/files.js";
import { keptOfflineAfter } from "./store/settings.js";
import { Store } from "./store/store.js";

export interface HubSettings {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Time in ms after which a practice that has not polled is offline; the hub stores the setting of its server. */
  readonly offlineAfter: number;
  /** Time in ms for which a claimed run is the agent's before it is offered again. */
  readonly lease: number;
  /** Longest time in ms for which a poll without an answer is held; 25,000 at most. */
  readonly hold: number;
  /** Receives faults of ours that were got round, for the server's own log. */
  readonly fault: (error: unknown, what: string) => void;
}

export const DEFAULT_SETTINGS: HubSettings = {
  now: Date.now,
  offlineAfter: 3_600_000,
  lease: 600_000,
  hold: 25_000,
  fault: () => undefined,
};

export interface Hub {
  readonly files: HubFiles;
  readonly authority: Authority;
  readonly store: Store;
  readonly settings: HubSettings;
  readonly readiness: Readiness;
}

/** Makes a hub's folder, keys and database. @throws HubError host-wrong, exists */
export async function initHub(folder: string, hosts: readonly string[], now = Date.now): Promise<void> {
  const { database, logKey, origin } = await makeFiles(folder, hosts, now());
  await new Store(database, logKey, origin, now, false).close();
  finishFiles(folder);
}

/** Opens a hub's folder for one piece of work, and closes it. @throws HubError no-hub, incomplete; SqliteError; what `work` throws */
export async function withHub<T>(
  folder: string,
  work: (open: Hub) => Promise<T>,
  settings: Partial<HubSettings> = {},
): Promise<T> {
  const open = openHub(folder, settings);
  try {
    return await work(open);
  } catch (error) {
    throw explained(error, open.files.database);
  } finally {
    await open.store.close();
  }
}

/** Opens a hub's folder. @throws HubError no-hub, incomplete; SqliteError */
export function openHub(folder: string, overrides: Partial<HubSettings> = {}): Hub {
  const files = readFiles(folder);
  const now = overrides.now ?? DEFAULT_SETTINGS.now;
  const authority = authorityOf(folder, now);
  const store = storeOf(files, now);
  const offlineAfter = keptOfflineAfter(store.file) ?? DEFAULT_SETTINGS.offlineAfter;
  const given = { ...DEFAULT_SETTINGS, offlineAfter, ...overrides };
  // A parked agent must be heard of again before it counts as offline.
  const settings = { ...given, hold: Math.min(given.hold, given.offlineAfter / 2) };
  return { files, authority, store, settings, readiness: new Readiness(files, authority, store, now) };
}

function authorityOf(folder: string, now: () => number): Authority {
  try {
    return new Authority(folder, now);
  } catch (cause) {
    throw unreadable(folder, cause);
  }
}

function storeOf({ folder, database, logKey, origin }: HubFiles, now: () => number): Store {
  try {
    return new Store(database, logKey, origin, now);
  } catch (cause) {
    if (!(cause instanceof SqliteError) || cause.code !== "lost") throw cause;
    throw new HubError(
      "incomplete",
      `${database} is missing or empty, and this hub had one: nothing was made in its place; move ${folder} aside and give cairn hub restore --from BACKUP (without any: cairn hub init, and new join codes)`,
      { cause },
    );
  }
}
