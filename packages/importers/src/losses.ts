/** What a load takes away, or lets wait: said of each, and asked about where it is much. */
import type { Load, PeopleChanges, RemovedCounts, StoreTotals } from "@cairn/records";
import { ImportError } from "./errors.js";
import type { ImportRequest } from "./request.js";

/** Notes what waits for somebody or something that has not come, and what waited for what came. */
export function noteWaiting(
  { waitingEvents, joinedEvents, setAside }: Load,
  note: (text: string) => void,
): void {
  if (waitingEvents > 0)
    note(
      `${waitingEvents} events are of people who are not here, or cannot be told before a later extract explains their code: they are kept, count nowhere, and join when that comes`,
    );
  if (joinedEvents > 0)
    note(`${joinedEvents} events that waited are of people who are here now, and joined them`);
  if (setAside.people > 0)
    note(
      `${setAside.people} people went whose newest row marks them as test patients, or is bad; their ${setAside.events} events wait, in case a later one does not`,
    );
}

/** Notes, once, that a store of an earlier version may hold what rows since then corrected to be none. */
export function noteKeptWrongly(load: Load, format: string, note: (text: string) => void): void {
  if (load.clearKeptWrongly())
    note(
      `an earlier version of Cairn kept registrations and entries that a later row of an extract corrected to be none, and these stay until they are told again: take a bulk extract in once with cairn agent import BULK --format ${format} --whole`,
    );
}

const GONE_UNASKED = 0.1;

/** Notes what was removed. @throws ImportError where a whole extract would remove more than a tenth */
export function sayGone(
  request: ImportRequest,
  gone: RemovedCounts,
  before: StoreTotals,
  note: (text: string) => void,
): void {
  const { people, events, registrations } = gone;
  if (people + events + registrations === 0) return;
  if (request.whole !== true) {
    if (people > 0) note(`${people} people who are deleted went, with ${events} events`);
    else if (registrations > 0)
      note(
        `${registrations} registrations of earlier loads overlapped those of this extract and were replaced by them`,
      );
    return;
  }
  const words = `${people} of ${before.patients} people, ${events} of ${before.events} events and ${registrations} of ${before.registrations} registrations are not in this extract`;
  const many = people > before.patients * GONE_UNASKED || events > before.events * GONE_UNASKED;
  if (many && request.yes !== true && !request.dryRun)
    throw new ImportError(
      "needs-yes",
      `${words} and would go; say --yes beside --whole if that is meant; nothing was kept`,
    );
  note(request.dryRun ? `${words} and would go` : `${words} and went`);
}

/** So few may always leave, however few there are: a handful is no sign of a bad extract. */
const A_HANDFUL = 5;

/** @throws ImportError where more than a tenth of the patients, and a handful, would be none any more */
export function requireFewLost(
  request: ImportRequest,
  { left, before }: PeopleChanges,
  note: (text: string) => void,
): void {
  if (left <= Math.max(A_HANDFUL, before * GONE_UNASKED)) return;
  const words = `${left} of ${before} patients would be patients no more after this extract`;
  if (request.dryRun || request.yes === true) return note(words);
  throw new ImportError(
    "needs-yes",
    `${words}: see whether it is whole and this practice's, and say --yes if that is meant; nothing was kept`,
  );
}
