import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import t from "tap";
import type { Test } from "tap";
import { PRACTICES, SyntheticError, writePractice } from "../src/index.js";
import type { PracticeOptions, PracticeSummary } from "../src/index.js";

const USUAL = { patients: 250, eventsPerPatient: 120, seed: "a", until: "2025-03-31", practice: "Stonegarth Surgery", format: "journal" } as const; // prettier-ignore

async function written(
  t: Test,
  change: Partial<PracticeOptions>,
): Promise<{ out: string; told: PracticeSummary }> {
  const out = change.out ?? t.testdir();
  return { out, told: await writePractice({ ...USUAL, ...change, out }) };
}

function bytesIn(folder: string): string {
  const hash = createHash("sha256");
  for (const name of readdirSync(folder).sort()) hash.update(name).update(readFileSync(join(folder, name)));
  return hash.digest("hex");
}

function rows(folder: string, name: string): Record<string, string>[] {
  const [head = "", ...lines] = readFileSync(join(folder, name), "utf8").trimEnd().split("\n");
  const keys = head.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((field, i) => [keys[i] ?? "", field])));
}

t.test("the same seed gives the same bytes, another seed another practice", async (t) => {
  const first = bytesIn((await written(t, {})).out);
  t.equal(bytesIn((await written(t, {})).out), first);
  t.not(bytesIn((await written(t, { seed: "b" })).out), first);
  t.not(bytesIn((await written(t, { practice: "Quarry Brow Surgery" })).out), first);
});

t.test("a compressed practice is the same practice", async (t) => {
  const folder = t.testdir();
  const plain = await written(t, { out: join(folder, "plain") });
  const zipped = await written(t, { gzip: true, out: join(folder, "zipped") });
  const unzipped = gunzipSync(readFileSync(join(zipped.out, "events.csv.gz")));
  t.ok(unzipped.equals(readFileSync(join(plain.out, "events.csv"))));
});

t.test("the wanted number of events is reached, from a thin extract to a thick one", async (t) => {
  for (const eventsPerPatient of [50, 120, 600]) {
    const { told, out } = await written(t, { eventsPerPatient, patients: 500, out: t.testdir() });
    const share = told.events / told.patients / eventsPerPatient;
    t.ok(
      share > 0.9 && share < 1.1,
      `${eventsPerPatient} asked for, ${Math.round(share * 100)} % of it written`,
    );
    t.equal(rows(out, "events.csv").length, told.events, "and the count told is the count written");
  }
});

t.test("events stand by patient and day, inside a stay on the list, and never after death", async (t) => {
  const { out, told } = await written(t, { patients: 400 });
  const people = new Map(rows(out, "patients.csv").map((row) => [row.patient_id ?? "", row]));
  const stays = grouped(rows(out, "registrations.csv"));
  let before = "";
  for (const event of rows(out, "events.csv")) {
    const { patient_id: id = "", date = "" } = event;
    const person = people.get(id);
    const key = `${id} ${date}`;
    const listed = (stays.get(id) ?? []).some(
      (s) => (s.start ?? "") <= date && (s.end === "" || (s.end ?? "") >= date),
    );
    const alive = !person?.date_of_death || date <= person.date_of_death;
    if (key < before || !listed || !alive || date < told.from || date > told.until)
      t.fail(`${key} is out of place`);
    before = key;
  }
  t.ok(
    [...stays.values()].some((each) => each.length > 1),
    "somebody left and came back",
  );
  t.ok(
    [...people.values()].some((each) => each.date_of_death),
    "somebody died",
  );
});

t.test("patient i is the same person whatever the number of patients", async (t) => {
  const few = rows((await written(t, { patients: 20 })).out, "events.csv");
  const many = rows((await written(t, { patients: 60 })).out, "events.csv");
  t.same(many.slice(0, few.length), few);
});

t.test("records are as untidy as real ones", async (t) => {
  const { out } = await written(t, {
    patients: 400,
    eventsPerPatient: 900,
    practice: "Larkrigg Medical Practice",
  });
  const events = rows(out, "events.csv");
  const old = (year: string): number => {
    const of = events.filter((row) => row.system !== "dmd" && row.date?.startsWith(year));
    return of.filter((row) => row.system === "read2" || row.system === "ctv3").length / of.length;
  };
  t.ok(old("2016") > 0.02, "old codes before 2018");
  t.ok(old("2024") < old("2016") / 4 && old("2024") > 0, "that fall to a few in a hundred of what they were");
  t.ok(
    events.some((row) => row.comparator !== ""),
    "numbers with a comparator",
  );
  t.ok(
    events.some((row) => row.value !== "" && row.unit === ""),
    "numbers without a unit",
  );
  t.ok(
    events.some((row) => row.value !== "" && row.unit === "%" && row.code === "999791000000106"),
    "HbA1c in per cent",
  );
  const declined = ["716031000000106", "716771000000106"]; // diabetes, hypertension: informed dissent
  t.ok(
    events.some((row) => declined.includes(row.code ?? "")),
    "people who declined",
  );
});

