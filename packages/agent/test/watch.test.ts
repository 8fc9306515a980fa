/** The watch takes each extract once, oldest first, never after a gap, and leaves the store as it was where one fails. */
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, relative } from "node:path";
import { feedLines, feedProblems, keeperFolder, keeperStatus, KeeperStore } from "@cairn/keeper";
import { examine } from "@cairn/agent/doctor";
import { layoutOf } from "@cairn/agent/layout";
import { statusOf } from "@cairn/agent/status";
import { takeRecords } from "@cairn/agent/take-records";
import { endWatch } from "@cairn/agent/watch";
import { openRecords } from "@cairn/records";
import t from "tap";
import {
  daysAgo,
  files,
  held,
  look,
  newAgent,
  newFolder,
  Practice,
  put,
  withRecords,
} from "./fixtures/nights.js";

t.setTimeout(280_000);

const FIRST = 40;

/** A folder with a bulk and so many deltas after it, and what their end is. */
function nights(count: number, people = 100): { folder: string; practice: Practice; end: string[] } {
  const folder = newFolder();
  const practice = new Practice(people);
  const day = (n: number): string => daysAgo(FIRST - n);
  put(folder, day(0), files(practice.bulk(), "bulk", day(0)));
  for (let n = 1; n <= count; n++) put(folder, day(n), files(practice.night(n), "delta", day(n)));
  return { folder, practice, end: [] };
}

/** What an agent holds that takes one bulk of the last night. */
async function asOneBulk(practice: Practice, day: string): Promise<string[]> {
  const [folder, data] = [newFolder(), newAgent()];
  put(folder, day, files(practice.bulk(), "bulk", day));
  await look(folder, data);
  return held(data);
}

function feed(data: string) {
  const store = KeeperStore.open(keeperFolder(data));
  try {
    return keeperStatus(store).feed;
  } finally {
    store.close();
  }
}

t.test("thirty nights, a look each, hold what one bulk of the last night holds", async (t) => {
  const [folder, data, practice] = [newFolder(), newAgent(), new Practice(100)];
  put(folder, daysAgo(FIRST), files(practice.bulk(), "bulk", daysAgo(FIRST)));
  t.same((await look(folder, data)).taken, [daysAgo(FIRST)]);
  for (let n = 1; n <= 30; n++) {
    const day = daysAgo(FIRST - n);
    put(folder, day, files(practice.night(n), "delta", day));
    t.same((await look(folder, data, { keep: 5 })).taken, [day]);
    if (n % 10 === 0) t.same((await look(folder, data)).taken, [], "and nothing twice");
  }
  t.same(held(data), await asOneBulk(practice, daysAgo(10)));
  t.equal(readdirSync(folder).length, 5, "and five stay");
  t.match(feed(data), { problem: null, waits: null, taken: { moment: daysAgo(10) } });
});

t.test("extracts that come at once, out of order and twice are taken once, oldest first", async (t) => {
  const { folder, practice } = nights(6);
  const days = readdirSync(folder).sort();
  for (const [i, day] of days.entries()) renameSync(join(folder, day), join(folder, `${9 - i} of ${day}`)); // names tell no order
  const data = newAgent();
  const { taken, error } = await look(folder, data);
  t.equal(error, null);
  t.same(
    taken,
    days.map((day, i) => `${9 - i} of ${day}`),
  );
  cpSync(join(folder, `6 of ${days[3]}`), join(folder, "copy"), { recursive: true });
  t.match(await look(folder, data), { taken: [], error: null, left: ["copy"] });
  t.same(held(data), await asOneBulk(practice, daysAgo(FIRST - 6)));
});

