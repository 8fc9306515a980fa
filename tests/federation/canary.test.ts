/**
 * H2, H11, H13: unmistakable things are planted in a practice's records and in a reason for taking numbers back,
 * everything runs, and every byte that crosses the Unix socket and the hub's port (before encryption) is kept, beside
 * the hub's database and what hub and courier print. None of them may be there, in any dress, no exact small count,
 * and no reason for which a cell was withheld. Of three people alike, of whom one opted out and one is marked as confidential
 * by the extract, these two are in none of the sets that disclosure control was handed.
 */
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import protobuf from "protobufjs";
import t, { type Test } from "tap";
import { decodeEntry, REASONS } from "@cairn/disclosure";
import { openDatabase } from "@cairn/sqlite";
import { Federation, type Service } from "@cairn/demo";
import { grpcMessages, relaySocket, relayTls, type Relay } from "@cairn/testkit";
import { command, mustRun } from "../../packages/cli/test/fixtures/command.js";
import { someQueries } from "../../packages/hub/test/some-queries.js";
import { OptOuts } from "@cairn/wire";
import { PATIENCE_MS, within } from "../faults/trials.js";

const GROUP = "canary";
const QUERIES = ["hypertension-register", "bp-control", "diabetes-hba1c-58", "three-or-more-consultations"];
const PERIODS = 3;
const UNTIL = "2026-10-31";

/** What is planted, none of which occurs anywhere else. */
const CANARIES = {
  patient: "CANARY-PATIENT-QZX7731",
  optedOut: "CANARY-OPTED-OUT-QZX7732",
  confidential: "CANARY-CONFIDENTIAL-QZX7733",
  number: "QZX-NUMBER-7731902",
  clinician: "CANARY-CLINICIAN-QZX",
  code: "QZX77310000001",
  row: "CANARY-ROW-QZX",
  unit: "qzxunits",
  birth: "1931-02-27",
  event: "2019-08-23",
  value: "7731.4159",
  why: "CANARY-WHY-QZX7731",
};

const folder = mkdtempSync(join(tmpdir(), "cairn-canary-"));
const library = someQueries(join(folder, "library"), QUERIES);
const federation = new Federation({ command, folder, group: GROUP, offlineAfter: 3600, library });
const relays: Relay[] = [];
const services: Service[] = [];

t.teardown(async () => {
  for (const service of services.reverse()) await service.stop();
  for (const relay of relays) await relay.close();
  await federation.stop();
  rmSync(folder, { recursive: true, force: true });
});

t.test("nothing planted in the records, and no exact small count, crosses a wall", async (t) => {
  await federation.initHub();
  await federation.startHub();
  const practice = federation.addPractice({
    name: "Canary Surgery",
    patients: 400,
    eventsPerPatient: 80,
    seed: 99,
    until: UNTIL,
  });
  const extract = join(practice.folder, "extract");
  await mustRun([
    "synth",
    "--patients",
    "400",
    "--events-per-patient",
    "80",
    "--seed",
    "99",
    "--until",
    UNTIL,
    "--out",
    extract,
  ]);
  plant(extract);
  await practice.must("agent", "init");
  await practice.must("agent", "rules", "--group", "any", "--set", "accept-signed");
  await practice.join();
  await practice.must("agent", "import", "--format", "journal", "--complete-to", UNTIL, extract);

  mark(join(practice.data, "keeper", "records.db"));

  const key = (file: string): string => readFileSync(join(federation.hubData, "keys", file), "utf8");
  const port = await relayTls(Number(federation.addresses.grpc.split(":").at(-1)), {
    hub: {
      key: key("server.key"),
      cert: ["server.crt", "issuer.crt", "root.crt"].map(key).join("\n"),
      ca: key("root.crt"),
    },
    courier: () => courierKeys(practice.data),
  });
  const socket = join(practice.folder, "relayed.sock");
  const keeperSocket = join(practice.folder, "keeper.sock");
  relays.push(port, await relaySocket(socket, keeperSocket));
  federation.addresses = { ...federation.addresses, grpc: `127.0.0.1:${port.port}` };
  await federation.enrol(practice);
  for (const args of [
    ["keeper", "--socket", keeperSocket],
    ["courier", "--socket", socket],
  ]) {
    const run = ["agent", ...args, "--data", practice.data];
    services.push((await command.start(args[0] as string, run)).service);
  }
  await federation.mustHub(
    ...[
      "schedule",
      "add",
      "--group",
      GROUP,
      "--query",
      ...QUERIES,
      "--every",
      "quarter",
      "--periods",
      `${PERIODS}`,
    ],
    ...["--until", "2026-09-30"],
  );
  t.ok(
    await within(PATIENCE_MS, () => countAtHub("release") === QUERIES.length * PERIODS),
    `everything is released\n${services.map((s) => s.log).join("\n")}`,
  );

  const { runs } = JSON.parse(await practice.must("agent", "status", "--json")) as {
    runs: { run: string }[];
  };
  const { run } = runs[0]!;
  await practice.must("agent", "withdraw", run, "--why", `${CANARIES.why} of ${CANARIES.patient}`);
  t.ok(
    await within(PATIENCE_MS, () => countAtHub("withdrawal WHERE run = ?", run) === 1),
    `the hub hears that it is withdrawn\n${services.map((s) => s.log).join("\n")}`,
  );

  const streams = relays.flatMap((relay) => relay.bytes());
  const atHub = ["hub.db", "hub.db-wal"].map((file) => join(federation.hubData, file)).filter(existsSync);
  const said = [federation.hub?.log ?? "", ...services.map((service) => service.log)];
  const told = await Promise.all([
    federation.mustHub("hub", "export"),
    federation.mustHub("hub", "comparison", "--group", GROUP, "--json"),
  ]);
  const all = Buffer.concat([
    ...streams,
    ...atHub.map((file) => readFileSync(file)),
    ...[...said, ...told].map((text) => Buffer.from(text)),
  ]);
  t.ok(said.join("").includes("to answer"), "the keeper's own log is among what is searched");
  t.ok(all.includes("hypertension-register"), "the relays see what crosses in clear");
  t.ok(all.length > 10_000);
  for (const [what, canary] of Object.entries(CANARIES)) {
    for (const dress of dresses(canary))
      t.notOk(
        all.includes(dress),
        `no ${what} as ${/^[\x20-\x7e]+$/.test(dress.toString("latin1")) ? dress.toString() : dress.toString("hex")}`,
      );
  }

  whyWithheld(t, join(practice.data, "keeper", "keeper.db"), all);
  leftOut(t, join(practice.data, "keeper"));

  const releases = streams.flatMap(grpcMessages).flatMap(releasesIn);
  t.ok(releases.length >= 2 * QUERIES.length * PERIODS, "each release crosses both walls");
  const kept = releasesAtHub();
  t.equal(kept.length, QUERIES.length * PERIODS, "what was withdrawn is kept, too");
  const codes = [...releases, ...kept].flatMap(({ denominator, numerator }) => [
    ...denominator,
    ...numerator,
  ]);
  t.ok(codes.includes(0), "something is withheld");
  t.ok(codes.some((code) => code > 1));
  const numbers = codes.filter((code) => code > 0).map((code) => code - 1);
  t.same(
    numbers.filter((n) => n % 5 !== 0 || (n > 0 && n < 10)),
    [],
    "only zero and rounded numbers of at least ten",
  );
});

