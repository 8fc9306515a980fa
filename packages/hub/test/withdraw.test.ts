/** A practice takes numbers back: what used them comes down, nothing is deleted, and one corrected release may follow. */
import { randomUUID } from "node:crypto";
import t from "tap";
import {
  rawPublicKey,
  releaseDigest,
  signWithdrawal,
  verifyReceipt,
  verifySignedRelease,
  type SignedRelease__Output,
  type Withdrawal__Output,
} from "@cairn/wire";
import { closeNow, comparisonsJson, comparisonText, doWhatIsDue, heldReleases } from "@cairn/hub";
import { comparisonWords } from "./comparison-words.js";
import { cluster, made, release } from "./cluster.js";
import type { TestAgent } from "./link/agent.js";
import { GROUP, story, type Story } from "./story.js";

function withdrawal(
  agent: TestAgent,
  taken: SignedRelease__Output,
  change: Partial<Withdrawal__Output> = {},
  by = agent,
): Withdrawal__Output {
  const said = {
    run: taken.run,
    correction: taken.correction,
    releaseDigest: releaseDigest(taken.release),
    correctable: false,
    logIndex: 4,
    logSize: 5,
    logRoot: Buffer.alloc(32, 7),
  };
  return signWithdrawal({ ...said, ...change }, by.keeper.privateKey);
}

function tell(agent: TestAgent, run: string, state: string, said: Withdrawal__Output | null) {
  const runs = [{ run, state: `AGENT_RUN_STATE_${state}` as never, withdrawal: said }];
  return agent.api.report({ runs, idempotencyKey: randomUUID() });
}

function submit(agent: TestAgent, sent: SignedRelease__Output) {
  return agent.send(sent, [GROUP]);
}

/** Six practices that answered one date, and how the first of them shows. One more is waited for: nothing closes yet. */
async function six(it: Story) {
  const members = [...(await cluster(it, ["A", "B", "C", "D", "E", "F", "G"])).values()].slice(0, 6);
  const [first] = members as [(typeof members)[number]];
  const sent = made(first.agent, first.runs[0]!, 500, 0.5);
  await submit(first.agent, sent);
  for (const [i, { agent, runs }] of members.slice(1).entries()) await release(agent, runs[0]!, 510 + i, 0.5);
  const shown = async () => (await comparisonsJson(it.serving.hub, GROUP))[0]!;
  const mine = async () => (await shown()).practices[0]!;
  return { members, agent: first.agent, run: first.runs[0]!, sent, shown, mine };
}

t.test(
  "a withdrawn release is its own state everywhere, and group figures that used it come down",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const { agent, run, sent, shown, mine } = await six(it);
    await closeNow(it.serving.hub, GROUP);
    t.match((await shown()).group, { state: "made", contributors: 6 });

    const said = withdrawal(agent, sent);
    const { receipts } = await tell(agent, run.run, "WITHDRAWN", said);
    const key = rawPublicKey(it.serving.hub.files.logKey);
    t.match(receipts, [{ run: run.run, withdrawn: true, correction: 0 }]);
    t.ok(verifyReceipt(receipts[0]!, key), "the practice holds the hub's word for it");
    await doWhatIsDue(it.serving.hub); // the documents that tell of it
    const size = it.serving.hub.store.log.size;
    t.same((await tell(agent, run.run, "WITHDRAWN", said)).receipts, receipts, "said twice is said once");
    t.equal(it.serving.hub.store.log.size, size);

    t.same(await mine(), { practice: "A", state: "withdrawn" });
    t.match((await shown()).group, { state: "withdrawn" });
    const all = await comparisonsJson(it.serving.hub, GROUP);
    const states = new Set(all.map(({ group }) => group.state));
    t.notOk(states.has("made"), "also where this practice's own cell was withheld");
    t.ok(states.has("too-few"), "a figure that never was is not taken down");
    t.match(await comparisonText(it.serving.hub, GROUP, "names"), /A +withdrew its numbers/);
    const page = await comparisonWords(it.serving.hub, GROUP, "bp-control");
    t.match(page, /trusted 5 of 7 practices have released\. 1 practice withdrew its numbers\. /);
    t.match(page, /we cannot tell: a practice withdrew its numbers/);
    t.equal(await closeNow(it.serving.hub, GROUP), 0);
    t.match((await shown()).group, { state: "withdrawn" }, "and it is not made again");

    const held = (await heldReleases(it.serving.hub)).filter((one) => one.run === run.run);
    t.match(held, [{ withdrawn: true, correction: 0 }], "the bytes are kept, and marked");
    const kinds = [...it.serving.hub.store.log.entries()].map(({ kind }) => kind);
    t.equal(kinds.filter((kind) => kind === "release-withdrawn").length, 1);
    const again = (await submit(agent, sent)).receipts.filter(({ group }) => group === "");
    t.equal(again.length, 1, "the same bytes again get the same receipt");
    t.match(await mine(), { state: "withdrawn" }, "and do not count again");
  },
);

