/** cairn library ...: a library from nothing, as the people who sign it give the commands. */
import { createPublicKey, generateKeyPairSync } from "node:crypto";
import { vkeyOf, type KeyUse } from "@cairn/audit-log";
import { loadCharter } from "@cairn/authoring";
import { charterBytes, type Charter } from "@cairn/charters";
import { fileURLToPath } from "node:url";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import { Command } from "commander";
import t from "tap";
import { CairnError } from "@cairn/errors";
import { newKey, publicKeyText, signOnline } from "@cairn/signed-library";
import { readyToPublish, takePublished } from "@cairn/signed-library/signing";
import { register } from "../src/commands/library.js";
import { newPassphraseFor } from "../src/passphrase.js";

const dir = mkdtempSync(join(tmpdir(), "cairn-cli-library-"));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));
const at = (name: string): string => join(dir, name);
const LIB = ["--dir", at("lib")];
const ANN = "Dr Ann Clinical";
const GIL = "Gil Governance";
const online = newKey("hub", "online");

write("words.txt", "four words of mine\n");
write("hub.pub", publicKeyText(online.publicKey));
const PASS = ["--passphrase-file", at("words.txt")];

/** One query with its codelist. */
function queries(folder: string, version: string, age = 18, writtenBy = "Bo Author"): string {
  write(
    `${folder}/smokers.yaml`,
    `query: smokers
version: ${version}
title: People who smoke
question: How many people smoke?
purpose: quality improvement
written_by: ${writtenBy}
direction: none
periods: {every: quarter, count: 4}
codelists: {smoking: smoking@2025-01}
denominator: {age: {from: ${age}}}
numerator: {exists: smoking}
`,
  );
  write(`${folder}/codelists/smoking@2025-01.csv`, "code,term\n77176002,Smoker\n");
  write(
    `${folder}/codelists/smoking@2025-01.yaml`,
    "system: snomed\nkind: clinical\nsource: invented\nlicence: none\n",
  );
  return at(folder);
}

function write(name: string, text: string): void {
  mkdirSync(dirname(at(name)), { recursive: true });
  writeFileSync(at(name), text);
}

/** Gives a command in this process. @returns what it printed, results and notes apart, and how it was refused */
async function library(
  ...args: string[]
): Promise<{ out: string; said: string; error: string; kind: string }> {
  const program = new Command("cairn").exitOverride();
  register(program);
  const streams = [process.stdout, process.stderr];
  const before = streams.map((stream) => stream.write.bind(stream));
  const printed = ["", ""];
  for (const [i, stream] of streams.entries()) stream.write = (text: string) => ((printed[i] += text), true);
  let refused: unknown = null;
  try {
    await program.parseAsync(["node", "cairn", "library", ...args]);
  } catch (error) {
    if (!(error instanceof CairnError)) throw error;
    refused = error;
  } finally {
    for (const [i, stream] of streams.entries()) stream.write = before[i]!;
  }
  const { message = "", kind = "done" } = (refused ?? {}) as Partial<CairnError<string>>;
  return { out: printed[0]!, said: printed[1]!, error: message, kind };
}

const sign = (name: string, ...more: string[]): ReturnType<typeof library> =>
  library("sign", ...LIB, "--key", at(`keys/${name}.key`), ...PASS, "--yes", ...more);

/** What `cairn library publish` does, with a stand-in for the hub. */
function publish(version: number): void {
  const ready = readyToPublish(at("lib"));
  if (!("files" in ready)) throw new Error("signatures are missing");
  const targets = new Map([["targets", ready.files.get(`${version}.targets.json`)!]]);
  takePublished(
    at("lib"),
    signOnline({ snapshot: version, timestamp: version }, targets, online, Date.now()),
  );
}

t.test("a key: two files, and a passphrase that is asked for twice or read from a file", async (t) => {
  for (const [name, kind] of [
    [ANN, "clinical"],
    [GIL, "governance"],
    ["Cat Root", "root"],
  ] as const) {
    const made = await library(
      "key",
      "new",
      name,
      "--kind",
      kind,
      "--dir",
      at("keys"),
      ...PASS,
      "--work-factor",
      "2",
    );
    t.match(made.out, `${name}.key is your key, and ${at("keys")}/${name}.pub its public half.`);
    t.match(made.said, /encrypted stick/);
  }
  const again = await library(
    "key",
    "new",
    ANN,
    "--kind",
    "clinical",
    "--dir",
    at("keys"),
    ...PASS,
    "--json",
  );
  t.match(again, { error: /is there already, and is not overwritten/, kind: "wrong-use", out: "" });
  const none = await library("key", "new", "Eve", "--kind", "root", "--dir", at("keys"));
  t.match(none, { error: /no terminal.*--passphrase-file FILE/, kind: "wrong-use" });
  t.notOk(existsSync(at("keys/Eve.key")));
});

