/** Time as the machine spends it: CPU, user and system, in milliseconds; medians, since shared machines are noisy. */
import { cpus, totalmem } from "node:os";

function cpuOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** Runs the work until it is warm, then `times` more, and takes the median. */
export function medianCpu(work: () => void, times: number, warm = times): number {
  for (let i = 0; i < warm; i++) work();
  const taken = Array.from({ length: times }, () => cpuOf(work)).sort((a, b) => a - b);
  return taken[taken.length >> 1]!;
}

/** The same for work that is waited for: what the process spends until it is done, after one first time. */
export async function medianCpuOf(work: () => Promise<unknown>, times: number): Promise<number> {
  const [median] = await mediansCpuOf([work], times);
  return median!;
}

/** The same for several that are compared: each is done in turn, so that a busy machine and a cold process slow all alike. */
export async function mediansCpuOf(
  works: readonly (() => Promise<unknown>)[],
  times: number,
  warm = 1,
): Promise<number[]> {
  const taken = works.map((): number[] => []);
  for (let i = -warm; i < times; i++)
    for (const [which, work] of works.entries()) {
      const before = process.cpuUsage();
      await work();
      const { user, system } = process.cpuUsage(before);
      if (i >= 0) taken[which]!.push((user + system) / 1000);
    }
  return taken.map((each) => each.sort((a, b) => a - b)[each.length >> 1]!);
}

/** Bytes a millisecond at which this machine reads memory now: comparing two blocks that no cache holds. */
export function readingSpeed(): number {
  const size = 64 * 1024 * 1024;
  const [one, other] = [Buffer.alloc(size, 1), Buffer.alloc(size, 1)];
  return (2 * size) / medianCpu(() => void one.equals(other), 7, 2);
}

export function machine(): string {
  const [first] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${first?.model.trim() ?? "unknown processor"}, ${cpus().length} processors, ${memory} GiB, Node ${process.versions.node}`;
}
