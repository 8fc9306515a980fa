/** A library of a few queries and their codelists: publishing all of them takes longer than most stories. */
import { cpSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LIBRARY_LOCATION } from "@cairn/query-library";

/** Copies the queries, out of the library that comes with Cairn, into a new folder. @returns the folder */
export function someQueries(folder: string, queries: readonly string[]): string {
  const whole = fileURLToPath(LIBRARY_LOCATION);
  mkdirSync(join(folder, "codelists"), { recursive: true });
  for (const query of queries) {
    for (const name of [`${query}.yaml`, `${query}.examples.yaml`])
      cpSync(join(whole, name), join(folder, name));
    for (const [list] of readFileSync(join(whole, `${query}.yaml`), "utf8").matchAll(/[\w-]+@[\w.-]+/g))
      for (const name of [`${list}.csv`, `${list}.yaml`])
        cpSync(join(whole, "codelists", name), join(folder, "codelists", name));
  }
  return folder;
}