t.test("a gap stops it, which says the day, until what is missing comes, or a new bulk", async (t) => {
  const { folder, practice } = nights(6);
  const aside = newFolder();
  const day = (n: number): string => daysAgo(FIRST - n);
  for (const n of [3, 4]) renameSync(join(folder, day(n)), join(aside, day(n)));
  const data = newAgent();
  const first = await look(folder, data);
  t.same(first.taken, [day(0), day(1), day(2)]);
  t.match(
    first.error,
    new RegExp(`^the extracts complete to ${day(3)} through ${day(4)} are missing.*next here is ${day(5)}`),
  );
  t.match(first.error, /cairn agent import .* --format journal --whole PATH/);
  t.match(feedProblems(feed(data)!, Date.now()), [/^Extracts are not taken, since .* are missing/]);
  const before = held(data);
  renameSync(join(aside, day(4)), join(folder, day(4)));
  const second = await look(folder, data);
  t.match(second.error, new RegExp(`^the extract complete to ${day(3)} is missing`));
  t.same(held(data), before, "nothing after a gap is taken");

  const other = newAgent();
  cpSync(data, other, { recursive: true });
  renameSync(join(aside, day(3)), join(folder, day(3)));
  t.same((await look(folder, data)).taken, [3, 4, 5, 6].map(day), "what was missing comes");
  t.equal(feed(data)?.problem, null);

  rmSync(join(folder, day(3)), { recursive: true });
  const bulk = put(newFolder(), "bulk", files(practice.bulk(), "bulk", day(6)));
  const flags = { data: other, format: "journal", system: "snomed", whole: true } as const;
  await takeRecords([bulk], flags, () => undefined); // as the message said
  t.match(
    await look(folder, other),
    { taken: [], error: null, waits: null },
    "it goes on from a bulk by hand",
  );
  t.same(held(other), held(data));
});

t.test(
  "a night that was skipped by hand is said, and once it came those after it are read again",
  async (t) => {
    const { folder, practice } = nights(1);
    const day = (n: number): string => daysAgo(FIRST - n);
    const late = practice.night(2);
    late.events.set("P3-e", `P3,${day(2)},22298006,77,P3-e,`); // what the night after it corrects
    const skipped = put(newFolder(), day(2), files(late, "delta", day(2)));
    const after = put(newFolder(), day(3), files(practice.night(3), "delta", day(3)));
    const end = await asOneBulk(practice, day(3));
    for (const again of ["by hand", "by the watch"]) {
      const data = newAgent();
      await look(folder, data);
      const flags = { data, format: "journal", system: "snomed" } as const;
      const byHand = async (path: string, more = {}) =>
        (await takeRecords([path], { ...flags, ...more }, () => undefined)).report;
      t.same((await byHand(after)).missing, { days: [day(2)], between: null });
      t.match(await byHand(after), { known: true, missing: null });
      const refused = byHand(skipped);
      await t.rejects(refused, /--older .* give those after it again, oldest first/);
      const { missing, notes } = await byHand(skipped, { older: true });
      t.equal(missing, null);
      t.match(notes.join(), /give the extracts after that day again, oldest first/);
      t.not(held(data).join(), end.join(), "the older one undid what came after it");
      if (again === "by hand") t.match(await byHand(after), { known: false, missing: null });
      else {
        const copy = newFolder();
        cpSync(after, join(copy, day(3)), { recursive: true });
        t.same((await look(copy, data)).taken, [day(3)]);
      }
      t.same(held(data), end, again);
    }
  },
);

t.test("a folder of another format than was said is named as that", async (t) => {
  const [folder, data] = [newFolder(), newAgent()];
  const night = "1004_Admin_Patient_20250401021500_695485FD-D038-9218-F6CC-6A843B308E25.csv";
  put(folder, "night", { [night]: "PatientGuid\n" });
  for (const format of ["journal", "systmone"])
    t.match((await look(folder, data, { format })).error, /^night: .*this looks like --format emis$/);
});

t.test("a bulk that comes after a gap is taken by itself, and what it does not hold goes", async (t) => {
  const { folder, practice } = nights(2);
  const data = newAgent();
  await look(folder, data);
  for (let n = 3; n <= 6; n++) practice.night(n);
  practice.night(7); // P27 leaves
  put(folder, "a delta", files(practice.night(8), "delta", daysAgo(FIRST - 8)));
  put(folder, "the bulk", files(practice.bulk(), "bulk", daysAgo(FIRST - 8)));
  t.same((await look(folder, data)).taken, ["the bulk"]);
  t.same(held(data), await asOneBulk(practice, daysAgo(FIRST - 8)));
});

