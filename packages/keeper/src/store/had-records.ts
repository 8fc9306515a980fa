/**
 * Whether the keeper has noted that there are records: a record store that is missing then was lost, and is not made
 * anew.
 */
import { setting } from "./settings.js";
import { isThere, keyFile } from "./folder.js";
import { KeeperStore, type Reader } from "./store.js";

export function knowsRecords(store: Reader): boolean {
  return Number(setting(store, "records-version") ?? "0") > 0;
}

/**
 * Whether there were records.
 * @param folder the keeper's; one without a keeper has none.
 * @throws KeeperError; SqliteError
 */
export function hadRecords(folder: string): boolean {
  if (!isThere(keyFile(folder))) return false;
  const store = KeeperStore.open(folder);
  try {
    return knowsRecords(store);
  } finally {
    store.close();
  }
}
