/** The state of the link in words, for the practice's own screens, each with the next command to type. */
import { minute, shellWord } from "@cairn/text";
import { offlineFrom, type LinkState } from "@cairn/wire";
import type { KeeperStore, Reader } from "./store/store.js";
import { setSetting, setting } from "./store/settings.js";

/** The link's state as the courier reported it over the socket, for users who may not read the courier's folder. */
interface ReportedLink {
  readonly link: LinkState;
  readonly at: string; // ISO, by this machine's clock
}

export function keepLink(store: KeeperStore, link: LinkState): void {
  const told: ReportedLink = { link, at: new Date(store.now()).toISOString() };
  store.change((change) => setSetting(change, "link", JSON.stringify(told)));
}

/** @returns the reported state; null where no courier has called this keeper. */
export function reportedLink(store: Reader): ReportedLink | null {
  return JSON.parse(setting(store, "link") ?? "null") as ReportedLink | null;
}

/** Time in ms after which a courier counts as silent: it calls each minute. */
const SILENT_MS = 180_000;

/** Whether a courier has called this keeper just now. @param spokeAt ISO. @param now milliseconds since 1970. */
export function courierSpeaks(spokeAt: string | null, now: number): boolean {
  return spokeAt !== null && now - Date.parse(spokeAt) < SILENT_MS;
}

interface Around {
  /** Milliseconds since 1970, by this machine's clock. */
  readonly now: number;
  readonly practice: string | null;
  /** Whether the courier runs; null where that cannot be seen. */
  readonly courierRuns: boolean | null;
  /** The courier's folder, as a person would type it. */
  readonly courierFolder: string;
  /** The end of a command of the agent: ` --data DIR`, or nothing. */
  readonly where: string;
}

/** Lines without a full stop at their end: whether the agent may take part, when the hub was last heard, whose clock that is. */
export function linkWords(link: LinkState | null, around: Around): string[] {
  if (link === null)
    return around.practice === null
      ? [`Not enrolled: ask the hub's operator for a join code, then ${enrolment(null, around)}`]
      : ["How the link to the hub stands is not known: no courier has reported it"];
  return [...mayTakePart(link, around), heardWords(link, around), ...clockWords(link)].filter(
    (line) => line !== "",
  );
}

function enrolment(hub: string | null, { where }: Around): string {
  return `cairn agent enrol${where} --hub ${hub ?? "HOST:PORT"} --join CODE`;
}

function mayTakePart({ state, hub, since, fingerprint }: LinkState, around: Around): string[] {
  const { practice, courierFolder } = around;
  const enrol = enrolment(hub, around);
  const anew = `ask its operator for a new join code, then rm -r ${shellWord(courierFolder)} and ${enrol}`;
  if (state === "not-enrolled")
    return [`Not enrolled: ask the hub's operator for a join code, then ${enrol}`];
  if (state === "revoked")
    return [`The hub has locked this agent out (revoked, since ${minute(since)}): ${anew}`];
  if (state === "cloned")
    return [
      `The hub takes this agent for a copy (cloned, since ${minute(since)}): where another installation of it runs, stop this one; where this one came back from a backup, ${anew}`,
    ];
  if (state === "forgotten")
    return [`The hub has forgotten this agent: ask its operator for a new join code, then ${enrol}`];
  if (fingerprint === null) return [];
  const name = practice === null ? "PRACTICE" : shellWord(practice);
  return [
    `Enrolled, and not admitted yet: read the fingerprint ${fingerprint} to the hub's operator, who gives cairn hub admit ${name} --fingerprint ${fingerprint}`,
  ];
}

/** States that the line before has named: the hub's own words would repeat it. */
const TOLD: ReadonlySet<LinkState["state"]> = new Set([
  "not-enrolled",
  "awaiting-admission",
  "revoked",
  "cloned",
]);

function heardWords(link: LinkState, { now, courierRuns }: Around): string {
  const { state, heard, problem, since } = link;
  if (heard === null && TOLD.has(state)) return "";
  const works = state === "works" && courierRuns !== false && !isPast(offlineFrom(link), now);
  const last = heard === null ? "The hub has not answered yet" : `The hub last answered at ${minute(heard)}`;
  if (works) return `The link works. ${last}`;
  const why = problem === null || TOLD.has(state) ? "" : `; since ${minute(since)}: ${problem}`;
  return `${last}${why}${offlineWords(link, now)}`;
}

/** Words for an agent that the hub counts among its practices, and does not hear just now. */
function offlineWords(link: LinkState, now: number): string {
  const from = offlineFrom(link);
  if (from === null || link.fingerprint !== null || TOLD.has(link.state)) return "";
  const after = `after ${lasting(link.offlineAfterSeconds ?? 0)} without a word`;
  return isPast(from, now)
    ? `; offline for the hub since ${minute(from)}, ${after}`
    : `; offline for the hub from ${minute(from)} on, ${after}`;
}

function isPast(moment: string | null, now: number): boolean {
  return moment !== null && Date.parse(moment) < now;
}

/** Difference of two clocks in seconds from which on it is shown. */
const CLOCKS_DIFFER_S = 5;

function clockWords({ hubAheadSeconds }: LinkState): string[] {
  if (hubAheadSeconds === null || Math.abs(hubAheadSeconds) < CLOCKS_DIFFER_S) return [];
  const way = hubAheadSeconds > 0 ? "behind" : "ahead of";
  return [
    `This machine's clock is ${lasting(Math.abs(hubAheadSeconds))} ${way} the hub's: times here are by this machine's clock, those on the hub's pages and lists by the hub's`,
  ];
}

function lasting(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}
