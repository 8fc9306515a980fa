/** Imports an extract into the store, whole or not at all. */
import type { Codelist, CodeSystem } from "@cairn/query-library";
import { dayNumber, isoDate } from "@cairn/query-library";
import { explained, SqliteError } from "@cairn/sqlite";
import {
  type GivenMap,
  type RecordBasis,
  type Load,
  type PeopleChanges,
  type StoreTotals,
  type QualityQuestion,
  QUIET_DAYS,
  type Reach,
  type RemovedCounts,
  type Records,
  NOTHING_WRITTEN,
} from "@cairn/records";
import { isProtected } from "./code-lists.js";
import { readCodeMap } from "./code-map.js";
import { type Deprivation, type DeprivationTables, readDeprivation } from "./deprivation.js";
import { withoutCopies } from "./copies.js";
import { ImportError } from "./errors.js";
import { type Command, requireReadable } from "./decrypt.js";
import { FileReader, findFiles } from "./files.js";
import { describeExtract, importerOf, likeness } from "./all.js";
import { missingBetween } from "./gap.js";
import type { ExtractFacts, Importer } from "./importer.js";
import { lastWholeDay } from "./moments.js";
import { type Changes, type ImportReport, NOTHING_CHANGED, type Reading } from "./report.js";
import type { SourceFile } from "./source-file.js";
import { Tally } from "./tally.js";

export interface ImportRequest {
  readonly format: string;
  readonly paths: readonly string[];
  /** The command that decrypts files which end in `.gpg`, from standard input to standard output. */
  readonly decrypt?: Command | null;
  /** System of codes that come without one. */
  readonly system: CodeSystem;
  /** Day number, not after today; wins over the extract's own manifest. */
  readonly completeTo: number | null;
  /**
   * Whether a person decided that the extract is complete to the day this many days after the newest event of the
   * newest month of usual volume.
   */
  readonly quietDays?: number | null;
  /**
   * Whether to take an extract that is complete to an earlier day than the records: it may undo what came after it.
   */
  readonly older?: boolean;
  /** Whether the extract is all there is: people, registrations and events that are not in it are removed. */
  readonly whole?: boolean;
  /** Whether a person agreed that more than a tenth of the people or events may be removed. */
  readonly yes?: boolean;
  /** The organisation whose records are taken, by its code or GUID, where an extract holds several. */
  readonly organisation?: string | undefined;
  readonly registeredFrom: "birth" | "first-record" | null;
  /** File of a code map to put in force; false removes the present one, absent keeps it. */
  readonly codeMap?: string | false | undefined;
  /** Tables of deprivation by postcode, for extracts that carry postcodes; absent leaves what is known. */
  readonly deprivation?: DeprivationTables | undefined;
  /** The codelists of the library's queries, to check that the records have their codes. */
  readonly codelists?: readonly Codelist[];
  /** Whether to read, check and count everything, and keep nothing. */
  readonly dryRun: boolean;
  /** Whether nobody looks on: what a person would be told of an extract that is not whole then stops the load. */
  readonly unattended?: boolean;
  /** Called when everything was read, before it is kept; what it throws ends the load. */
  readonly beforeKeeping?: () => void;
  readonly now: Date;
  progress(step: "reading" | "writing", done: number, of: number): void;
}