t.test("a charter that changed is told with what widens", async (t) => {
  const { changesText } = await import("../src/commands/library/words.js");
  const file = fileURLToPath(new URL("../../../examples/charters/glen-cluster.yaml", import.meta.url));
  const glen = loadCharter(file);
  const text = (change: Partial<Charter>): string => charterBytes({ ...glen, ...change }).toString("utf8");
  const target = { path: "charters/glen-cluster.json", before: text({}) } as const;
  const told = (one: object, hasPolicy = false): string =>
    changesText({
      ...{
        digest: "",
        files: [],
        queries: [],
        unchanged: 0,
        unreviewed: [],
        acceptances: [],
        keys: [],
        hasPolicy,
      },
      targets: [one as never],
    });
  t.match(
    told({ ...target, is: "changed", after: text({ purpose: "Another purpose." }) }),
    /Changed: charters\/glen-cluster\.json\n {2}.*\(widens\)\n {4}was: .*\n {4}is: {2}Another purpose\./,
  );
  t.match(told({ ...target, is: "gone", after: null }), /^Taken out: charters\/glen-cluster\.json\n/);

  const asks = { ...target, is: "changed", after: text({ witness: "required" }) };
  const waits = /asks for witnesses, and the library names none.*cairn library add --policy FILE/;
  t.match(told(asks), waits);
  t.match(told({ ...asks, is: "new", before: null }), waits);
  t.notMatch(told(asks, true), /names none/);
  t.notMatch(told({ ...target, is: "changed", after: text({ witness: "not-required" }) }), /names none/);
  t.match(
    told({ path: "witness-policy", is: "gone", before: "", after: null }),
    /then waits at every practice/,
  );
});

t.test("a first library: init, add, sign, sign", async (t) => {
  const pub = (name: string): string => at(`keys/${name}.pub`);
  const who = ["--root", ...[ANN, GIL, "Cat Root"].map(pub), "--signer", ...[ANN, GIL].map(pub)];
  const init = await library("init", ...LIB, ...who, "--hub", at("hub.pub"));
  t.match(init.out, `May now say who signs: ${ANN} (clinical)`);
  t.match(init.out, /To be signed: 1\.root\.json/);
  t.match(
    (await library("status", ...LIB)).out,
    /To do: cairn library add --queries FOLDER.*\nNothing is published yet/,
  );
  const charter = fileURLToPath(new URL("../../../examples/charters/glen-cluster.yaml", import.meta.url));
  const add = await library("add", ...LIB, "--queries", queries("v1", "1.0.0"), "--charter", charter);
  t.match(
    add.out,
    /New: smokers@1\.0\.0, People who smoke\n {2}How many people smoke\?\nNew: charters\/glen-cluster\.json\n {2}.*glen-cluster/,
  );
  t.match(add.said, "Next: each who is asked gives cairn library sign --key NAME.key");

  const unmeant = await library("sign", ...LIB, "--key", at(`keys/${ANN}.key`), ...PASS);
  t.match(unmeant, { error: /say --yes if it is meant/, kind: "wrong-use" });
  t.match(unmeant.out, /New: smokers@1\.0\.0/, "what would change is told first");
  for (const { out } of [add, unmeant])
    t.match(out, /^Not yet reviewed by a clinician: 1 query \(smokers\)\. .*reviewed_by/m);
  write("wrong.txt", "four words of yours");
  const wrong = await library(
    "sign",
    ...LIB,
    "--key",
    at(`keys/${ANN}.key`),
    "--passphrase-file",
    at("wrong.txt"),
    "--yes",
  );
  t.match(wrong, { error: `the passphrase does not open the key of ${ANN}`, kind: "wrong-use" });

  const first = await sign(ANN);
  t.match(first.out, /Signed: 1\.root\.json, 1\.targets\.json\./);
  t.match(first.said, `Next: 1.root.json needs the signature of one of ${GIL}, Cat Root.`);
  t.match((await library("status", ...LIB)).out, `To do: 1.targets.json needs the signature of ${GIL}`);
  t.match(await sign(ANN), { error: `${ANN} has signed it already`, kind: "refused" });
  const second = JSON.parse((await sign(GIL, "--json")).out) as object;
  t.same(second, { files: ["1.root.json", "1.targets.json"], left: null, missing: [] });
  publish(1);
  t.match(
    (await library("status", ...LIB)).out,
    /^Nothing to do\.\nPublished: version 1, 1 query in force\.\nThe library holds until/,
  );
});

