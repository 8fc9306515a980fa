/**
 * SystmOne by TPP: the strategic reporting extract, full or what changed since the one before. Some fifty tables, of which
 * eight are read; SRManifest.csv says which there are and from when to when. Several extracts in one load are read one
 * after the other, as if each were a load of its own.
 */
import { ethnicCodes } from "../code-lists.js";
import { ImportError } from "../errors.js";
import type { Extract, ExtractFacts, Importer, Intake } from "../importer.js";
import type { SourceFile } from "../source-file.js";
import { tableOf } from "../table-files.js";
import type { MissingPeople } from "./missing-people.js";
import { readAddresses } from "./addresses.js";
import { WayReader } from "./contact-ways.js";
import { EVENT_TABLES, readEvents } from "./events.js";
import { apart, inOrder, type OneExtract } from "./extracts.js";
import { LAYOUTS, type KnownTable } from "./layout.js";
import { NewOptions, readListOptions } from "./list-options.js";
import { MANIFEST } from "./manifest.js";
import { RowOrder } from "./order.js";
import { readPatients } from "./patients.js";
import { Practice } from "./practice.js";
import { readRegistrations } from "./registrations.js";
import { Standings } from "./standings.js";

const TABLES = Object.keys(LAYOUTS) as KnownTable[];
const NAMES = new Map(TABLES.map((table) => [table.toLowerCase(), table]));

export const systmone: Importer = {
  format: "systmone",
  standardInput: null,
  nightly: true,
  knows: (file) => nameOf(file) !== null || file.name === MANIFEST,
  describe,
  describeEach: async (extract) => (await inOrder(extract)).map(({ facts }) => facts),
  ethnicCodes,
  apart,
  async read(intake) {
    const practice = new Practice(intake);
    const standings = new Standings(intake.load.keptPeople);
    const absent: MissingPeople = { tests: new Set(), left: new Set(), standings };
    const changed = new NewOptions();
    const extracts = await inOrder(intake);
    if (extracts.every(({ facts }) => facts.to !== null)) intake.load.keepOrder();
    if (intake.load.whole && intake.deprivation !== null) intake.load.keptRows.forgetAddresses();
    for (const [i, extract] of extracts.entries()) {
      const order = new RowOrder(extract.facts.to);
      const files = sorted(intake, extract.files);
      requireWhole(intake, files, extract, i === 0);
      await readPatients(intake, files.SRPatient, practice, absent, order);
      await readRegistrations(intake, files.SRPatientRegistration, practice, absent, order);
      if (intake.deprivation !== null)
        await readAddresses(
          intake,
          files.SRPatientAddressHistory,
          practice,
          absent,
          order,
          intake.deprivation,
        );
      await readListOptions(intake, files.SRConfiguredListOption, order, changed);
      for (const table of EVENT_TABLES)
        await readEvents(intake, table, files[table.name], practice, absent, order, i > 0);
      new WayReader(intake.load).explain();
    }
    new WayReader(intake.load).recode(changed.ids);
    changed.note(intake);
    practice.require();
    return { coversTo: null }; // its manifest says it
  },
};

/** Describes all extracts together: from the first moment of the oldest to that of the newest. */
async function describe(extract: Extract): Promise<ExtractFacts> {
  const all = (await inOrder(extract)).map(({ facts }) => facts);
  const [oldest, newest] = [all[0]!, all.at(-1)!];
  if (all.length === 1) return oldest;
  const files = all.flatMap((each) => each.files ?? []);
  return { ...oldest, to: newest.to, files: [...new Map(files.map((each) => [each.name, each])).values()] };
}

function nameOf(file: SourceFile): KnownTable | null {
  const name = tableOf(file, [...NAMES.keys()]);
  return name === null ? null : NAMES.get(name)!;
}

function sorted(intake: Intake, all: readonly SourceFile[]): Record<KnownTable, SourceFile[]> {
  const files = Object.fromEntries(TABLES.map((table) => [table, []])) as unknown as Record<
    KnownTable,
    SourceFile[]
  >;
  let others = 0;
  for (const file of all) {
    const table = nameOf(file);
    if (table !== null) files[table].push(file);
    else if (/^sr[a-z0-9]+([-_. ].*)?\.csv$/.test(file.name)) others += file.name === MANIFEST ? 0 : 1;
    else if (file.name !== "manifest.json")
      intake.note(`${file.shown} is not part of a SystmOne extract and was not read`);
  }
  if (others > 0)
    intake.note(`${others} other tables hold nothing that a question asks about and were not read`);
  return files;
}

const LATER_FULL =
  "this is a full extract: what earlier ones held and it does not stays, unless --whole is said";

/** Checks that the tables are there that the manifest lists, and that a delta comes after a full extract. @throws ImportError */
function requireWhole(
  intake: Intake,
  files: Record<KnownTable, SourceFile[]>,
  { facts: { kind, files: listed } }: OneExtract,
  isOldest: boolean,
): void {
  const isFirst = isOldest && intake.load.people.isEmpty();
  const missing = TABLES.filter(
    (table) =>
      files[table].length === 0 && listed?.some(({ name }) => name === `${table.toLowerCase()}.csv`) === true,
  );
  if (missing.length > 0)
    throw new ImportError(
      "unreadable",
      `SRManifest.csv lists ${missing.join(", ")}, and the extract does not hold it; copy the extract again`,
    );
  if (isFirst && kind === "delta")
    throw new ImportError(
      "nothing-taken",
      "by its SRManifest.csv this extract holds what changed alone, and no full one was loaded before; load the full one first; nothing was kept",
    );
  if (files.SRPatient.length === 0 && isFirst)
    throw new ImportError("no-files", "no SRPatient.csv there; name the folder or .zip of the extract");
  if (kind === "bulk" && !isFirst && !intake.load.whole) intake.note(LATER_FULL);
  const events = EVENT_TABLES.filter(({ name }) => files[name].length === 0).map(({ name }) => name);
  if (kind !== "delta" && events.length > 0) intake.note(`the extract has no ${events.join(", ")}`);
}
