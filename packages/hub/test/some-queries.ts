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
  const texts = queries.flatMap((query) => {
    for (const name of [`${query}.yaml`, `${query}.examples.yaml`])
      cpSync(join(whole, name), join(folder, name));
    return [readFileSync(join(whole, `${query}.yaml`), "utf8")];
  });
  const registers = [...texts.join("\n").matchAll(/register: ([\w-]+)@/g)].map(
    ([, name]) => `registers/${name}.yaml`,
  );
  for (const path of new Set(registers)) {
    cpSync(join(whole, path), join(folder, path));
    texts.push(readFileSync(join(whole, path), "utf8"));
  }
  for (const text of texts) {
    for (const [list] of text.matchAll(/[\w-]+@[\w.-]+/g))
      for (const path of lists.filter((each) => basename(each).replace(/\.(csv|yaml)$/, "") === list))
        cpSync(join(whole, "codelists", path), join(folder, "codelists", basename(path)));
  }
  return folder;
}
