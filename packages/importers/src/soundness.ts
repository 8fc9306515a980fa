/** Whether an extract is what it should be: of this practice and format, whole, and with something in it. */
import type { Load, Records } from "@cairn/records";
import { likeness } from "./all.js";
import { ImportError } from "./errors.js";
import type { ExtractFacts } from "./importer.js";
import type { ImportReport } from "./report.js";
import type { ImportRequest } from "./request.js";
import type { SourceFile } from "./source-file.js";
import type { Tally } from "./tally.js";

/** Adds the name of another format to a reader's error, where the files look like that format's. */
export function withLikeness(cause: unknown, format: string, files: readonly SourceFile[]): unknown {
  if (!(cause instanceof ImportError) || !["no-files", "not-this-format"].includes(cause.code)) return cause;
  const like = likeness(files, format);
  return like === null ? cause : new ImportError(cause.code, `${cause.message}; ${like}`, cause);
}

/**
 * Checks that an extract is of the organisation that the one before it named.
 * @throws ImportError where both name one, and they differ
 */
export function requireSameOrganisation({ organisation }: ExtractFacts, records: Records): void {
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

/** Number of people from which on it is odd that all are new. */
const STRANGERS_FROM = 100;

/** Notes where no person of the store is in the extract: it may be another practice's. */
export function noteStrangers({ people }: Load, note: (text: string) => void): void {
  if (people.meetsHeld || people.held < STRANGERS_FROM || people.named < STRANGERS_FROM) return;
  note(`none of the ${people.held} people in the store is in this extract: is it this practice's?`);
}

/**
 * Checks that an extract brings something. What waits for people who are not here is nothing yet.
 * @param like says which other format the files look like, if any
 * @throws ImportError where there is no person and nobody is here yet, no row of those that it has, or no table at
 * all. A later extract of tables without rows is one of a quiet day; so is a night that concerns nobody here.
 * @returns where nothing was taken, what to say of it if it proves to take nothing away either; else null
 */
export function requireSomething(
  load: Load,
  tally: Tally,
  isNight: boolean,
  like: string | null,
): string | null {
  const counts = Object.values(tally.rows());
  const skipped = counts.reduce((total, each) => total + each.skipped, 0);
  const first = tally.reasons()[0];
  const why =
    first === undefined
      ? like === null
        ? ""
        : `; ${like}`
      : `; most often ${first.reason} (first at ${first.example.file}:${first.example.line})`;
  if (load.people.isEmpty())
    throw new ImportError(
      "nothing-taken",
      `no person was found in this extract, so nothing was kept${why || "; check that its file of people is there, and --format"}`,
    );
  if (load.brings()) return null;
  if (counts.length === 0 || (skipped > 0 && !isNight))
    throw new ImportError(
      "nothing-taken",
      `nothing of this extract could be taken, so nothing was kept${why}`,
    );
  return skipped > 0
    ? `no row of this extract is of the people here: no record changed${why}`
    : "this extract holds no rows: no record changed";
}

/** So many events of nobody, and more than this share of all, are no bulk's: a delta tells of people whom it does not name. */
const STRANGE_FROM = 10;
const STRANGE_SHARE = 0.1;

/** Checks that the first extract is not what changed alone. @throws ImportError where it says so, or looks so */
export function requireBulk(
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

/** Notes files that end in the middle of a row. @throws ImportError where nobody would read the note */
export function requireUncut(
  { unattended }: ImportRequest,
  tally: Tally,
  note: (text: string) => void,
): void {
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
export function requireTablesOfBefore(
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
