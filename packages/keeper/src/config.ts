/** Reads the environment; no other file of the keeper does. */
import { crashPoints } from "@cairn/crash-points";

/** `CAIRN_CRASH_AT` names the folder where fault tests arm crash points. */
export const crashPoint = crashPoints("keeper", process.env["CAIRN_CRASH_AT"] ?? null);

interface HandedInSockets {
  /** Descriptor of the socket of the practice's own page; null where none was handed in. */
  readonly page: number | null;
  /** Descriptor of the socket for other desks, which its unit names `desks`. */
  readonly desks: number | null;
}

/** The sockets that a service manager has handed in (sd_listen_fds(3)). */
export function handedInSockets(): HandedInSockets {
  const { LISTEN_FDS, LISTEN_PID, LISTEN_FDNAMES } = process.env;
  if (LISTEN_PID !== String(process.pid)) return { page: null, desks: null };
  const names = (LISTEN_FDNAMES ?? "").split(":");
  const all = Array.from({ length: Number(LISTEN_FDS) || 0 }, (_, i) => ({ name: names[i], fd: 3 + i }));
  const first = (wanted: boolean): number | null =>
    all.find(({ name }) => (name === "desks") === wanted)?.fd ?? null;
  return { page: first(false), desks: first(true) };
}

/**
 * Days for which accepted queries go on after their library has expired: `CAIRN_EXPIRED_LIBRARY_DAYS`, 30 by default.
 */
export function expiredLibraryDays(): number {
  const set = process.env["CAIRN_EXPIRED_LIBRARY_DAYS"] ?? "";
  return /^\d{1,3}$/.test(set) ? Number(set) : 30;
}

/** Names whoever gave a command that goes on as another user: `CAIRN_GIVEN_BY`, which the command line sets; null where it did not. */
export function givenBy(): string | null {
  return process.env["CAIRN_GIVEN_BY"] ?? null;
}
