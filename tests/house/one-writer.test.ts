/** A file is written whole, brought to the disk and named in one room, so that a power cut is thought of once. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";

const PACKAGES = fileURLToPath(new URL("../../packages/", import.meta.url));
const HOME = "files/src/index.ts";

/** What names a file or brings one to the disk. */
const NAMING = /\b(renameSync|rename|fsyncSync|fsync|fdatasyncSync|fdatasync)\b/;

function sourcesThatName(): string[] {
  return readdirSync(PACKAGES).flatMap((room) => {
    const source = join(PACKAGES, room, "src");
    if (!existsSync(source)) return [];
    return readdirSync(source, { recursive: true, encoding: "utf8" })
      .filter((file) => file.endsWith(".ts"))
      .map((file) => `${room}/src/${file}`)
      .filter((file) => {
        const imports = readFileSync(join(PACKAGES, file), "utf8").matchAll(
          /import (?:\* as \w+|\w+|[^;]*?) from "(?:node:)?fs(?:\/promises)?";/g,
        );
        return [...imports].some(([line]) => NAMING.test(line) || /import (?:\* as )?\w+ from/.test(line));
      });
  });
}

t.test("only one room renames files and brings them to the disk", async (t) => {
  t.same(sourcesThatName(), [HOME]);
});
