/** A library of a few queries and their codelists: publishing all of them takes longer than most stories. */
import { cpSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { LIBRARY_LOCATION } from "@cairn/library";

/** Copies the queries, out of the library that comes with Cairn, into a new folder. @returns the folder */
export function someQueries(folder: string, queries: readonly string[]): string {
  const whole = fileURLToPath(LIBRARY_LOCATION);
  mkdirSync(join(folder, "codelists"), { recursive: true });
  const lists = readdirSync(join(whole, "codelists"), { recursive: true, encoding: "utf8" });
  for (const query of queries) {
    for (const name of [`${query}.yaml`, `${query}.examples.yaml`])
      cpSync(join(whole, name), join(folder, name));
    for (const [list] of readFileSync(join(whole, `${query}.yaml`), "utf8").matchAll(/[\w-]+@[\w.-]+/g))
      for (const path of lists.filter((each) => basename(each).replace(/\.(csv|yaml)$/, "") === list))
        cpSync(join(whole, "codelists", path), join(folder, "codelists", basename(path)));
  }
  return folder;
}