t.test("a delta that reaches back far enough leaves no gap", async (t) => {
  const { folder, practice } = nights(2);
  const data = newAgent();
  await look(folder, data);
  const changes = practice.night(6);
  put(folder, "from 3", files(changes, "delta", daysAgo(FIRST - 6), { from: daysAgo(FIRST - 3) }));
  t.same((await look(folder, data)).taken, ["from 3"]);
  put(folder, "from 8", files(changes, "delta", daysAgo(FIRST - 9), { from: daysAgo(FIRST - 8) }));
  t.match(
    (await look(folder, data)).error,
    new RegExp(`^the extract complete to ${daysAgo(FIRST - 7)} is missing`),
  );
});

t.test("nothing begins with a delta", async (t) => {
  const { folder } = nights(1);
  rmSync(join(folder, daysAgo(FIRST)), { recursive: true });
  const data = newAgent();
  const read = {
    decrypt: "gpg --batch --decrypt",
    deprivation: ["a b.csv", "c.csv"],
    postcodeColumn: "pcds",
  };
  t.match(await look(folder, data, { ...read, registeredFrom: "birth" }), {
    taken: [],
    error:
      /holds only what changed.*take it in with cairn agent import --data \S+ --format journal --registered-from birth --decrypt 'gpg --batch --decrypt' --deprivation 'a b.csv' --deprivation c.csv --postcode-column pcds --whole PATH/,
  });
  t.equal(
    withRecords(data, (records) => records.version()),
    0,
  );
});

t.test(
  "one that is being written waits: by its time, by its manifest's list, and by what it lacks",
  async (t) => {
    const { folder, practice } = nights(1);
    const data = newAgent();
    const now = Date.now();
    t.match(await look(folder, data, { rest: 5, now }), {
      taken: [],
      error: null,
      waits: /is still being written/,
    });
    t.match(
      await look(folder, data, { rest: 5, now: now - 3_600_000 }),
      { waits: null },
      "an hour's change of the clock passes",
    );
    t.equal(feed(data)?.waits, null);

    const later = put(folder, "later", {});
    t.match(await look(folder, data), { taken: [], error: null, waits: null }, "an empty folder waits");
    const night = files(practice.night(2), "delta", daysAgo(FIRST - 2));
    const digest = createHash("sha256").update(night["events.csv"]!).digest("hex");
    const list = [{ name: "patients.csv" }, { name: "events.csv", sha256: digest }];
    night["manifest.json"] = JSON.stringify({ ...JSON.parse(night["manifest.json"]!), files: list });
    const { "events.csv": events, ...others } = night as Record<string, string> & { "events.csv": string };
    put(folder, "later", others);
    t.match(await look(folder, data), {
      taken: [],
      error: null,
      waits: /^later: 1 of the 2 files .* not there$/,
    });
    writeFileSync(join(later, "events.csv"), events.slice(0, 60));
    t.match(await look(folder, data), {
      taken: [],
      error: null,
      waits: /^later: events.csv is not the file that/,
    });
    writeFileSync(join(later, "events.csv"), events);
    writeFileSync(join(later, "more.part"), "");
    t.match(await look(folder, data), { taken: [], waits: /later is still being written/ });
    rmSync(join(later, "more.part"));
    t.same((await look(folder, data)).taken, ["later"]);
    t.match(
      feedLines(feed(data), now)[0],
      /^Extracts \(journal\) are taken from .*; the last, of .*, was taken at/,
    );
  },
);

t.test("one that is written to while it is read keeps nothing, and the next look takes it", async (t) => {
  const { folder } = nights(1);
  const data = newAgent();
  await look(folder, data, {});
  const before = held(data);
  const practice = new Practice(100);
  practice.night(1);
  const path = put(folder, "2", files(practice.night(2), "delta", daysAgo(FIRST - 2)));
  const { watchOnce } = await import("@cairn/agent/watch");
  const events = {
    progress: () => writeFileSync(join(path, "late.txt"), "x"),
    taken: () => undefined,
    now: Date.now,
  };
  const flags = { data, format: "journal", system: "snomed", rest: 0 } as const;
  await t.rejects(
    watchOnce(folder, flags, events),
    /^2 was written to while it was read; nothing was kept$|Error: 2 was written/,
  );
  t.same(held(data), before);
  t.same((await look(folder, data)).taken, ["2"]);
});

