/** What a hub publishes, every keeper can take in. */
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { generateKeyPairSync } from "node:crypto";
import { fileURLToPath } from "node:url";
import t from "tap";
import { LIBRARY_LOCATION } from "@cairn/library";
import { makeSignedBundle } from "../src/library/bundle.js";

t.test(
  "a library with words that do not print is refused where it is published, not at each practice",
  async (t) => {
    const { privateKey } = generateKeyPairSync("ed25519");
    const folder = t.testdir();
    cpSync(fileURLToPath(LIBRARY_LOCATION), folder, { recursive: true });
    const sign = (): unknown => makeSignedBundle(folder, 1, Date.parse("2026-11-29"), privateKey);
    t.doesNotThrow(sign, "as it comes");
    const file = `${folder}/registers/asthma.yaml`;
    writeFileSync(file, readFileSync(file, "utf8").replace(/^source: (.)/m, "source: $1\u00ad"));
    t.throws(sign, {
      code: "library-wrong",
      message: /asthma.* do not print .*no practice would take this library/,
    });
  },
);
