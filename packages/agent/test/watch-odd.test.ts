/** What is odd in a watched folder is named, stops no other extract, and is tried again. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
} from "node:fs";
import { dirname, join } from "node:path";
import t from "tap";
import { type Arrival, type ArrivalFacts, arrivalsIn } from "../src/records/watch/arrivals.js";
import { daysAgo, files, held, look, newAgent, newFolder, Practice, put } from "./fixtures/nights.js";

t.setTimeout(280_000);

/** A folder with a bulk, an agent that took it, and what the nights after it are. */
async function begun(people = 30): Promise<{ folder: string; data: string; practice: Practice }> {
  const [folder, data, practice] = [newFolder(), newAgent(), new Practice(people)];
  put(folder, "first", files(practice.bulk(), "bulk", daysAgo(40)));
  t.match(await look(folder, data), { taken: ["first"], error: null });
  return { folder, data, practice };
}

const night = (practice: Practice, n: number): Record<string, string> =>
  files(practice.night(n), "delta", daysAgo(40 - n));

t.test("links that lead nowhere or in a circle are named, and the others are taken", async (t) => {
  const { folder, data, practice } = await begun();
  for (const [name, target] of [
    ["gone", join(folder, "no such folder")],
    ["round", join(folder, "round")],
    ["one.zip", join(folder, "other.zip")],
    ["other.zip", join(folder, "one.zip")],
  ] as const) {
    symlinkSync(target, join(folder, name));
    const n = readdirSync(folder).filter((each) => /^\d/.test(each)).length + 1;
    put(folder, `${n}`, night(practice, n));
    const { taken, error } = await look(folder, data);
    t.same(taken, [`${n}`], name);
    t.match(error, new RegExp(`(^|; )${name}: it is a link that leads nowhere: put what`));
    if (name !== "one.zip") unlinkSync(join(folder, name));
  }
  unlinkSync(join(folder, "one.zip"));
  symlinkSync(put(newFolder(), "elsewhere", night(practice, 5)), join(folder, "5"));
  symlinkSync(folder, join(put(folder, "6", night(practice, 6)), "back"));
  symlinkSync(join(folder, "none"), join(folder, "6", "dangling.csv"));
  t.match(
    await look(folder, data),
    { taken: ["5"], error: null, waits: null },
    "a link to an extract is one",
  );
  unlinkSync(join(folder, "6", "back"));
  t.match(await look(folder, data), { taken: ["6"], error: null }, "a link within an extract is not read");
});

t.test(
  "what is unchanged is not described again, and what was written to is, or could not be read",
  async (t) => {
    const { folder, practice } = await begun();
    for (const n of [1, 2]) put(folder, `${n}`, night(practice, n));
    put(folder, "odd", { "events.csv": "", "manifest.json": "none" });
    const watched = { folder, format: "journal", decrypt: null, movedTo: null, restMs: 0 };
    const known: ArrivalFacts = new Map();
    const [first, second] = [await arrivalsIn(watched, 0, known), await arrivalsIn(watched, 0, known)];
    t.same(second, first);
    const again = (before: readonly Arrival[], after: readonly Arrival[]): string[] =>
      after.filter(({ facts }) => !before.some((each) => each.facts === facts)).map(({ name }) => name);
    t.same(again(first, second), ["odd"]);
    put(folder, "1", { "manifest.json": JSON.stringify({ kind: "delta", covers_to: daysAgo(20) }) });
    put(folder, "3", night(practice, 3));
    rmSync(join(folder, "2"), { recursive: true });
    const third = await arrivalsIn(watched, 0, known);
    t.same(again(second, third), ["1", "3", "odd"]);
    t.match(third[0]?.facts, { to: daysAgo(20) });
    t.same([...known.keys()], ["1", "3", "first", "odd"].map((name) => join(folder, name)), "and no more is kept"); // prettier-ignore
  },
);

t.test("two extracts of one moment: neither is taken, until a person says which", async (t) => {
  const { folder, data, practice } = await begun();
  const whole = night(practice, 1);
  const { "events.csv": events, ...people } = whole as Record<string, string> & { "events.csv": string };
  put(folder, "half", people);
  const other = put(folder, "other half", { "events.csv": events, "manifest.json": whole["manifest.json"]! });
  const before = held(data);
  t.match(await look(folder, data), {
    taken: [],
    error: /^half and other half are both of .* into one folder$/,
  });
  t.same(held(data), before);
  renameSync(join(other, "events.csv"), join(folder, "half", "events.csv"));
  rmSync(other, { recursive: true });
  t.match(await look(folder, data), { taken: ["half"], error: null });
});

