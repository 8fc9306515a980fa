/** No package grows to where the next room would be built inside it. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import t from "tap";

const PACKAGES = fileURLToPath(new URL("../../packages/", import.meta.url));
const LARGEST_SHARE = 0.15;

/** Lines of what is written by hand in each package's `src`. */
function lines(): Map<string, number> {
  return new Map(
    readdirSync(PACKAGES).map((name) => {
      const files = readdirSync(join(PACKAGES, name, "src"), { recursive: true, withFileTypes: true }).filter(
        (entry) => entry.isFile() && entry.name.endsWith(".ts") && !entry.parentPath.includes("/generated"),
      );
      const counts = files.map(
        ({ parentPath, name: file }) => readFileSync(join(parentPath, file), "utf8").split("\n").length - 1,
      );
      return [name, counts.reduce((sum, count) => sum + count, 0)];
    }),
  );
}

/** The packages that hold more than `LARGEST_SHARE` of all lines, each with its share. */
function tooLarge(sizes: ReadonlyMap<string, number>): string[] {
  const all = [...sizes.values()].reduce((sum, size) => sum + size, 0);
  return [...sizes]
    .filter(([, size]) => size > LARGEST_SHARE * all)
    .map(([name, size]) => `${name}: ${((100 * size) / all).toFixed(1)} %`);
}

t.test("the largest package holds at most 15 % of the lines", async (t) => {
  const sizes = lines();
  t.ok(sizes.size > 15, "the packages are found");
  t.same(tooLarge(sizes), []);
  const planted = new Map(sizes).set("hub", 4 * (sizes.get("hub") as number));
  t.match(tooLarge(planted).join(), /^hub: \d\d\.\d %$/, "one that has grown is named");
});