t.test("what cannot be made is refused in one line", async (t) => {
  for (const wrong of [
    { until: "2025-02-30" },
    { patients: 0 },
    { eventsPerPatient: 3 },
    { format: "pdf" as "journal" },
  ]) {
    const error = await writePractice({ ...USUAL, ...wrong, out: t.testdir() }).catch(
      (error: unknown) => error,
    );
    t.type(error, SyntheticError);
    t.notMatch((error as Error).message, /\n/);
  }
});

t.equal(Object.keys(PRACTICES).length, 8, "the demonstration has eight practices");

const [OPTED_OUT, WITHDRAWN] = ["827241000000103", "827261000000102"];

function grouped(rows: Record<string, string>[]): Map<string, Record<string, string>[]> {
  const groups = new Map<string, Record<string, string>[]>();
  for (const row of rows)
    groups.set(row.patient_id ?? "", [...(groups.get(row.patient_id ?? "") ?? []), row]);
  return groups;
}

t.test("nightly deltas tell of people who leave, come back, prove to be one, die and do not", async (t) => {
  const out = t.testdir();
  const again = t.testdir();
  const change = { format: "emis", patients: 600, eventsPerPatient: 60, optOuts: true } as const;
  await written(t, { ...change, deltas: 6, out });
  await written(t, { ...change, deltas: 6, out: again });
  const nights = readdirSync(out);
  t.same(nights.sort(), ["2025-03-25", "2025-03-26", "2025-03-27", "2025-03-28", "2025-03-29", "2025-03-30", "2025-03-31"]); // prettier-ignore
  t.same(nights.map((night) => bytesIn(join(out, night))), nights.map((night) => bytesIn(join(again, night)))); // prettier-ignore
  const rowsOf = (night: string, table: string): Record<string, string>[] => {
    const name = readdirSync(join(out, night)).find((each) => each.includes(`_${table}_`)) ?? "";
    const lines = readFileSync(join(out, night, name), "utf8")
      .trimEnd()
      .split("\r\n");
    const [header = [], ...rows] = lines.map((line) => line.slice(1, -1).split('","'));
    return rows.map((row) => Object.fromEntries(header.map((column, i) => [column, row[i] ?? ""])));
  };
  const [bulk, ...deltas] = nights.map((night) => rowsOf(night, "Admin_Patient"));
  const died = new Map((bulk ?? []).map((row) => [row.PatientGuid ?? "", row.DateOfDeath ?? ""]));
  const seen = { left: 0, back: 0, died: 0, undied: 0, new: 0 };
  const away = new Set<string>();
  for (const row of deltas.flat()) {
    const guid = row.PatientGuid ?? "";
    if (row.Deleted === "true") {
      seen.left++;
      away.add(guid);
      continue;
    }
    if (away.delete(guid)) seen.back++;
    if (!died.has(guid)) seen.new++;
    else if (row.DateOfDeath !== "" && died.get(guid) === "") seen.died++;
    else if (row.DateOfDeath === "" && died.get(guid) !== "") seen.undied++;
    died.set(guid, row.DateOfDeath ?? "");
  }
  t.ok(seen.left > seen.back && seen.back > 0 && seen.died > 0 && seen.undied > 0, JSON.stringify(seen));
  const tombstones = nights.flatMap((night) => rowsOf(night, "CareRecord_Observation")).filter((row) => row.Deleted === "true"); // prettier-ignore
  t.ok(tombstones.some((row) => row.PatientGuid === "") && tombstones.some((row) => row.PatientGuid !== ""));
  const choices = (night: string, concept: string): number => {
    const id = rowsOf(night, "Coding_ClinicalCode").find((row) => row.SnomedCTConceptId === concept)?.CodeId;
    return rowsOf(night, "CareRecord_Observation").filter((row) => row.CodeId === id).length;
  };
  const [first, last] = [nights[0]!, nights.at(-1)!];
  t.ok(choices(first, OPTED_OUT) > choices(first, WITHDRAWN) && choices(first, WITHDRAWN) > 0);
  t.ok(
    choices(last, OPTED_OUT) > 0 && choices(last, WITHDRAWN) > 0,
    "one opts out in the last night, one in again",
  );
  const marked = (column: string): number => (bulk ?? []).filter((row) => row[column] === "true").length;
  t.ok(marked("SpineSensitive") > 0 && marked("IsConfidential") > 0 && marked("IsConfidential") < 10);
  await t.rejects(written(t, { deltas: 2 }), { code: "bad-option" }, "a journal has no deltas");
  await t.rejects(written(t, { ...change, deltas: 61 }), { code: "bad-option" });
});
