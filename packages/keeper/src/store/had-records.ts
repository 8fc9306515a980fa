/** Whether the keeper has taken note of records: a record store that is missing then was lost, and is not made anew. */
import { setting } from "./settings.js";
import { isThere, keyFile } from "./folder.js";
import { KeeperStore, type Reader } from "./store.js";

export function knowsRecords(store: Reader): boolean {
  return Number(setting(store, "records-version") ?? "0") > 0;
}

/** @param folder the keeper's; one without a keeper knows of none. @throws KeeperError; SqliteError */
export function hadRecords(folder: string): boolean {
  if (!isThere(keyFile(folder))) return false;
  const store = KeeperStore.open(folder);
  try {
    return knowsRecords(store);
  } finally {
    store.close();
  }
}