t.test("neither the hub nor a courier can invent a withdrawal", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { members, agent, run, sent, mine } = await six(it);
  const other = members[1]!.agent;
  const good = withdrawal(agent, sent);
  for (const [what, said] of [
    ["another practice's signature", withdrawal(agent, sent, {}, other)],
    ["another run", withdrawal(agent, sent, { run: members[1]!.runs[0]!.run })],
    ["a correction that was not allowed", { ...good, correctable: true }],
    ["a third release", withdrawal(agent, sent, { correction: 2 })],
  ] as const) {
    const { refusals, receipts } = await tell(agent, run.run, "WITHDRAWN", said);
    t.match(refusals, [{ run: run.run, refusal: { code: "bad-signature" } }], what);
    t.same(receipts, []);
  }
  const other32 = withdrawal(agent, sent, { releaseDigest: Buffer.alloc(32) });
  t.match((await tell(agent, run.run, "WITHDRAWN", other32)).refusals, [
    { refusal: { code: "run-conflict" } },
  ]);
  t.same((await tell(agent, run.run, "WITHDRAWN", null)).receipts, [], "the word alone changes nothing");
  t.match(await mine(), { state: "released" });
});

t.test("one corrected release counts, after its withdrawal and in its place only", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { agent, run, sent, shown, mine } = await six(it);
  const second = made(agent, run, 300, 0.5, 1);
  t.equal(
    (await submit(agent, second)).refusals[0]?.refusal?.code,
    "run-conflict",
    "nothing was taken back yet",
  );
  await tell(agent, run.run, "WITHDRAWN", withdrawal(agent, sent));
  t.equal((await submit(agent, second)).refusals[0]?.refusal?.code, "run-conflict", "nor allowed");
  t.equal((await agent.api.claim({ runs: [run.run], idempotencyKey: randomUUID() })).leases.length, 0);

  const allowed = withdrawal(agent, sent, { correctable: true, logIndex: 6, logSize: 7 });
  await tell(agent, run.run, "READY", allowed);
  t.equal((await agent.poll()).assignments[0]?.run, run.run, "it is offered once more");
  t.equal((await agent.api.claim({ runs: [run.run], idempotencyKey: randomUUID() })).leases.length, 1);
  t.match(await mine(), { state: "pending" });
  const stale = made(agent, run, 700, 0.5);
  t.equal((await submit(agent, stale)).refusals[0]?.refusal?.code, "run-withdrawn", "not as a first release");
  t.equal((await submit(agent, second)).receipts[0]?.correction, 1);
  await tell(agent, run.run, "ACKNOWLEDGED", allowed);
  t.match(await mine(), { state: "released", corrected: true, denominator: { value: 300 } });
  t.match(await comparisonText(it.serving.hub, GROUP, "names"), /A .*, corrected/);
  await closeNow(it.serving.hub, GROUP);
  t.match(
    (await shown()).group,
    { state: "made", contributors: 6 },
    "it came before closing, so it is in the figure",
  );

  const third = made(agent, run, 350, 0.5, 1);
  t.equal(
    (await submit(agent, third)).refusals[0]?.refusal?.code,
    "run-conflict",
    "exactly one result counts",
  );
  t.equal(
    (await heldReleases(it.serving.hub)).filter((one) => one.run === run.run).length,
    2,
    "both are kept",
  );
  await tell(agent, run.run, "WITHDRAWN", withdrawal(agent, second));
  t.match(await mine(), { state: "withdrawn" });
  t.match((await shown()).group, { state: "withdrawn" });
});

t.test("a release withdrawn before it came is not counted when it comes after all", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const members = await cluster(it, ["A"]);
  const { agent, runs } = members.get("A")!;
  const sent = made(agent, runs[0]!, 500, 0.5);
  await tell(agent, sent.run, "WITHDRAWN", withdrawal(agent, sent));
  t.equal((await submit(agent, sent)).refusals[0]?.refusal?.code, "run-withdrawn");
  const [shown] = await comparisonsJson(it.serving.hub, GROUP);
  t.same(shown?.practices, [{ practice: "A", state: "withdrawn" }]);
});

t.test("what a keeper signed is given back to it, page by page, and to no other", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { members, agent, run, sent } = await six(it);
  await tell(agent, run.run, "WITHDRAWN", withdrawal(agent, sent));
  const { held, next } = await agent.api.giveBack({ after: 0 });
  t.equal(Number(next), 0);
  t.equal(held.length, 1);
  t.match(held[0]?.assignment, { run: run.run, cells: run.cells });
  t.ok(verifySignedRelease(held[0]!.release!, rawPublicKey(agent.keeper.publicKey)));
  t.same(held[0]?.release, sent);
  t.equal(held[0]?.withdrawal?.correctable, false);
  t.same((await agent.api.giveBack({ after: 10_000 })).held, []);
  const quiet = await tell(members[1]!.agent, members[1]!.runs[0]!.run, "OUTBOX", null);
  t.equal(quiet.holdsMore, false);
  const forgetful = await tell(members[1]!.agent, members[1]!.runs[0]!.run, "READY", null);
  t.equal(forgetful.holdsMore, true, "a practice that speaks as if it had not released is told so");

  const anew = it.newAgent();
  const { invite, admit } = await import("@cairn/hub");
  await members[1]!.agent.poll();
  const code = await invite(it.serving.hub, "B", [GROUP], undefined, true);
  const enrolled = await anew.enrol(code);
  t.equal(enrolled.answeredBefore, true, "a new keeper hears that another answered before it");
  await admit(it.serving.hub, "B", enrolled.fingerprint);
  await anew.enrol(code);
  t.same((await anew.api.giveBack({ after: 0 })).held, [], "and is given nothing that it did not sign");
});