/** The practice knows why each cell was withheld; nobody else has a word of it. */
function whyWithheld(t: Test, database: string, all: Buffer): void {
  const db = openDatabase(database, { readonly: true, check: false });
  const reasons = db.prepare<[], string>("SELECT DISTINCT reason FROM withheld").pluck().all();
  db.close();
  t.ok(reasons.length > 1, `there are several reasons: ${reasons.join(", ")}`);
  for (const reason of REASONS)
    for (const dress of dresses(reason)) t.notOk(all.includes(dress), `no ${reason}`);
}

/** What a journal cannot say of people, and other formats do. */
function mark(records: string): void {
  const db = openDatabase(records, { check: false });
  const { patient, confidential, number } = CANARIES;
  db.prepare("UPDATE patient SET number = ? WHERE practice_id = ?").run(number, patient);
  const marked = db.prepare("UPDATE patient SET confidential = 1 WHERE practice_id = ?").run(confidential);
  db.close();
  if (marked.changes !== 1) throw new Error("nobody was marked");
}

/** Who is behind what was released: the person who opted out is not, nor is the confidential one, whereas the one who is alike is. */
function leftOut(t: Test, keeper: string): void {
  const read = <Row>(file: string, sql: string): Row[] => {
    const db = openDatabase(join(keeper, file), { readonly: true, check: false });
    const rows = db.prepare<[], Row>(sql).pluck().all();
    db.close();
    return rows;
  };
  const keyOf = (id: string): number =>
    read<number>("records.db", `SELECT key FROM patient WHERE practice_id = '${id}'`)[0]!;
  const [known, out, marked] = [CANARIES.patient, CANARIES.optedOut, CANARIES.confidential].map(keyOf);
  const entries = read<Buffer>("keeper.db", "SELECT entry FROM release_history").map(decodeEntry);
  const sets = entries.flatMap(({ cells }) =>
    cells.flatMap(({ denominator, numerator }) => [denominator.members, numerator.members]),
  );
  t.ok(sets.length > 100, `${sets.length} sets of people`);
  t.ok(sets.filter((set) => set.includes(known!)).length > QUERIES.length * PERIODS, "the one is counted");
  t.equal(sets.filter((set) => set.includes(out!)).length, 0, "the one who opted out is in no set");
  t.equal(sets.filter((set) => set.includes(marked!)).length, 0, "the confidential one is in no set");
  const marks = read<number>("keeper.db", "SELECT opt_outs FROM release");
  t.same(
    new Set(marks),
    new Set([Object.keys(OptOuts).indexOf("OPT_OUTS_LEFT_OUT")]),
    "and every release says so",
  );
}