/** Loads an extract. @throws ImportError or SqliteError; the store is then as it was */
export async function importRecords(records: Records, request: ImportRequest): Promise<ImportReport> {
  const importer = importerOf(request.format);
  const map = await givenMap(request.codeMap);
  const deprivation = request.deprivation === undefined ? null : await readDeprivation(request.deprivation);
  const notes = new Set<string>();
  const note = (text: string): void => void notes.add(text);
  const found = await findFiles(request.paths, importer.format, importer.standardInput, note);
  const decrypt = request.decrypt ?? null;
  requireReadable(found, decrypt);
  const files: SourceFile[] = [];
  for (const each of importer.apart?.(found) ?? [found])
    files.push(...(await withoutCopies(each, (file) => importer.knows(file), note)));
  const facts = await describeExtract(importer, { files, reader: new FileReader(() => undefined, decrypt) });
  const { files: _listed, ...said } = facts;
  requireSameOrganisation(facts, records);
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  const reader = new FileReader((done) => request.progress("reading", done, bytes), decrypt);
  const tally = new Tally();
  const before = records.totals();
  const load = records.beginLoad(map, request.whole, isProtected);
  try {
    const claims = await importer
      .read({
        files,
        reader,
        load,
        tally,
        system: request.system,
        organisation: request.organisation ?? null,
        deprivation,
        note,
      })
      .catch((cause: unknown) => {
        throw withLikeness(cause, request.format, files);
      });
    requireUncut(request, tally, note);
    const isNight = importer.nightly === true && load.people.held > 0 && request.whole !== true;
    tally.requireCredible(isNight);
    const nothing = requireSomething(load, tally, isNight, note);
    const coversTo = request.completeTo ?? claims.coversTo ?? dayOf(facts);
    if (request.completeTo === null) requireNotAfter(request, coversTo);
    const digest = reader.digest(settingsOf(request, facts, deprivation));
    if (deprivation !== null) noteFifths(deprivation, note);
    const read = {
      format: request.format,
      rows: tally.rows(),
      reasons: tally.reasons(),
      doubts: tally.doubts(),
    };
    if (request.whole !== true && load.knows(digest)) {
      load.abandon();
      const day = dayOfKnown(request, coversTo, records.coversTo(), note);
      // One that was taken before, of an earlier day, is not the newest.
      const extract = day === null ? { ...said, to: null } : said;
      return alreadyHere(records, request, map, digest, day, { ...read, extract, notes: [...notes] });
    }
    requireTablesOfBefore(request, importer.everyTable ?? [], records, tally, note);
    if (request.older !== true) requireNotOlder(coversTo, records.coversTo());
    else noteOlder(coversTo, records.coversTo(), note);
    if (request.completeTo === null) noteUnsaidDay(coversTo, records.coversTo(), note);
    if (request.whole !== true) noteStrangers(load, note);
    const left = load.settle();
    const basis = basisOf(load, request.registeredFrom, note);
    if (load.mapIsNew) load.recode();
    const written = load.writeEvents((done, of) => request.progress("writing", done, of));
    if (importer.ethnicCodes !== undefined) load.setEthnicGroups(importer.ethnicCodes());
    const gone = { ...left, events: left.events + load.goneEvents };
    sayGone(request, gone, before, note);
    noteWaiting(load, note);
    if (importer.kindUnsaid === true && before.patients === 0)
      requireBulk(request, facts, tally.orphans(), written.added, note);
    if (load.unmatchedTombstones > 0)
      note(`${load.unmatchedTombstones} rows marked deleted were not here before this extract`);
    if (written.withheld !== undefined)
      note(
        `${written.withheld} rows have a code for names, addresses or numbers of people and were not kept`,
      );
    load.notKept().forEach(note);
    if (nothing !== null && load.waitingEvents === 0 && written.deleted + gone.events > 0) throw nothing;
    const quality = load.quality(questionOf(request), written);
    requireReached(request, coversTo, quality.reach);
    const covers_to = coversTo === null ? records.coversTo() : isoDate(coversTo);
    const people = load.peopleChanges(coversTo ?? todayOf(request.now));
    requireFewLost(request, people, note);
    const { added, corrected, deleted, moved = 0 } = written;
    const changes: Changes = {
      people: { joined: people.joined, left: people.left, died: people.died },
      events: {
        added: added - moved + load.joinedEvents,
        corrected: corrected + moved + load.explainedEvents,
        deleted: deleted + gone.events + load.setAside.events,
      },
    };
    const report: ImportReport = {
      ...read,
      ...load.totals(),
      covers_to,
      extract: said,
      changes,
      quality,
      basis,
      known: false,
      missing: missingBefore(importer, facts, request, records.newestExtract()?.moment ?? null),
      notes: [...notes],
    };
    request.beforeKeeping?.();
    if (!request.dryRun) keep(load, request, digest, coversTo, report);
    return report;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOSPC")
      throw new SqliteError("full", "the record store", { cause: error });
    throw explained(error, "the record store");
  } finally {
    load.abandon();
  }
}

