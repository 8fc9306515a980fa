/** Where the practice's pages are on this machine and at other desks, as the last start left it, and in words. */
import { longDate } from "@cairn/text";
import { allRows } from "./people/rows.js";
import { setSetting, setting } from "./store/settings.js";
import type { KeeperStore, Reader } from "./store/store.js";

export interface OpenDesks {
  readonly address: string; // https://10.1.2.3:8651
  readonly certificate: string; // path of its file
  readonly until: string | null; // ISO 8601: when it ends; null where it could not be used
  /** The reason why they are not open although they were to be; null where they are. */
  readonly problem: string | null;
  /** Whether that is because the certificate is past its end, which happens to an agent that was set up well. */
  readonly ended: boolean;
}

/** Keeps how this start left it; null where pages are on this machine alone. */
export function keepDesks(store: KeeperStore, desks: OpenDesks | null): void {
  const text = JSON.stringify(desks);
  if ((setting(store, "other-desks") ?? "null") === text) return;
  store.unheard((change) => setSetting(change, "other-desks", text));
}

/** How the last start left it; null where pages are on this machine alone. */
export function openDesks(store: Reader): OpenDesks | null {
  return JSON.parse(setting(store, "other-desks") ?? "null") as OpenDesks | null;
}

/** The address of pages that were never shown: the port that `start` takes where none is said. */
const USUAL = "http://localhost:8650";

/** Keeps at which port this start shows the pages to this machine. */
export function keepOwnPages(store: KeeperStore, port: number): void {
  const address = `http://localhost:${port}`;
  if (ownPages(store) === address) return;
  store.unheard((change) => setSetting(change, "own-pages", address));
}

/** Where the pages are on this machine, or were when they were last shown. */
export function ownPages(store: Reader): string {
  return setting(store, "own-pages") ?? USUAL;
}

export interface DeskStatus extends OpenDesks {
  /** How many people can sign in there. */
  readonly withCodes: number;
  /** People who cannot yet: they have no one-time codes. */
  readonly withoutCodes: readonly string[];
}

/** How the last start left it, and who can sign in there; null where pages are on this machine alone. */
export function deskStatus(store: Reader): DeskStatus | null {
  const desks = openDesks(store);
  if (desks === null) return null;
  const people = allRows(store).filter(({ disabled }) => disabled === 0);
  const withoutCodes = people.filter(({ codeKey }) => codeKey === null).map(({ name }) => name);
  return { ...desks, withCodes: people.length - withoutCodes.length, withoutCodes };
}

/** Days before its end from which on a certificate is to be renewed. */
const RENEW_DAYS = 30;

/** Whether they are open, with a certificate that is good for a while. @param now milliseconds since 1970 */
export function desksHold({ until, problem }: OpenDesks, now: number): boolean {
  return problem === null && until !== null && Date.parse(until) - now > RENEW_DAYS * 86_400_000;
}

/** Lines without a full stop at their end, of an agent that runs. @param now milliseconds since 1970 */
export function deskLines(desks: DeskStatus, now: number): string[] {
  const { address, problem } = desks;
  if (problem !== null) return [`Pages are not open to other desks: ${problem}`];
  return [
    `Pages are open to other desks at ${address}; ${certificateWords(desks, now)}`,
    ...codeLines(desks),
  ];
}

function certificateWords(desks: DeskStatus, now: number): string {
  const { certificate, until } = desks;
  const ends = Date.parse(until ?? "");
  const when = `their certificate ${ends > now ? "ends" : "ended"} on ${longDate((until ?? "").slice(0, 10))}`;
  return desksHold(desks, now) ? when : `${when}: have ${certificate} renewed, then start the agent again`;
}

function codeLines({ withCodes, withoutCodes }: DeskStatus): string[] {
  const [first] = withoutCodes;
  if (first !== undefined)
    return [
      `Without one-time codes yet, and so not let in from there: ${withoutCodes.join(", ")} (cairn agent person link "${first}")`,
    ];
  return withCodes > 0
    ? []
    : ["Nobody can sign in from other desks: cairn agent person add NAME --role ROLE adds the first"];
}
