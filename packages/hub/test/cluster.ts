/** Eight practices of one group that answer a query in every way there is. */
import { randomUUID } from "node:crypto";
import type { Assignment__Output, SignedRelease__Output } from "@cairn/wire";
import { addSchedule, closeNow, doWhatIsDue, type NewSchedule } from "@cairn/hub";
import type { TestAgent } from "./link/agent.js";
import { GROUP, type Story } from "./story.js";

export const NAMES = ["Ash", "Birch", "Cedar", "Elm", "Hazel", "Larch", "Oak", "Rowan"];

export const SCHEDULE: NewSchedule = {
  group: GROUP,
  queries: ["bp-control"],
  every: "quarter",
  periods: 1,
  until: "2025-03-31",
  cron: null,
  timezone: "Europe/London",
  catchUp: "latest",
  catchUpWindow: 0,
  spread: 0,
  collectFor: 86_400_000,
};

/** The code of a cell of the k8-r5 table: 0 withheld, else the rounded number plus one. */
function code(count: number): number {
  if (count === 0) return 1;
  return count < 8 ? 0 : Math.floor((2 * count + 5) / 10) * 5 + 1;
}

/** What a practice of this size with this share would release: small parts withheld, zeros as zeros. */
export function made(
  agent: TestAgent,
  run: Assignment__Output,
  size: number,
  share: number,
  correction = 0,
): SignedRelease__Output {
  const parts = Array.from({ length: run.cells }, (_, i) =>
    i === 0 ? 1 : [0.5, 0.45, 0, 0.004, 0.1, 0.3][i % 6]!,
  );
  const denominator = parts.map((part) => code(Math.round(size * part)));
  const numerator = parts.map((part, i) =>
    denominator[i] === 0 ? 0 : code(Math.round(size * part * share)),
  );
  return agent.release(run, denominator, numerator, { k: 8, base: 5, midpoint: 0 }, correction);
}

/** Sends it, with the group's leave to it. */
export async function release(
  agent: TestAgent,
  run: Assignment__Output,
  size: number,
  share: number,
): Promise<void> {
  await agent.send(made(agent, run, size, share), [run.group]);
}

export async function say(agent: TestAgent, run: string, state: string): Promise<void> {
  const runs = [{ run, state: `AGENT_RUN_STATE_${state}` as never }];
  await agent.api.report({ runs, idempotencyKey: randomUUID() });
}

/** Members, asked: each with its run. */
export async function cluster(
  it: Story,
  names = NAMES,
  schedule: Partial<NewSchedule> = {},
  group = GROUP,
): Promise<Map<string, { agent: TestAgent; runs: Assignment__Output[] }>> {
  const members = new Map<string, { agent: TestAgent; runs: Assignment__Output[] }>();
  for (const name of names) members.set(name, { agent: await it.member(name, group), runs: [] });
  await addSchedule(it.serving.hub, { ...SCHEDULE, ...schedule });
  await doWhatIsDue(it.serving.hub);
  for (const member of members.values()) member.runs = (await member.agent.poll()).assignments;
  return members;
}

/** Six release, Oak declines, Rowan is not heard of again; then the collection is closed. */
export async function sixOfEight(it: Story, schedule: Partial<NewSchedule> = {}): Promise<void> {
  const members = await cluster(it, NAMES, schedule);
  it.clock.now += 3_000_000;
  for (const [i, name] of NAMES.entries()) {
    const { agent, runs } = members.get(name)!;
    for (const [j, run] of runs.entries()) {
      if (name === "Oak") await say(agent, run.run, "DECLINED");
      else if (name !== "Rowan") await release(agent, run, 400 + 150 * i, 0.55 + 0.05 * i - 0.01 * (j % 4));
    }
    if (name !== "Rowan") await agent.poll(runs.map((run) => run.run));
  }
  it.clock.now += 1_000_000;
  for (const name of NAMES.slice(0, 6)) await members.get(name)!.agent.poll([]);
  await closeNow(it.serving.hub, GROUP);
}
