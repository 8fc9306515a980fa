/** Imports an extract into the store, whole or not at all. */
import { isoDate } from "@cairn/query-library";
import { explained, SqliteError } from "@cairn/sqlite";
import { type GivenMap, type Load, NOTHING_WRITTEN, type RecordBasis, type Records } from "@cairn/records";
import { describeExtract, importerOf, likeness } from "./all.js";
import { isProtected } from "./code-lists.js";
import { readCodeMap } from "./code-map.js";
import {
  dayOf,
  dayOfKnown,
  missingBefore,
  noteOlder,
  noteUnsaidDay,
  requireNoGap,
  requireNotAfter,
  requireNotOlder,
  requireReached,
  todayOf,
} from "./complete-to.js";
import { withoutCopies } from "./copies.js";
import { requireReadable } from "./decrypt.js";
import { type Deprivation, readDeprivation } from "./deprivation.js";
import { ImportError } from "./errors.js";
import { FileReader, findFiles } from "./files.js";
import type { ExtractFacts } from "./importer.js";
import { noteKeptWrongly, noteWaiting, requireFewLost, sayGone } from "./losses.js";
import { type Changes, type ImportReport, NOTHING_CHANGED, type Reading } from "./report.js";
import { type ImportRequest, questionOf } from "./request.js";
import {
  noteStrangers,
  requireBulk,
  requireSameOrganisation,
  requireSomething,
  requireTablesOfBefore,
  requireUncut,
  withLikeness,
} from "./soundness.js";
import type { SourceFile } from "./source-file.js";
import { Tally } from "./tally.js";

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
  const extract = { files, reader: new FileReader(() => undefined, decrypt) };
  const facts = await describeExtract(importer, extract);
  const { files: _listed, ...said } = facts;
  requireSameOrganisation(facts, records);
  const last = records.newestExtract()?.moment ?? null;
  requireNoGap((await importer.describeEach?.(extract)) ?? [], last, request, note);
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
    const nothing = requireSomething(load, tally, isNight, likeness(files, request.format));
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
      if (nothing !== null) note(nothing);
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
    noteKeptWrongly(load, request.format, note);
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
    // A row that is nobody's, or of somebody awaited, is taken from whoever had it.
    if (nothing !== null && written.deleted + gone.events === 0) note(nothing);
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
        corrected: corrected + moved + load.recodedEvents + load.movedToBirth,
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
      missing: missingBefore(importer, facts, request, last),
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

async function givenMap(codeMap: string | false | undefined): Promise<GivenMap | null> {
  if (codeMap === undefined) return null;
  return codeMap === false ? [] : readCodeMap(codeMap);
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