t.test(
  "half an extract, rows that are none, and a folder of something else stop it and keep nothing",
  async (t) => {
    const { folder, practice } = nights(1);
    const data = newAgent();
    await look(folder, data);
    const before = held(data);
    const night = files(practice.night(2), "delta", daysAgo(FIRST - 2));
    const half = put(folder, "half", { ...night, "events.csv": "SECRET-NAME,2024" });
    const stopped = await look(folder, data);
    t.match(stopped, { taken: [], error: /events\.csv/ });
    t.notMatch(stopped.error, /SECRET/, "and not a word of its content is said");
    t.notMatch(JSON.stringify(feed(data)), /SECRET/);
    t.same(held(data), before);
    put(folder, "half", night);
    t.same((await look(folder, data)).taken, ["half"], "the next look takes it");
    t.equal(existsSync(half), true);

    writeFileSync(join(folder, "broken.zip"), "PK\u0003\u0004");
    t.match((await look(folder, data)).error, /^broken\.zip: .* sound \.zip/);
    rmSync(join(folder, "broken.zip"));
    put(folder, "undated", { "events.csv": "patient_id,date,code\n" });
    t.match((await look(folder, data)).error, /^undated: it does not say of which day it is/);
    rmSync(join(folder, "undated"), { recursive: true });
    writeFileSync(join(folder, "events.csv"), "x");
    t.match((await look(folder, data)).error, /^events\.csv: it lies there by itself/);
    rmSync(join(folder, "events.csv"));
    t.match((await look(join(folder, "none"), data)).error, /none cannot be read \(ENOENT\)/);
  },
);

t.test("a night without any row is taken as one", async (t) => {
  const { folder } = nights(0);
  const data = newAgent();
  await look(folder, data);
  for (const n of [1, 2]) {
    const nothing = { patients: new Map(), registrations: new Map(), events: new Map() };
    put(folder, `${n}`, files(nothing, "delta", daysAgo(FIRST - n)));
    t.same((await look(folder, data)).taken, [`${n}`]);
    t.equal(
      withRecords(data, (records) => records.coversTo()),
      daysAgo(FIRST - n),
    );
  }
});

t.test(
  "while another load is under way it waits, and a keeper that answers is in nobody's way",
  async (t) => {
    const { folder, practice } = nights(1);
    const data = newAgent();
    await look(folder, data);
    put(folder, "2", files(practice.night(2), "delta", daysAgo(FIRST - 2)));
    const records = openRecords(keeperFolder(data));
    t.teardown(() => records.close());
    const source = records.source(); // an answer on its way
    const load = records.beginLoad(null);
    t.match(await look(folder, data), { taken: [], error: null, waits: "another load is under way" });
    load.abandon();
    t.same((await look(folder, data)).taken, ["2"]);
    const people = source.people().held?.reduce((sum, each) => sum + each, 0);
    t.equal(people, 101, "it still sees what it began with");
  },
);

t.test(
  "a bad extract, that loses more than a tenth, stops it, with the command to take it all the same",
  async (t) => {
    const { folder } = nights(1);
    const data = newAgent();
    await look(folder, data);
    const before = held(data);
    const half = new Practice(50);
    half.night(1);
    put(folder, "half of them", files(half.bulk(), "bulk", daysAgo(FIRST - 2)));
    const { error } = await look(folder, data);
    t.match(error, /^half of them: \d+ of 101 people, .* --whole --yes '.*half of them'$/);
    t.same(held(data), before);
    t.match(feed(data)?.problem?.words, /half of them/);
    const path = join(folder, "half of them");
    const flags = { data, format: "journal", system: "snomed", whole: true, yes: true } as const;
    await takeRecords([path], flags, () => undefined); // as it said
    t.match(await look(folder, data), { taken: [], error: null, waits: null });
    t.equal(feed(data)?.problem, null);
  },
);