/**
 * Handles the same extract again: it changes no record, whatever came after it; but the day to which it is said to be
 * complete may be another, and so may the code map: then the codes of the whole store are mapped anew.
 */
function alreadyHere(
  records: Records,
  request: ImportRequest,
  map: GivenMap | null,
  digest: string,
  coversTo: number | null,
  read: Reading & Pick<ImportReport, "extract">,
): ImportReport {
  const load = records.beginLoad(map);
  try {
    const recoded = load.mapIsNew ? load.recode() : 0;
    const quality = load.quality(questionOf(request), NOTHING_WRITTEN);
    requireReached(request, coversTo, quality.reach);
    const report: ImportReport = {
      ...read,
      ...load.totals(),
      covers_to: coversTo === null ? records.coversTo() : isoDate(coversTo),
      changes: NOTHING_CHANGED,
      quality,
      basis: load.basis() ?? "registrations",
      known: true,
      missing: null,
      notes: load.mapIsNew
        ? [...read.notes, `the code map is another: ${recoded} events got another code`]
        : read.notes,
    };
    const anotherDay = coversTo !== null && isoDate(coversTo) !== records.coversTo();
    if (!request.dryRun && (load.mapIsNew || anotherDay)) keep(load, request, digest, coversTo, report);
    return report;
  } finally {
    load.abandon();
  }
}

/**
 * Checks that an extract brings something. What waits for people who are not here is nothing yet.
 * @throws ImportError where there is no person and nobody is here yet, no row of those that it has, or no table at
 * all. A later extract of tables without rows is one of a quiet day, which is noted; so is a night that concerns nobody here.
 * @returns where nothing was taken, the error to throw if the load takes anything away all the same; else null
 */
function requireSomething(
  load: Load,
  tally: Tally,
  isNight: boolean,
  note: (text: string) => void,
): ImportError | null {
  const counts = Object.values(tally.rows());
  const skipped = counts.reduce((total, each) => total + each.skipped, 0);
  const first = tally.reasons()[0];
  const why =
    first === undefined
      ? ""
      : `; most often ${first.reason} (first at ${first.example.file}:${first.example.line})`;
  if (load.people.isEmpty())
    throw new ImportError(
      "nothing-taken",
      `no person was found in this extract, so nothing was kept${why || "; check that its file of people is there, and --format"}`,
    );
  if (load.brings()) return null;
  const nothing = new ImportError(
    "nothing-taken",
    `nothing of this extract could be taken, so nothing was kept${why}`,
  );
  if (counts.length === 0 || (skipped > 0 && !isNight)) throw nothing;
  note(
    skipped > 0
      ? `no row of this extract is of the people here: no record changed${why}`
      : "this extract holds no rows: no record changed",
  );
  return nothing;
}

/** Notes the day to which records count as complete where nobody gave it now: what is released depends on it. */
function noteUnsaidDay(claimed: number | null, held: string | null, note: (text: string) => void): void {
  if (claimed !== null)
    note(
      `no --complete-to was given: taken as complete to ${isoDate(claimed)}, as the extract says of itself; what is released rests on it`,
    );
  else if (held !== null)
    note(
      `no --complete-to was given, and the extract names no day: the records count as complete to ${held}, as before`,
    );
}

/** What tells an extract from others of the same content: how it was read, and its moment, since a delta may repeat one. */
function settingsOf(
  { format, system }: ImportRequest,
  { to }: ExtractFacts,
  deprivation: Deprivation | null,
): string {
  const moment = to === null ? [] : [to];
  return [format, system, ...(deprivation === null ? [] : [deprivation.digest]), ...moment].join(" ");
}

/** Notes how many people a table of deprivation told of. */
function noteFifths({ asked, found }: Deprivation, note: (text: string) => void): void {
  if (asked === 0) note("this extract gives nobody's postcode, so --deprivation changed nothing");
  else note(`--deprivation: ${found} of ${asked} people whose address was read got a deprivation fifth`);
}

