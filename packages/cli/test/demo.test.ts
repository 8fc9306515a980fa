/** What the demo asks first, and what it says of the rest of the library. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import t from "tap";
import type { ComparisonJson } from "@cairn/comparisons";
import { boardWords } from "@cairn/demo";
import { picture } from "@cairn/demo";
import { patience } from "@cairn/demo";
import { say } from "../src/say.js";
import { FIRST_QUERIES, theOthers } from "@cairn/demo";
import { titles } from "@cairn/demo";

t.test("the demo's first set is in the library that comes with Cairn", async (t) => {
  const library = titles();
  for (const query of FIRST_QUERIES) t.ok(library.has(query), query);
});

t.test("a newcomer is told that the library has more, and how to ask it", async (t) => {
  const library = [...FIRST_QUERIES, "asthma-review", "copd-review"];
  const said = theOthers(library, "/tmp/demo/hub", "demo-cluster");
  t.match(said, "7 of the 9 queries");
  t.match(said, "npx cairn schedule add --data /tmp/demo/hub --group demo-cluster");
  t.match(said, /--query asthma-review\nOthers: copd-review$/);
  t.ok(
    said.split("\n").every((line) => line.length <= 80),
    "at 80 columns",
  );
  t.notMatch(theOthers(library, null, "demo-cluster"), "--data", "a hub that has ended is not named");
  t.equal(theOthers(FIRST_QUERIES, null, "demo-cluster"), "These are 7 of the 7 queries of the library.");
});

t.test("the demo says first how long it takes, what it does meanwhile, and how to end it", async (t) => {
  const cairn = fileURLToPath(new URL("../bin/cairn.js", import.meta.url));
  const demo = spawn(process.execPath, [cairn, "demo"], {
    ...{ stdio: ["ignore", "ignore", "pipe"], detached: true },
    env: { ...process.env, TMPDIR: t.testdir() },
  });
  const ended = once(demo, "close");
  const [first] = (await once(demo.stderr, "data")) as [Buffer];
  process.kill(-demo.pid!, "SIGKILL"); // with whatever it has started
  await ended;
  t.match(String(first), /^This takes about two minutes: [^\n]*practices[^\n]* Ctrl-C ends it\.\n/);
});

t.test("Ctrl-C ends the demo, whatever it was about: no process and no folder is left", async (t) => {
  const cairn = fileURLToPath(new URL("../bin/cairn.js", import.meta.url));
  const moments = {
    "at its first word": 0,
    "while the hub starts": 1500,
    "while records are imported": 6000,
  };
  for (const [moment, after] of Object.entries(moments)) {
    const folder = t.testdir();
    const demo = spawn(process.execPath, [cairn, "demo"], {
      ...{ stdio: ["ignore", "ignore", "pipe"], detached: true },
      env: { ...process.env, TMPDIR: folder },
    });
    t.teardown(() => isRunning(-demo.pid!) && process.kill(-demo.pid!, "SIGKILL"));
    const ended = once(demo, "close", { signal: AbortSignal.timeout(30_000) });
    await once(demo.stderr, "data");
    await wait(after);
    t.equal(readdirSync(folder).length, 1, `${moment}: it has begun`);
    demo.kill("SIGINT");
    t.same(await ended, [0, null], moment);
    // What a process of the demo's had started, and the kernel ends with it, is gone a moment after it.
    for (const end = Date.now() + 5000; isRunning(-demo.pid!) && Date.now() < end;) await wait(50);
    t.notOk(isRunning(-demo.pid!), `${moment}: a process is left`);
    t.same(readdirSync(folder), [], `${moment}: its folder is left`);
  }
});

/** @param pid of a process; of a group of them where it is negative */
function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

t.test("a machine that is too slow for the demo is said to be that, and nothing unforeseen", async (t) => {
  let now = 0;
  const goOn = patience(() => now);
  for (const settled of [0, 5, 6]) {
    goOn(settled, 112);
    now += 599_000;
  }
  goOn(6, 112);
  now += 2000;
  const said = t.capture(process.stderr, "write");
  try {
    goOn(6, 112);
  } catch (error) {
    t.equal(say.problem(error), 4);
  }
  t.match(
    said()[0]?.args[0],
    /^cairn: 106 of 112 answers are still to come, [^\n]* too slow or too busy [^\n]*\n$/,
  );
});

const figure = (value: number) => ({ value, low: value - 2, high: value + 2 });

/** Of eight practices seven released, three of which withheld the numerator. */
const few: ComparisonJson = {
  query: "bp-control",
  date: "2026-09-30",
  split: {},
  practices: [
    ...["Ash", "Birch", "Cedar", "Elm"].map((practice) => ({
      practice,
      state: "released" as const,
      numerator: figure(50),
      denominator: figure(100),
    })),
    ...["Hazel", "Larch", "Oak"].map((practice) => ({
      practice,
      state: "released" as const,
      numerator: "withheld" as const,
      denominator: figure(20),
    })),
    { practice: "Rowan", state: "declined" },
  ],
  group: { state: "too-few", contributors: 7, withheld: 3 },
};

t.test(
  "the picture says what its marks are, and who has released apart from who is seen in it",
  async (t) => {
    const shown = picture([few], new Map([["bp-control", "Blood pressure"]]), "Ash");
    t.match(shown, /^◆ Ash   ● another practice/);
    t.match(shown, /7\s+have\s+released,\s+4\s+with\s+both\s+numbers\s+shown/);
    t.match(shown, "not in the picture: 3 withheld a number, 1 declined");
    t.ok(
      shown.split("\n").every((line) => line.length <= 80),
      "at 80 columns",
    );
  },
);

t.test("the second group's paragraph names a command that a checkout has", async (t) => {
  const said = boardWords([few], "demo-board", "demo-cluster", "Rowan");
  t.match(said, "npx cairn agent join demo-board");
  t.ok(
    said.split("\n").every((line) => line.length <= 80),
    "at 80 columns",
  );
});