t.test(
  "those that were taken stay, are moved or are deleted, as was said; one that was not taken never goes",
  async (t) => {
    const { folder } = nights(3);
    const data = newAgent();
    await look(folder, data);
    t.equal(readdirSync(folder).length, 4, "all stay");
    const moveTo = join(folder, "done");
    mkdirSync(moveTo);
    await look(folder, data, { keep: 3, moveTo });
    t.same(readdirSync(moveTo), [daysAgo(FIRST)]);
    put(moveTo, daysAgo(FIRST - 1), {});
    t.match((await look(folder, data, { keep: 2, moveTo })).error, /is there already, so .* was not moved/);
    rmSync(join(moveTo, daysAgo(FIRST - 1)), { recursive: true });
    put(folder, "gap", files(new Practice(1).night(9), "delta", daysAgo(FIRST - 9)));
    t.match((await look(folder, data, { keep: 0, moveTo })).error, /missing/);
    t.equal(existsSync(join(folder, "gap")), true);
    put(folder, "another", files(new Practice(1).night(1), "delta", daysAgo(FIRST - 1)));
    put(folder, daysAgo(FIRST - 3), files(new Practice(1).night(2), "delta", daysAgo(FIRST - 3)));
    rmSync(join(folder, "gap"), { recursive: true });
    put(folder, "taken", files(new Practice(1).night(4), "delta", daysAgo(FIRST - 4)));
    const { left, taken } = await look(folder, data, { keep: 0, moveTo });
    t.same(taken, ["taken"]);
    put(folder, "taken too", files(new Practice(1).night(5), "delta", daysAgo(FIRST - 5)));
    await look(folder, data, { keep: 0 }); // deletes it
    t.same(left, [daysAgo(FIRST - 3), "another"], "another, and one that was written to since, are named");
    t.same(readdirSync(folder).sort(), [daysAgo(FIRST - 3), "another", "done"], "and stay");
  },
);

/** A folder on another disk than the tests' own; undefined where there is none. */
const otherDisk = ["/dev/shm", "/var/tmp"].find(
  (path) => existsSync(path) && statSync(path).dev !== statSync(newFolder()).dev,
);

t.test(
  "an extract is moved to another disk whole, and over what was left there half",
  { skip: otherDisk === undefined && "there is one disk here" },
  async (t) => {
    const { folder } = nights(1);
    const data = newAgent();
    const moveTo = mkdtempSync(join(otherDisk!, "cairn-moved-"));
    t.teardown(() => rmSync(moveTo, { recursive: true }));
    put(moveTo, `.${daysAgo(FIRST)}.part`, { "half.csv": "" });
    const before = readdirSync(join(folder, daysAgo(FIRST)));
    await look(folder, data, { keep: 1, moveTo });
    t.same(readdirSync(moveTo), [daysAgo(FIRST)]);
    t.same(readdirSync(join(moveTo, daysAgo(FIRST))), before);
    t.same(readdirSync(folder), [daysAgo(FIRST - 1)]);
  },
);

t.test("a feed that was ended is expected no more, until a watch looks again", async (t) => {
  const { folder } = nights(2);
  const data = newAgent();
  t.equal(endWatch(data), null);
  await look(folder, data);
  t.equal(endWatch(data), folder);
  t.equal(feed(data), null);
  await look(folder, data);
  t.equal(feed(data)?.folder, folder);
});

t.test(
  "a look at a folder without an extract leaves the one that is noted, once something came from it",
  async (t) => {
    const { folder, practice } = nights(1);
    const data = newAgent();
    const first = newFolder();
    t.match(await look(relative(".", first), data), { elsewhere: null });
    t.equal(feed(data)?.folder, first, "noted as its absolute path");
    t.match(
      await look(newFolder(), data),
      { error: null, elsewhere: null },
      "the first one may be a slip, and the one after it is noted in its place",
    );
    t.not(feed(data)?.folder, first);
    t.match(await look(folder, data), { elsewhere: null });
    const [empty, slip] = [newFolder(), `${folder}-slip`];
    put(empty, "letters", { "a.txt": "" });
    t.match(await look(empty, data), { error: /^letters: /, elsewhere: folder });
    t.match(await look(slip, data), { error: /-slip cannot be read/, elsewhere: folder });
    t.match(feed(data), { folder, problem: null });
    t.match(await look(`${folder}/`, data), { elsewhere: null }, "the same one, written otherwise");
    put(empty, "next", files(practice.night(2), "delta", daysAgo(FIRST - 2)));
    t.match(await look(empty, data), { taken: ["next"], elsewhere: null });
    t.equal(feed(data)?.folder, empty);
  },
);