/** Number of people from which on it is odd that all are new. */
const STRANGERS_FROM = 100;

/** Notes where no person of the store is in the extract: it may be another practice's. */
function noteStrangers({ people }: Load, note: (text: string) => void): void {
  if (people.meetsHeld || people.held < STRANGERS_FROM || people.named < STRANGERS_FROM) return;
  note(`none of the ${people.held} people in the store is in this extract: is it this practice's?`);
}

/** Adds the name of another format to a reader's error, where the files look like that format's. */
function withLikeness(cause: unknown, format: string, files: readonly SourceFile[]): unknown {
  if (!(cause instanceof ImportError) || !["no-files", "not-this-format"].includes(cause.code)) return cause;
  const like = likeness(files, format);
  return like === null ? cause : new ImportError(cause.code, `${cause.message}; ${like}`, cause);
}

/**
 * Checks that an extract is of the organisation that the one before it named.
 * @throws ImportError where both name one, and they differ
 */
function requireSameOrganisation({ organisation }: ExtractFacts, records: Records): void {
  if (organisation === null) return;
  const before = records
    .imports()
    .map(({ report }) => (report as Partial<ImportReport>).extract?.organisation ?? null)
    .find((each) => each !== null);
  if (before === undefined || plain(before) === plain(organisation)) return;
  throw new ImportError(
    "two-practices",
    `by its manifest this extract is of ${plain(organisation)}, and those before it were of ${plain(before)}: take it to the agent of that practice, or put its manifest right; nothing was kept`,
  );
}

