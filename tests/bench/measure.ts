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
  const taken: number[] = [];
  for (let i = 0; i <= times; i++) {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    if (i > 0) taken.push((user + system) / 1000);
  }
  return taken.sort((a, b) => a - b)[taken.length >> 1]!;
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
