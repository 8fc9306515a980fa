/**
 * Writes the golden files anew, when told to by the word `write`:
 * `npx tsx --conditions=@cairn/source packages/charters/test/write-golden.ts write`. Read them before committing.
 */
import { writeFileSync } from "node:fs";
import { charterDigest, charterText } from "@cairn/charters";
import { charterIn, EXAMPLES } from "./read-charters.js";

if (process.argv[2] === "write") {
  for (const [name, text] of Object.entries(EXAMPLES))
    writeFileSync(new URL(`golden/${name}.txt`, import.meta.url), charterText(charterIn(text)));
  const digests = Object.entries(EXAMPLES).map(
    ([name, text]) => `${name} ${charterDigest(charterIn(text))}\n`,
  );
  writeFileSync(new URL("golden/digests.txt", import.meta.url), digests.sort().join(""));
}
