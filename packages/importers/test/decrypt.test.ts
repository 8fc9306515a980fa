/** Encrypted extracts: named with what to do, decrypted from stream to stream, and nothing kept of one that is damaged. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import t from "tap";
import { splitCommand } from "@cairn/importers";
import { openRecords } from "@cairn/records";
import { extract, listedIn, load, newStore, refusal } from "./fixtures/extracts.js";
import { zipOf } from "./fixtures/zip.js";

t.setTimeout(120_000);

const home = mkdtempSync(join(tmpdir(), "cairn-gpg-"));
t.teardown(() => rmSync(home, { recursive: true, force: true }));
const gpg = ["--homedir", home, "--batch", "--quiet", "--pinentry-mode", "loopback", "--passphrase", "x"];
const noGpg = spawnSync("gpg", ["--version"]).status !== 0 && "gpg is not here";
const command = splitCommand(["gpg", ...gpg, "--decrypt"].join(" "));

function encrypted(text: string | Buffer): Buffer {
  const { stdout, status } = spawnSync("gpg", [...gpg, "--s2k-count", "1024", "--symmetric"], {
    input: text,
  });
  if (status !== 0) throw new Error("gpg did not encrypt");
  return stdout;
}

const PATIENTS = "patient_id,date_of_birth,sex\nMARKER-A,1950-02-03,female\n";
const REGISTRATIONS = "patient_id,start,end\nMARKER-A,2000-01-01,\n";
const EVENTS = "patient_id,date,code\nMARKER-A,2024-01-02,22298006\n";
let made: Record<string, Buffer> | null = null;
const secret = (): Record<string, Buffer> =>
  (made ??= {
    "patients.csv.gpg": encrypted(PATIENTS),
    "registrations.csv.gpg": encrypted(REGISTRATIONS),
    "events.csv.gz.gpg": encrypted(gzipSync(EVENTS)),
  });

t.test(
  "each file is decrypted as it is read, packed or not, in a folder or a .zip",
  { skip: noGpg },
  async (t) => {
    const clear = newStore();
    await load(
      clear,
      extract({ "patients.csv": PATIENTS, "registrations.csv": REGISTRATIONS, "events.csv": EVENTS }),
    );
    for (const path of [
      extract(secret()),
      join(extract({ "e.zip": zipOf(Object.entries(secret())) }), "e.zip"),
    ]) {
      const store = newStore();
      await load(store, path, { decrypt: command });
      t.same(listedIn(store), listedIn(clear));
      t.ok(
        (await load(store, path, { decrypt: command })).known,
        "the same content in clear is the same extract",
      );
    }
  },
);

t.test("without a command, encrypted files are named with what to do, whatever else is there", async (t) => {
  const path = extract({
    "patients.csv": PATIENTS,
    "events.csv.gpg": Buffer.from("?"),
    "more.PGP": Buffer.from("?"),
  });
  const error = await refusal(load(newStore(), path));
  t.match(error, {
    code: "encrypted",
    kind: "unavailable",
    message: /^events\.csv\.gpg \(and 1 more\): is encrypted/,
  });
  t.match(error.message, /--decrypt 'gpg --decrypt'/);
});

t.test("an encrypted .zip is refused by name, before anything is decrypted", async (t) => {
  const path = extract({ "all.zip.gpg": Buffer.from("?") });
  const error = await refusal(load(newStore(), path, { decrypt: ["false"] }));
  t.match(error, { code: "encrypted", message: /^all\.zip\.gpg: is an encrypted \.zip/ });
});

t.test(
  "a file that was cut or changed keeps nothing, though its rows came before the fault",
  { skip: noGpg },
  async (t) => {
    const rows = Array.from({ length: 20_000 }, (_, i) => `MARKER-A,2024-01-02,${i}\n`).join("");
    const whole = encrypted(EVENTS + rows);
    for (const [how, bytes] of [
      ["cut", whole.subarray(0, whole.length - 40)],
      [
        "changed",
        Buffer.concat([whole.subarray(0, -9), Buffer.from([whole.at(-9)! ^ 1]), whole.subarray(-8)]),
      ],
    ] as const) {
      const store = newStore();
      const error = await refusal(
        load(store, extract({ ...secret(), "events.csv.gpg": bytes }), { decrypt: command }),
      );
      t.match(error, { code: "encrypted", message: /gpg ended with 2, so nothing was kept/ }, how);
      t.notMatch(error.message, /MARKER/);
      t.same(openRecords(store).totals(), { patients: 0, events: 0, registrations: 0 });
    }
  },
);

t.test("a program that is not there, one that reads nothing, and one that ends badly are said", async (t) => {
  const path = extract({ "patients.csv.gpg": Buffer.alloc(3_000_000) });
  const said = async (text: string): Promise<string> =>
    (await refusal(load(newStore(), path, { decrypt: splitCommand(text) }))).message;
  t.match(await said("no-such-program-here"), /there is no program no-such-program-here/);
  t.match(await said("false"), /false ended with 1/);
  t.match(await said("sleep 0"), /no person was found|empty|header/);
  t.match((await refusal(load(newStore(), path, { decrypt: splitCommand("cat") }))).code, /./);
  t.throws(() => splitCommand("  "), { code: "wrong-option" });
});

t.test("no shell reads the command: blanks part words, and nothing else means anything", async (t) => {
  const mark = join(home, "mark");
  t.same(splitCommand(` gpg  --decrypt\t$(touch ${mark}) ; "a`), [
    "gpg",
    "--decrypt",
    "$(touch",
    `${mark})`,
    ";",
    '"a',
  ]);
  const path = extract({ "patients.csv.gpg": Buffer.from(PATIENTS) });
  await load(newStore(), path, { decrypt: splitCommand(`cat; touch ${mark}`) }).catch(() => undefined);
  await load(newStore(), path, {
    decrypt: splitCommand(`echo $(touch ${mark}) | touch ${mark} \`touch ${mark}\``),
  }).catch(() => undefined);
  t.notOk(existsSync(mark));
});

t.test("no line of a table is in any file while an encrypted extract is read", { skip: noGpg }, async (t) => {
  const [store, path, temporary] = [newStore(), extract(secret()), mkdtempSync(join(home, "tmp-"))];
  const before = process.env["TMPDIR"];
  process.env["TMPDIR"] = temporary;
  t.teardown(() => (before === undefined ? delete process.env["TMPDIR"] : (process.env["TMPDIR"] = before)));
  const lines = [PATIENTS, REGISTRATIONS, EVENTS].map((text) => text.split("\n")[1]!);
  let looked = 0;
  const look = (): void => {
    for (const place of [store, path, temporary, home])
      for (const entry of readdirSync(place, { recursive: true, withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const bytes = readFileSync(join(entry.parentPath, entry.name));
        looked++;
        t.notOk(
          lines.some((line) => bytes.includes(line)),
          entry.name,
        );
      }
  };
  await load(store, path, { decrypt: command, progress: look, beforeKeeping: look });
  t.ok(looked > 6, "and there were files to look at");
});
