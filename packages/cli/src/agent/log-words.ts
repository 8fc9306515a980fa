/** The practice's log and its processes' log lines as a person reads them. */
import type { Entry } from "@cairn/audit-log";

/** Keys and digests are for programs: `agent log --json` has them. */
const FOR_PROGRAMS = /^[0-9a-f]{40,}$/;

/** An entry as one line: its number, when (UTC), what, and who said so. */
export function entryWords({ position, time, kind, body }: Entry): string {
  const { by, run, v: _version, ...rest } = body;
  const facts = Object.entries(rest)
    .filter(
      ([, value]) => value !== null && value !== "" && value !== false && !FOR_PROGRAMS.test(String(value)),
    )
    .map(([name, value]) => `${spaced(name)} ${value}`);
  if (typeof run === "string") facts.unshift(`run ${run.slice(0, 8)}`);
  const what = [spaced(kind), ...(facts.length > 0 ? [facts.join(", ")] : [])].join(": ");
  return `${position}  ${time.slice(0, 16).replace("T", " ")}  ${what}${by ? `; by ${by}` : ""}`;
}

/** `query_version`, `query-version`, or `queryVersion` of entries from before: two words. */
function spaced(name: string): string {
  return name.replaceAll(/[-_]/g, " ").replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}

/** A line of JSON that a keeper or courier logged, as text; any other line as it is. */
export function logLineWords(line: string): string {
  try {
    const { time, process, msg } = JSON.parse(line) as { time: number; process: string; msg: string };
    return `${new Date(time).toISOString().slice(11, 19)} ${process}: ${msg}`;
  } catch {
    return line;
  }
}
