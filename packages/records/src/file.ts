import { join } from "node:path";

/** Path of the record store. @param folder the keeper's */
export function recordsFile(folder: string): string {
  return join(folder, "records.db");
}
