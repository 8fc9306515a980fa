/** Encrypted nights, with real keys: by hand and by the watch, the wrong key, a passphrase that nobody types, and no row in clear. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { takeRecords } from "@cairn/agent/take-records";
import { writePractice } from "@cairn/synthetic";
import t from "tap";
import { daysAgo, held, look, newAgent, newFolder } from "./fixtures/nights.js";

t.setTimeout(280_000);

const skip =
  (!process.env["CAIRN_LONG"] && "keys take seconds to make and use: CAIRN_LONG=1 asks for them") ||
  (spawnSync("gpg", ["--version"]).status !== 0 && "gpg is not here");
// The path of a socket is at most some hundred characters: a short one.
const home = mkdtempSync(join(tmpdir(), "gpg-"));
const emis = { format: "emis", decrypt: "gpg --batch --decrypt" } as const;
process.env["GNUPGHOME"] = home;
t.teardown(() => {
  spawnSync("gpgconf", ["--kill", "all"]);
  rmSync(home, { recursive: true, force: true });
});

function gpg(...args: string[]): string {
  const done = spawnSync("gpg", ["--batch", "--yes", "--quiet", ...args], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`gpg ${args.join(" ")}: ${done.stderr}`);
  return done.stdout;
}

/** Makes a key in the keyring. */
function key(name: string, passphrase = ""): void {
  gpg("--pinentry-mode", "loopback", "--passphrase", passphrase, "--quick-generate-key", name, "future-default", "default", "never"); // prettier-ignore
}

/** Encrypts each table of an extract to a key, into another folder. @returns that folder */
function encrypted(extract: string, to: string, name: string): string {
  mkdirSync(to, { recursive: true });
  cpSync(extract, to, { recursive: true });
  const tables = readdirSync(to).filter((file) => file.endsWith(".csv")).map((file) => join(to, file)); // prettier-ignore
  gpg("--trust-model", "always", "--recipient", name, "--multifile", "--encrypt", ...tables);
  tables.forEach((file) => rmSync(file));
  return to;
}

const clear = newFolder();
let nights: string[] = [];
let lines: string[] = [];

t.before(async () => {
  if (skip) return;
  await writePractice({
    ...{ patients: 20, eventsPerPatient: 50, seed: 11, until: daysAgo(1), practice: "Northgate" },
    ...{ format: "emis" as const, out: clear, deltas: 1 },
  });
  nights = readdirSync(clear).filter((name) => /^\d/.test(name)).sort(); // prettier-ignore
  lines = nights.flatMap((night) =>
    readdirSync(join(clear, night))
      .filter((name) => /_(Admin_Patient|CareRecord_Observation|Prescribing_IssueRecord)_/.test(name))
      .flatMap((name) =>
        readFileSync(join(clear, night, name), "utf8")
          .split(/\r?\n/)
          .slice(1, 4),
      )
      .filter((line) => line.length > 20),
  );
  key("practice");
  key("somebody else");
});

/** What is in a file; nothing where it went meanwhile, as the locks of gpg do. */
function contentOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}

/** Which of these folders' files hold a row of the extract in clear; how many were looked at. */
function rowsIn(...folders: string[]): { found: string[]; looked: number } {
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const found = files.filter((file) => {
    const bytes = contentOf(file);
    return lines.some((line) => bytes.includes(line));
  });
  return { found, looked: files.length };
}

t.test(
  "encrypted nights hold what they hold in clear, and no row of them is in any file",
  { skip },
  async (t) => {
    t.ok(lines.length > 6 && rowsIn(clear).found.length > 0, "rows in clear would be found");
    const plain = newAgent();
    t.match(await look(clear, plain, { format: "emis" }), { taken: nights, error: null });
    const inbox = newFolder();
    for (const night of nights) encrypted(join(clear, night), join(inbox, night), "practice");
    const temporary = newFolder();
    const before = process.env["TMPDIR"];
    process.env["TMPDIR"] = temporary;
    t.teardown(() =>
      before === undefined ? delete process.env["TMPDIR"] : (process.env["TMPDIR"] = before),
    );

    const [byHand, watched] = [newAgent(), newAgent()];
    let looked = 0;
    const during = (data: string) => (): void => {
      const seen = rowsIn(data, temporary, inbox, home);
      looked += seen.looked;
      t.same(seen.found, []);
    };
    for (const night of nights) {
      const flags = { data: byHand, ...emis, system: "snomed", beforeKeeping: during(byHand) } as const;
      await takeRecords([join(inbox, night)], flags, during(byHand));
    }
    t.same(held(byHand), held(plain), "by hand");
    t.match(await look(inbox, watched, emis), { taken: nights, error: null });
    t.same(held(watched), held(plain), "by the watch");
    for (const data of [byHand, watched]) during(data)();
    t.ok(looked > 20, `${looked} files were looked at`);
  },
);

t.test(
  "the wrong key: what happened and what to do, nothing kept, and taken once the key is there",
  { skip },
  async (t) => {
    const [data, inbox, aside] = [newAgent(), newFolder(), join(home, "secret.asc")];
    const [bulk] = nights as [string];
    encrypted(join(clear, bulk), join(inbox, bulk), "somebody else");
    const [, fingerprint] = /^fpr:+([0-9A-F]+):/m.exec(
      gpg("--with-colons", "--list-secret-keys", "somebody else"),
    )!;
    const secret = gpg(
      "--armor",
      "--pinentry-mode",
      "loopback",
      "--passphrase",
      "",
      "--export-secret-keys",
      fingerprint!,
    );
    gpg("--delete-secret-keys", fingerprint!);
    const words =
      /\.csv\.gpg: gpg ended with 2, so nothing was kept; run it on the file as the same user to see why \(no key,/;
    const { error, taken } = await look(inbox, data, emis);
    t.same(taken, []);
    t.match(error, new RegExp(`^${bulk}: .*${words.source}`));
    const flags = { data, ...emis, system: "snomed" } as const;
    await t.rejects(
      takeRecords([join(inbox, bulk)], flags, () => undefined),
      { code: "encrypted", message: words },
    );
    t.same(held(data).length, 1, "nobody, and no event");
    t.equal(rowsIn(data, inbox).found.length, 0);
    spawnSync("gpg", ["--batch", "--quiet", "--import"], { input: secret });
    rmSync(aside, { force: true });
    t.match(await look(inbox, data, emis), { taken: [bulk], error: null });
  },
);

t.test("a passphrase that nobody is there to type is an error, and no wait", { skip }, async (t) => {
  const [data, inbox] = [newAgent(), newFolder()];
  key("locked", "a passphrase");
  spawnSync("gpgconf", ["--kill", "gpg-agent"]); // which remembers it
  const [bulk] = nights as [string];
  encrypted(join(clear, bulk), join(inbox, bulk), "locked");
  for (const decrypt of ["gpg --batch --decrypt", "gpg --decrypt"]) {
    const began = Date.now();
    t.match(await look(inbox, data, { format: "emis", decrypt }), {
      taken: [],
      error: /gpg ended with 2, so nothing was kept/,
    });
    t.ok(Date.now() - began < 60_000, `${decrypt}: ${Date.now() - began} ms`);
  }
});