/** A name from a manifest, on one line and not long. */
function plain(name: string): string {
  return name.replace(/[^\p{L}\p{N} .,&'()/-]+/gu, " ").trim().slice(0, 100); // prettier-ignore
}

/** So many events of nobody, and more than this share of all, are no bulk's: a delta tells of people whom it does not name. */
const STRANGE_FROM = 10;
const STRANGE_SHARE = 0.1;

/** Checks that the first extract is not what changed alone. @throws ImportError where it says so, or looks so */
function requireBulk(
  request: ImportRequest,
  { kind }: ExtractFacts,
  orphans: number,
  events: number,
  note: (text: string) => void,
): void {
  if (kind === "bulk") return;
  const looksSo = orphans >= STRANGE_FROM && orphans > (orphans + events) * STRANGE_SHARE;
  if (kind === null && !looksSo) return;
  const why =
    kind === "delta"
      ? "by its manifest this extract holds what changed alone"
      : `${orphans} of ${orphans + events} events of this extract are of people whom it does not tell of, as in a night that holds what changed alone`;
  const words = `${why}, and no bulk was loaded before`;
  if (request.dryRun || request.yes === true) return note(`${words}: these records may not be whole`);
  throw new ImportError(
    "needs-yes",
    `${words}: load the bulk extract first, and then the nights after it; if this is the bulk, say --yes; nothing was kept`,
  );
}

/** Notes what waits for somebody or something that has not come, and what waited for what came. */
function noteWaiting({ waitingEvents, joinedEvents, setAside }: Load, note: (text: string) => void): void {
  if (waitingEvents > 0)
    note(
      `${waitingEvents} events are of people who are not here, or cannot be told before a later extract explains their code: they are kept, count nowhere, and join when that comes`,
    );
  if (joinedEvents > 0)
    note(`${joinedEvents} events that waited are of people who are here now, and joined them`);
  if (setAside.people > 0)
    note(
      `${setAside.people} people are marked as test patients now and went; their ${setAside.events} events wait, in case they are not`,
    );
}

const GONE_UNASKED = 0.1;

/** Notes what was removed. @throws ImportError where a whole extract would remove more than a tenth */
function sayGone(
  request: ImportRequest,
  gone: RemovedCounts,
  before: StoreTotals,
  note: (text: string) => void,
): void {
  const { people, events, registrations } = gone;
  if (people + events + registrations === 0) return;
  if (request.whole !== true) {
    if (people > 0) note(`${people} people who are deleted went, with ${events} events`);
    else
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
function requireFewLost(
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

/** Notes files that end in the middle of a row. @throws ImportError where nobody would read the note */
function requireUncut({ unattended }: ImportRequest, tally: Tally, note: (text: string) => void): void {
  const files = tally.cutOff();
  if (files.length === 0) return;
  const words = `${files.join(", ")} ${files.length === 1 ? "is" : "are"} cut off`;
  if (unattended !== true)
    return note(
      `${words}: the last row there is not whole, and rows behind it may be missing; copy it again`,
    );
  throw new ImportError(
    "unreadable",
    `${words}: nothing was kept; copy the extract again, or take it as it is with cairn agent import`,
  );
}

/**
 * Notes tables that the extract before had and this one has not.
 * @throws ImportError where nobody would read the note; and of a whole extract, which takes away all that such a table
 * held, unless a person agreed
 */
function requireTablesOfBefore(
  { format, unattended, whole, yes, dryRun }: ImportRequest,
  tables: readonly string[],
  records: Records,
  tally: Tally,
  note: (text: string) => void,
): void {
  const has = tally.rows();
  const absent = tables.filter((table) => !(table in has));
  if (absent.length === 0) return;
  const earlier = records
    .imports()
    .filter((each) => each.format === format)
    .map(({ report }) => (report as Pick<ImportReport, "rows">).rows);
  // Of a night the one before tells; a whole extract stands in the place of all.
  const isByHand = whole === true && unattended !== true;
  const had = isByHand ? earlier : earlier.slice(0, 1);
  const lacking = absent.filter((table) => had.some((rows) => table in rows));
  if (lacking.length === 0) return;
  const words = `the extract has no ${lacking.join(", ")}, which ${isByHand ? "an earlier one" : "the one before it"} had`;
  if (isByHand) {
    const goes = `${words}: all that it held goes`;
    if (yes === true || dryRun) return note(goes);
    throw new ImportError(
      "needs-yes",
      `${goes}; copy the extract again, or say --yes beside --whole if that is meant; nothing was kept`,
    );
  }
  if (unattended !== true) return note(`${words}: what changed there is not known`);
  throw new ImportError(
    "no-files",
    `${words}: nothing was kept; copy the extract again, or take it as it is with cairn agent import`,
  );
}

/** Checks the day to which an extract is complete. @throws ImportError where it has not come yet */
function requireNotAfter({ now, unattended }: ImportRequest, coversTo: number | null): void {
  if (coversTo === null || coversTo <= todayOf(now)) return;
  throw new ImportError(
    "not-this-format",
    `the extract says of itself that it is complete to ${isoDate(coversTo)}, which has not come yet; put that right there, or ${unattended === true ? "take it in by hand with cairn agent import, saying" : "say"} the last day for which it is complete with --complete-to; nothing was kept`,
  );
}

/** The last day for which an extract is complete by what it says of itself; null where it does not say. */
function dayOf({ to }: ExtractFacts): number | null {
  return to === null ? null : lastWholeDay(to);
}

/** The day of a moment, in UTC or here, whichever is later. */
function todayOf(now: Date): number {
  const here = new Date(now.getTime() - now.getTimezoneOffset() * 60_000);
  return Math.max(...[now, here].map((each) => dayNumber(each.toISOString().slice(0, 10))));
}

/** Checks that the extract is not older than the records. @throws ImportError where it is */
function requireNotOlder(coversTo: number | null, held: string | null): void {
  if (coversTo === null || held === null || isoDate(coversTo) >= held) return;
  throw new ImportError(
    "older-extract",
    `this extract is complete to ${isoDate(coversTo)} and the records are to ${held}: it would undo what came after it; give extracts in their order, or say --older if that is meant, and then give those after it again, oldest first (cairn agent watch takes those that it still has by itself); nothing was kept`,
  );
}

/** Notes what to do after an extract that is older than the records. */
function noteOlder(coversTo: number | null, held: string | null, note: (text: string) => void): void {
  if (coversTo === null || held === null || isoDate(coversTo) >= held) return;
  note(
    `the records were complete to ${held} and are to ${isoDate(coversTo)} now: give the extracts after that day again, oldest first (cairn agent watch takes those that it still has by itself)`,
  );
}

/**
 * What is missing between an extract of what changed and the one before it, in words; null where nothing is. A format
 * of nights does not say of each that it is one.
 */
function missingBefore(
  { nightly }: Importer,
  facts: ExtractFacts,
  { whole }: ImportRequest,
  last: string | null,
): string | null {
  const isChanges = facts.kind === "delta" || (facts.kind === null && nightly === true);
  if (!isChanges || whole === true || facts.to === null || last === null || facts.to <= last) return null;
  return missingBetween({ ...facts, to: facts.to }, last);
}

/**
 * The day of an extract that was loaded before: one earlier than the records' holds only if a person gives it now.
 */
function dayOfKnown(
  request: ImportRequest,
  coversTo: number | null,
  held: string | null,
  note: (text: string) => void,
): number | null {
  const earlier = coversTo !== null && held !== null && isoDate(coversTo) < held;
  if (!earlier || request.completeTo !== null || request.older === true) return coversTo;
  note(`this extract is complete to ${isoDate(coversTo)}; the records stay complete to ${held}`);
  return null;
}

/**
 * Checks that the records reach the day to which they are said to be complete.
 * @throws ImportError where that day is long after the newest month of usual volume (`@cairn/records`, volume.ts).
 * The answer that is then needed changes with the day, so that a script that gives the same one each night is refused
 * again. Where the usual volume is unknown nothing is refused.
 */
function requireReached(request: ImportRequest, coversTo: number | null, { all }: Reach): void {
  if (coversTo === null || all?.usual_to == null) return;
  const quiet = coversTo - dayNumber(all.usual_to);
  if (quiet <= QUIET_DAYS || quiet === request.quietDays) return;
  const how =
    request.unattended === true
      ? `take it in by hand with cairn agent import and --quiet-days ${quiet}`
      : `say --quiet-days ${quiet} too`;
  const usual = Math.round(all.usual_month ?? 0);
  throw new ImportError(
    "beyond-events",
    `${isoDate(coversTo)} is ${quiet} days after ${all.usual_to}, where the newest month of usual volume ends (some ${usual} events; the newest event is of ${all.newest}): look whether the extract has stopped, and ${request.unattended === true ? "ask the supplier for a whole one" : "say the day that it reaches"}; if it really is complete to ${isoDate(coversTo)}, ${how}; nothing was kept`,
  );
}

async function givenMap(codeMap: string | false | undefined): Promise<GivenMap | null> {
  if (codeMap === undefined) return null;
  return codeMap === false ? [] : readCodeMap(codeMap);
}

function questionOf({ now, codelists = [] }: ImportRequest): QualityQuestion {
  return { today: dayNumber(now.toISOString().slice(0, 10)), codelists };
}

/**
 * The source of registrations: the extract's where there are any; otherwise as asked now, or earlier for this store.
 */
function basisOf(
  load: Load,
  asked: "birth" | "first-record" | null,
  note: (text: string) => void,
): RecordBasis {
  if (load.registrations.any()) {
    if (asked !== null)
      note("these records carry registrations, so --registered-from was not needed and was ignored");
    return "registrations";
  }
  const basis = asked ?? load.basis();
  if (basis === null || basis === "registrations") {
    throw new ImportError(
      "no-registrations",
      "these records carry no registrations: say --registered-from birth (people are counted from their birth on, so denominators are too large) or --registered-from first-record (from their first entry on, so who came earlier or has no entry is missed); with either, who left stays counted",
    );
  }
  return basis;
}

function keep(
  load: Load,
  request: ImportRequest,
  digest: string,
  coversTo: number | null,
  report: ImportReport,
): void {
  const { notes: _notes, ...kept } = report;
  load.commit({
    at: request.now.toISOString(),
    format: request.format,
    source: request.paths.join(" "),
    digest,
    coversTo,
    basis: report.basis,
    report: request.whole === true ? { ...kept, whole: true } : kept, // from here on earlier loads may come again
  });
}
