/** Reads the environment; no other file of the hub does. */
import { crashPoints } from "@cairn/crash-points";

/** `CAIRN_CRASH_AT` names the folder where fault tests arm crash points. */
export const crashPoint = crashPoints("hub", process.env["CAIRN_CRASH_AT"] ?? null);