t.test("a new version is told in the words of query diff, and its author does not sign it", async (t) => {
  const same = await library("add", ...LIB, "--queries", queries("v1b", "1.0.0", 16));
  t.match(same, { error: /^smokers@1\.0\.0 is in force and says something else now/, kind: "does-not-hold" });
  const add = await library("add", ...LIB, "--queries", queries("v2", "2.0.0", 16, ANN));
  t.match(add.out, /New version: smokers@2\.0\.0, beside smokers@1\.0\.0[\s\S]*was: .*18[\s\S]*is: .*16/);
  t.match(add.out, /Stays in force, until it is retired: smokers@1\.0\.0/);
  t.match(await sign(ANN), { error: `${ANN} wrote smokers@2.0.0: somebody else signs`, kind: "refused" });
  await sign(GIL);
  const other = await library("add", ...LIB, "--queries", queries("v2", "2.0.0", 16));
  t.match(other.said, `What ${GIL} had signed was changed by this: they are asked to sign again.`);
  await sign(ANN);
  await sign(GIL);
  publish(2);
  const retire = await library("add", ...LIB, "--retire", "smokers@1.0.0");
  t.match(retire.out, /In force no more: smokers@1\.0\.0/);
  await sign(ANN);
  await sign(GIL);
  publish(3);
  const json = JSON.parse((await library("status", ...LIB, "--json")).out) as object;
  t.match(json, { tasks: [], version: 3, queries: ["smokers@2.0.0"] });
});

t.test("who may sign: one leaves, one comes, and what they signed is signed anew", async (t) => {
  await library(
    "key",
    "new",
    "Dr Otto",
    "--kind",
    "clinical",
    "--dir",
    at("keys"),
    ...PASS,
    "--work-factor",
    "2",
  );
  const pub = at("keys/Dr Otto.pub");
  const rotate = await library("rotate", ...LIB, "--remove", ANN, "--root", pub, "--signer", pub);
  t.match(rotate.out, `May no longer sign the library: ${ANN} (clinical)`);
  t.match(rotate.out, /To be signed: 2\.root\.json, 4\.targets\.json/);
  for (const name of [GIL, "Dr Otto", "Cat Root"]) await sign(name);
  publish(4);
  t.match((await sign(ANN)).error, /nothing waits for a signature/);
  const renewed = await library("renew", ...LIB);
  t.match(
    renewed.out,
    /Nothing changes: it only holds for longer\.\nAs before: 1 query\nNot yet reviewed .*\nTo be signed: 5\.targets\.json/,
  );
  for (const name of [GIL, "Dr Otto"]) await sign(name);
  publish(5);
});

t.test(
  "export and verify: what goes by file is checked without a hub, from a root that is trusted",
  async (t) => {
    await library("export", ...LIB, "--out", at("library.cairn"));
    await library("export", ...LIB, "--root", "--out", at("root.json"));
    for (const what of [at("library.cairn"), at("lib")]) {
      const { out } = await library("verify", what, "--root", at("root.json"));
      t.match(out, `Version 5 is whole, and signed by ${GIL} and Dr Otto: 1 query, 2 files.`);
      t.match(out, /It holds until .*, under root 2\./);
    }
    const json = JSON.parse(
      (await library("verify", at("lib"), "--root", at("root.json"), "--json")).out,
    ) as object;
    t.match(json, {
      version: 5,
      root_version: 2,
      signers: [GIL, "Dr Otto"],
      queries: [{ query: "smokers" }],
    });
    const delivery = readFileSync(at("library.cairn"), "utf8");
    writeFileSync(at("library.cairn"), delivery.replace("People who smoke", "People who smell"));
    const altered = await library("verify", at("library.cairn"), "--root", at("root.json"));
    t.match(altered, { error: /is not the file that was signed/, kind: "refused", out: "" });
  },
);

t.test("a passphrase is typed twice, and never shown", async (t) => {
  const terminal = (...typed: string[]) => {
    const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined });
    const shown: string[] = [];
    const stderr = {
      write: (text: string) => (shown.push(text), typed.length > 0 && stdin.write(`${typed.shift()}\r`)),
    };
    return { stdin, stderr, shown };
  };
  const twice = terminal("four words of mine", "", "four words of mine");
  t.equal(await newPassphraseFor("Passphrase: ", undefined, twice), "four words of mine");
  t.same(twice.shown, ["Passphrase: ", "\n", "The same again: ", "\n"]);
  await t.rejects(newPassphraseFor("Passphrase: ", undefined, terminal("one", "", "other")), {
    message: /were not the same, and nothing was done/,
  });
});

t.test("a policy in which nobody has to sign, or only the log itself, is not added", async (t) => {
  const key = createPublicKey(generateKeyPairSync("ed25519").privateKey);
  const vkey = (use: KeyUse): string => vkeyOf({ name: "hub.example", key }, use);
  const policies: [string, RegExp][] = [
    ["quorum none\n", /no policy of witnesses.*its quorum is none/],
    [`witness A ${vkey("witness")}\nquorum A\n`, /no policy of witnesses.*A has the key of a log/],
  ];
  for (const [text, words] of policies) {
    write("witness-policy", `log ${vkey("log")}\n${text}`);
    t.match(await library("add", ...LIB, "--policy", at("witness-policy")), { error: words });
  }
});