t.test("a feed is late after two days, and silent after six hours; a failure keeps its time", async (t) => {
  const { folder } = nights(1);
  const data = newAgent();
  await look(folder, data);
  const now = Date.now();
  const lookedAt = (hours: number) => new Date(now + hours * 3_600_000).toISOString();
  const at = feed(data)!;
  t.same(feedProblems(at, now + 5 * 3_600_000), []);
  t.match(feedProblems(at, now + 7 * 3_600_000), [/^Nobody has looked for extracts/]);
  t.same(feedProblems({ ...at, lookedAt: lookedAt(47) }, now + 47 * 3_600_000), []);
  t.match(feedProblems({ ...at, lookedAt: lookedAt(49) }, now + 49 * 3_600_000), [
    /^Extracts are late: nothing has come since/,
  ]);
  put(folder, "odd", { "events.csv": "" });
  await look(folder, data, { now });
  const since = feed(data)?.problem?.since;
  await look(folder, data, { now: now + 3_600_000 });
  t.equal(feed(data)?.problem?.since, since);
  t.equal(feed(data)?.lookedAt, lookedAt(1));
});

t.test("status and doctor say what came and what stands in the way", async (t) => {
  const { folder } = nights(1);
  const data = newAgent();
  const check = async () =>
    (await examine({ data })).find((each) => each.check === "extracts come each night");
  t.match(await check(), { holds: null, words: /^nothing takes them/ });
  await look(folder, data);
  t.match(await check(), { holds: true, words: new RegExp(`are taken from ${folder}; the last, of`) });
  t.match(statusOf(layoutOf({ data })), {
    coversTo: daysAgo(FIRST - 1),
    recordsCameAt: /^\d{4}-/,
    feed: { folder, format: "journal", taken: { moment: daysAgo(FIRST - 1) }, problem: null },
  });
  put(folder, "odd", { "events.csv": "" });
  await look(folder, data);
  t.match(await check(), { holds: false, words: /^Extracts are not taken, since .*: odd: it does not say/ });
});

t.test("killed anywhere in a night's load, the next look completes it: the same store", async (t) => {
  const { folder, practice } = nights(2);
  const end = await asOneBulk(practice, daysAgo(FIRST - 2));
  for (const step of process.env["CAIRN_LONG"] ? ["reading", "writing", "taken"] : ["writing"]) {
    const data = newAgent();
    const script = `
      import { watchOnce } from ${JSON.stringify(import.meta.resolve("@cairn/agent/watch").replace("/src/records/watch/watch.ts", "/dist/records/watch/watch.js"))};
      const die = () => process.kill(process.pid, "SIGKILL");
      let nights = 0;
      const at = (step) => { if (step === ${JSON.stringify(step)} && nights === 1) die(); };
      await watchOnce(${JSON.stringify(folder)}, { data: ${JSON.stringify(data)}, format: "journal", system: "snomed", rest: 0 },
        { progress: at, taken: () => { at("taken"); nights++; }, now: Date.now });`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "ignore", "inherit"],
    });
    const [, signal] = (await once(child, "exit")) as [number | null, string | null];
    t.equal(signal, "SIGKILL", step);
    t.equal(
      withRecords(data, (records) => records.coversTo()),
      daysAgo(FIRST - (step === "taken" ? 1 : 0)),
      step,
    );
    t.same(
      (await look(folder, data)).taken,
      step === "taken" ? [daysAgo(FIRST - 2)] : [1, 2].map((n) => daysAgo(FIRST - n)),
    );
    t.same(held(data), end, step);
  }
});
