/**
 * H9: a load that is killed (SIGKILL) at any moment leaves the records as they were or with all of the extract, and the
 * next run completes it: the store is then, entry by entry, what an undisturbed load leaves. With CAIRN_LONG alone.
 */
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type FormatName, writePractice } from "@cairn/synthetic";
import t from "tap";
import { CAIRN, mustRun } from "../../packages/cli/test/fixtures/command.js";
import { told } from "../conformance/told.js";

t.setTimeout(3_600_000);

const skip = !process.env["CAIRN_LONG"] && "30 kills take minutes: CAIRN_LONG=1 asks for them";
const KILLS = 30;
const NIGHTS = 2;

/** Starts a load and kills it and all that it started, as a power cut would. @returns whether it was still at work */
async function killed(args: readonly string[], afterMs: number): Promise<boolean> {
  const child = spawn(process.execPath, [CAIRN, ...args], { detached: true, stdio: "ignore" });
  const ended = new Promise<NodeJS.Signals | null>((done) => child.on("close", (_, signal) => done(signal)));
  await Promise.race([wait(afterMs), ended]);
  try {
    process.kill(-child.pid!, "SIGKILL");
  } catch {
    return false; // it had ended
  }
  return (await ended) === "SIGKILL";
}

for (const format of ["emis", "systmone"] as const satisfies readonly FormatName[]) {
  t.test(
    `${format}: ${KILLS} kills of a night's load, each completed by the next run`,
    { skip },
    async (t) => {
      const folder = t.testdir();
      const [nights, first] = [join(folder, "nights"), join(folder, "first")];
      await writePractice({
        ...{
          patients: 1500,
          eventsPerPatient: 150,
          seed: "kills",
          until: "2025-03-31",
          practice: "Northgate",
        },
        ...{ format, out: nights, deltas: NIGHTS },
      });
      mkdirSync(first);
      const bulk = readdirSync(nights).filter((name) => /^\d/.test(name)).sort()[0]!; // prettier-ignore
      cpSync(join(nights, bulk), join(first, bulk), { recursive: true });
      const watch = (of: string, data: string): string[] =>
      ["agent", "watch", of, "--once", "--rest", "0", "--format", format, "--data", data]; // prettier-ignore
      const byHand = (data: string): string[] =>
      ["agent", "import", join(nights, bulk), "--format", format, "--data", data]; // prettier-ignore
      const keeper = (data: string): string => join(data, "keeper");
      const [empty, taken, whole] = ["empty", "taken", "whole"].map((name) => join(folder, name)) as [string, string, string]; // prettier-ignore
      await mustRun(["agent", "init", "--data", empty]);
      for (const [from, to] of [[empty, taken], [empty, whole]] as const) cpSync(from, to, { recursive: true }); // prettier-ignore
      await mustRun(watch(first, taken));
      let began = Date.now();
      await mustRun(watch(nights, whole));
      const takesBulk = Date.now() - began;
      const once = told(keeper(whole));
      t.ok(once.events!.length > 150_000, `${once.events!.length} entries`);
      cpSync(taken, join(folder, "timed"), { recursive: true });
      began = Date.now();
      await mustRun(watch(nights, join(folder, "timed")));
      const takesNights = Date.now() - began;
      const files = readdirSync(keeper(whole)).sort();

      /** Every third the bulk by hand, every third the bulk by the watch, every third the nights after it. */
      const ways = [
        { from: empty, args: byHand, takes: takesBulk },
        { from: empty, args: (data: string) => watch(nights, data), takes: takesBulk },
        { from: taken, args: (data: string) => watch(nights, data), takes: takesNights },
      ];
      let [kills, tries, halfway] = [0, 0, 0];
      while (kills < KILLS && tries++ < KILLS * 4) {
        const { from, args, takes } = ways[kills % ways.length]!;
        const data = join(folder, `killed-${tries}`);
        cpSync(from, data, { recursive: true });
        const after = Math.round(Math.random() * takes);
        if (!(await killed(args(data), after))) continue;
        kills++;
        if (existsSync(join(keeper(data), "records.db-wal"))) halfway++;
        await mustRun(watch(nights, data));
        const then = told(keeper(data));
        for (const part of Object.keys(once))
          t.ok(
            JSON.stringify(then[part]) === JSON.stringify(once[part]),
            `killed after ${after} of ${takes} ms: the ${part} are those of an undisturbed load`,
          );
        t.same(readdirSync(keeper(data)).sort(), files, "and no file is left over");
      }
      t.equal(kills, KILLS);
      t.ok(halfway > KILLS / 3, `${halfway} of them while the store was open`);
    },
  );
}
