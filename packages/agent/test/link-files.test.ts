/** A backup's certificate and settings are of one moment, also where the certificate is renewed while they are copied. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { copyLink } from "../src/folder/link-files.js";

const folder = mkdtempSync(join(tmpdir(), "cairn-link-files-"));
t.teardown(() => rmSync(folder, { recursive: true, force: true }));
const from = join(folder, "courier");
mkdirSync(from);

/** As a courier writes a renewal: that it is under way, the certificate, and that it is done. Again and again. */
const RENEWING = `
  const { renameSync, writeFileSync } = require("node:fs");
  const write = (name, text) => (writeFileSync(name + ".part", text), renameSync(name + ".part", name));
  const settings = (generation, renewal) => write("settings.json", JSON.stringify({ generation, renewal }));
  process.stdin.on("end", () => process.exit()).resume();
  let generation = 0;
  (function renew() {
    settings(generation, "under way");
    generation += 1;
    write("a-certificate.pem", String(generation));
    write("z-certificate.pem", String(generation));
    settings(generation, null);
    if (generation === 1) console.log("ready");
    setTimeout(renew, 0);
  })();
`;

t.test("copied while it is renewed", async (t) => {
  const courier = spawn(process.execPath, ["-e", RENEWING], {
    cwd: from,
    stdio: ["pipe", "pipe", "inherit"],
  });
  await once(courier.stdout, "data");
  const seen = new Set<number>();
  const wrong: string[] = [];
  while (seen.size < 60) {
    const to = join(folder, `backup-${seen.size}`);
    copyLink(from, to);
    const read = (name: string): string => readFileSync(join(to, name), "utf8");
    const { generation, renewal } = JSON.parse(read("settings.json")) as {
      generation: number;
      renewal: string;
    };
    seen.add(generation);
    for (const name of ["a-certificate.pem", "z-certificate.pem"])
      if (Number(read(name)) !== generation && renewal === null)
        wrong.push(`${name}: ${read(name)} of ${generation}`);
  }
  courier.stdin.end();
  await once(courier, "close");
  t.same(wrong, [], "a certificate of another moment than settings that know of no renewal");
});
