/**
 * H9: the hub is killed (SIGKILL) at each step of a run, and commands before and after their commit. Whatever was
 * acknowledged is there afterwards, and exactly one result is counted, in one comparison. Once each in CI, 30 times with CAIRN_LONG.
 */
import t from "tap";
import { type ProcessResult } from "@cairn/demo";
import { cairn } from "../../packages/cli/test/fixtures/command.js";
import { GROUP, REPEATS, Trials } from "./trials.js";

const STEPS = ["claim", "report", "release-received", "comparison-made"];

t.test("the hub and its commands die", async (t) => {
  const trials = await Trials.begin(t);
  const { federation, practice } = trials;

  await t.test(
    "the hub at each step of a run: what was acknowledged is there, one result counts",
    async (t) => {
      for (const step of STEPS) {
        for (const moment of ["before", "after"]) {
          for (let i = 0; i < REPEATS; i++) {
            const what = `hub killed ${moment} ${step}`;
            trials.arm(`hub.${step}-${moment}`);
            const date = await trials.ask();
            const end = await federation.hub?.ended;
            t.equal(end?.signal, "SIGKILL", `${what}: it did die`);
            await trials.startHub();
            await trials.checkOne(t, date, what);
            await trials.checkComparison(t, date, what);
          }
        }
      }
      trials.checkNoneTwice(t);
    },
  );

  await t.test("a command killed before or after its commit can be given again", async (t) => {
    /** Gives a command that dies at a point, and gives it again. */
    const twice = async (point: string, args: readonly string[]): Promise<void> => {
      const given = (): Promise<ProcessResult> => cairn(args, { env: trials.mortal });
      trials.arm(point);
      t.equal((await given()).signal, "SIGKILL", point);
      const again = await given();
      t.equal(again.code, 0, `${args.join(" ")} again: ${again.stderr}`);
    };
    for (const moment of ["before", "after"]) {
      const date = trials.nextDate();
      const once = ["--every", "month", "--periods", "1", "--until", date, "--data", federation.hubData];
      await twice(`hub.schedule-added-${moment}`, [
        ...["schedule", "add", "--group", GROUP, "--query", trials.query],
        ...once,
      ]);
      await trials.checkOne(t, date, `schedule killed ${moment} its commit and given again`);

      await federation.signers.sign(trials.library);
      await twice(`hub.library-published-${moment}`, [
        ...["library", "publish", "--dir", federation.signers.library, "--data", federation.hubData],
      ]);
      await twice(`keeper.paused-${moment}`, ["agent", "pause", "--data", practice.data]);
      await practice.must("agent", "resume");
      const what = `a run after publish and pause were killed ${moment} their commits`;
      await trials.checkOne(t, await trials.ask(), what);
    }
  });
});
