/** Reads the environment; no other file of the keeper does. */
import { crashPoints } from "@cairn/crash-points";

/** `CAIRN_CRASH_AT` names the folder where fault tests arm crash points. */
export const crashPoint = crashPoints("keeper", process.env["CAIRN_CRASH_AT"] ?? null);

/** Whether a service manager has handed in the page's socket as descriptor 3 (sd_listen_fds(3)). */
export function handedInDescriptor(): number | null {
  const { LISTEN_FDS, LISTEN_PID } = process.env;
  return LISTEN_FDS === "1" && LISTEN_PID === String(process.pid) ? 3 : null;
}

/**
 * Days for which accepted queries go on after their library has expired: `CAIRN_EXPIRED_LIBRARY_DAYS`, 30 by default.
 */
export function expiredLibraryDays(): number {
  const set = process.env["CAIRN_EXPIRED_LIBRARY_DAYS"] ?? "";
  return /^\d{1,3}$/.test(set) ? Number(set) : 30;
}
