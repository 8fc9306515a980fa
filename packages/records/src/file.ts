import { join } from "node:path";

/** Where the record store lies. @param folder the keeper's */
export function recordsFile(folder: string): string {
  return join(folder, "records.db");
}