function releasesAtHub(): Codes[] {
  const db = openDatabase(join(federation.hubData, "hub.db"), { readonly: true, check: false });
  const bytes = db.prepare<[], Buffer>("SELECT bytes FROM release").pluck().all();
  db.close();
  return bytes.map((release) => decode("Release", release) as Codes);
}

/** What the hub's database says, read beside the hub: asking by command takes longer than a run. */
function countAtHub(sql: string, ...bind: string[]): number {
  const db = openDatabase(join(federation.hubData, "hub.db"), { readonly: true, check: false });
  const count = db
    .prepare<string[], number>(`SELECT count(*) FROM ${sql}`)
    .pluck()
    .get(...bind);
  db.close();
  return count ?? 0;
}

/** Three patients of canaries, registered and with hypertension, so that they are among those counted; one opted out. */
function plant(extract: string): void {
  plantOne(extract, CANARIES.patient, CANARIES.row);
  plantOne(extract, CANARIES.optedOut, `${CANARIES.row}-out`);
  plantOne(extract, CANARIES.confidential, `${CANARIES.row}-confidential`);
  const said = { system: "read2", code: "9Nu0.", row_id: `${CANARIES.row}-out-3` };
  add(extract, "events.csv", { patient_id: CANARIES.optedOut, date: CANARIES.event, ...said });
}

function plantOne(extract: string, patient: string, row: string): void {
  const { birth, event, code, value, unit, clinician } = CANARIES;
  add(extract, "patients.csv", {
    patient_id: patient,
    date_of_birth: birth,
    sex: "female",
    practice: practiceOf(extract),
  });
  add(extract, "registrations.csv", { patient_id: patient, start: "2001-02-03" });
  const at = { patient_id: patient, date: event, system: "local", clinician, row_id: row };
  add(extract, "events.csv", { ...at, code, value, unit });
  add(extract, "events.csv", { ...at, system: "snomed", code: "38341003", row_id: `${row}-2` });
}

function header(extract: string, file: string): string[] {
  return (readFileSync(join(extract, file), "utf8").split(/\r?\n/, 1)[0] ?? "").split(",");
}

function practiceOf(extract: string): string {
  const line = readFileSync(join(extract, "patients.csv"), "utf8").split(/\r?\n/, 2)[1] ?? "";
  return line.split(",")[header(extract, "patients.csv").indexOf("practice")] ?? "";
}

function add(extract: string, file: string, fields: Record<string, string>): void {
  const line = header(extract, file).map((column) => fields[column] ?? "");
  appendFileSync(join(extract, file), `${line.join(",")}\n`);
}

function courierKeys(data: string): { key: string; cert: string } | null {
  try {
    const read = (file: string): string => readFileSync(join(data, "courier", file), "utf8");
    return { key: read("key.pem"), cert: read("certificate.pem") };
  } catch {
    return null; // not enrolled yet
  }
}

/** The ways in which a text can travel: as it is, two bytes a letter, in hex, in base64 at each offset, and as a float. */
function dresses(canary: string): Buffer[] {
  const bytes = Buffer.from(canary);
  const base64 = [0, 1, 2].map((skip) =>
    bytes.subarray(skip).toString("base64").replace(/=+$/, "").slice(0, -2),
  );
  const texts = [canary, canary.toLowerCase(), bytes.toString("hex"), ...base64, canary.replaceAll("-", "")];
  const number = Number(canary);
  return [
    ...texts.map((text) => Buffer.from(text)),
    Buffer.from(canary, "utf16le"),
    ...(Number.isNaN(number)
      ? []
      : [Buffer.from(new Float64Array([number]).buffer), Buffer.from(new Float32Array([number]).buffer)]),
  ];
}

interface Codes {
  readonly denominator: number[];
  readonly numerator: number[];
}

const proto = new protobuf.Root();
proto.resolvePath = (_origin, target) => new URL(`../../proto/${target}`, import.meta.url).pathname;
proto.loadSync(["cairn/v1/hub.proto", "cairn/v1/keeper.proto"]);

/** The releases in a message that carries any: what the keeper hands over, and what the courier submits. */
function releasesIn(message: Buffer): Codes[] {
  return ["SubmitRequest", "TakeReleaseReply"].flatMap((name) => {
    const plain = tryDecode(name, message);
    const signed = [...(plain?.releases ?? []), ...(plain?.release ? [plain.release] : [])];
    return signed
      .filter((one) => one.signature?.length === 64 && one.queryDigest?.length === 32) // no other message read as this one
      .map((one) => decode("Release", one.release) as Codes);
  });
}

interface Carrier {
  readonly releases?: Carried[];
  readonly release?: Carried;
}

interface Carried {
  readonly signature?: Uint8Array;
  readonly queryDigest?: Uint8Array;
  readonly release: Uint8Array;
}

function tryDecode(name: string, message: Uint8Array): Carrier | null {
  try {
    return decode(name, message) as Carrier;
  } catch {
    return null; // another message
  }
}

function decode(name: string, message: Uint8Array): unknown {
  const type = proto.lookupType(`cairn.v1.${name}`);
  return type.toObject(type.decode(message), { arrays: name === "Release" });
}
