/** Reads the environment; no other file of the hub does. */
import { crashPoints } from "@cairn/crash-points";

/** `CAIRN_CRASH_AT` names the folder where fault tests arm crash points. */
export const crashPoint = crashPoints("hub", process.env["CAIRN_CRASH_AT"] ?? null);

/** Names whoever gave a command that goes on as another user: `CAIRN_GIVEN_BY`, which the command line sets; null where it did not. */
export function givenBy(): string | null {
  return process.env["CAIRN_GIVEN_BY"] ?? null;
}