t.test("an extract that vanishes while it is looked at or read keeps nothing, and comes again", async (t) => {
  const { folder, data, practice } = await begun();
  const before = held(data);
  const { watchOnce } = await import("@cairn/agent/watch");
  const content = night(practice, 1);
  const path = put(folder, "1", content);
  const aside = join(newFolder(), "1");
  const vanish = (): void => {
    if (readdirSync(folder).includes("1")) renameSync(path, aside);
  };
  const flags = { data, format: "journal", system: "snomed", rest: 0 } as const;
  const events = { progress: vanish, taken: () => undefined, now: Date.now };
  await t.rejects(watchOnce(folder, flags, events), { message: /^1[: ]/ }, "while it is read");
  t.same(held(data), before);
  put(folder, "1", content);
  rmSync(path, { recursive: true });
  t.match(await look(folder, data), { taken: [], error: null, waits: null }, "it is not there any more");
  renameSync(aside, path);
  t.match(await look(folder, data), { taken: ["1"], error: null });
});

/** Runs as a user who owns the agent's folder and may not read everything: root may. */
async function asNobody<T>(data: string, work: () => Promise<T>): Promise<T> {
  if (process.geteuid!() !== 0) return work();
  const NOBODY = 65_534;
  execFileSync("chown", ["-R", `${NOBODY}`, data]);
  chmodSync(dirname(data), 0o755);
  process.seteuid!(NOBODY);
  try {
    return await work();
  } finally {
    process.seteuid!(0);
  }
}

t.test("what may not be read is named with what to do, and is taken the next night", async (t) => {
  const { folder, data, practice } = await begun();
  chownSync(folder, process.getuid!(), process.getgid!());
  const [one, two] = [put(folder, "1", night(practice, 1)), put(folder, "2", night(practice, 2))];
  for (const [unread, words] of [
    [
      join(one, "events.csv"),
      /^1: events\.csv: cannot be read \(EACCES\): let the user who runs this read it$/,
    ],
    [
      join(one, "manifest.json"),
      /is missing: .*Of 1 nothing is known: manifest\.json: cannot be read \(EACCES\): let/,
    ],
    [one, /is missing: .*Of 1 nothing is known: it cannot be read \(EACCES\): let the agent's user read it$/],
  ] as const) {
    chmodSync(unread, 0);
    t.match(await asNobody(data, () => look(folder, data)), { taken: [], error: words }, `${words}`);
    chmodSync(unread, 0o755);
  }
  chmodSync(two, 0);
  const first = await asNobody(data, () => look(folder, data));
  t.match(first, { taken: ["1"], error: /^2: it cannot be read \(EACCES\)/ }, "the others are taken");
  chmodSync(two, 0o755);
  t.match(await asNobody(data, () => look(folder, data)), { taken: ["2"], error: null });
  mkdirSync(join(folder, "closed"), { mode: 0 });
  t.match(await asNobody(data, () => look(folder, data)), { error: /^closed: it cannot be read/ });
});

t.test("the watch's messages name no option that it has not", async (t) => {
  const { folder, data } = await begun(60);
  const months = Array.from(
    { length: 1200 },
    (_, i) => `P${i % 60},${daysAgo(60 + (i % 400))},22298006,1,m${i},`,
  );
  put(folder, "old", {
    "events.csv": ["patient_id,date,code,value,row_id,deleted", ...months, ""].join("\n"),
    "manifest.json": JSON.stringify({ kind: "delta", covers_to: daysAgo(39) }),
  });
  t.match(await look(folder, data), { taken: ["old"], error: null });
  put(folder, "later", {
    "events.csv": "patient_id,date,code\n",
    "manifest.json": JSON.stringify({ kind: "delta", from: daysAgo(39), covers_to: daysAgo(0) }),
  });
  const { error } = await look(folder, data);
  t.match(
    error,
    /^later: .*ask the supplier for a whole one; if it really .* by hand with cairn agent import and --quiet-days \d+; nothing/,
  );
});
