/** The library asked of an invented practice, from its extract on: what disclosure control is handed. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { UndecidedTable } from "@cairn/disclosure";
import { answer } from "@cairn/engine";
import { LIBRARY_LOCATION } from "@cairn/library";
import { openLibrary, periodEnds, problemLine } from "@cairn/query-library";
import { readLibraryFolder } from "@cairn/query-library/folder";
import { importRecords } from "../../packages/importers/src/import.js";
import { openRecords } from "../../packages/records/src/store.js";
import { withoutOptOuts } from "../../packages/records/src/opt-outs.js";
import { askedAs } from "../../packages/keeper/src/work/make.js";
import { writePractice } from "../../packages/synthetic/src/index.js";

const UNTIL = "2025-03-31";
/** Of those in an extract three in five are still on the list. */
const ON_THE_LIST = 0.6;

interface LibraryAt {
  readonly queries: number;
  /** For each query its tables, oldest quarter first. */
  readonly tables: readonly (readonly UndecidedTable[])[];
  readonly registered: number;
}

/** Every query of the library at a practice of about so many registered patients, at the newest quarters. */
export async function libraryAt(patients: number, quarters: number): Promise<LibraryAt> {
  const folder = mkdtempSync(join(tmpdir(), "cairn-bench-"));
  try {
    const extract = join(folder, "extract");
    await writePractice({
      patients: Math.round(patients / ON_THE_LIST),
      eventsPerPatient: 60,
      seed: "guard",
      until: UNTIL,
      practice: "Stonegarth Surgery",
      out: extract,
      format: "journal",
    });
    const records = openRecords(folder);
    await importRecords(records, {
      format: "journal",
      paths: [extract],
      system: "snomed",
      completeTo: null,
      registeredFrom: null,
      dryRun: false,
      now: new Date(),
      progress: () => undefined,
    });
    const source = records.source();
    const queries = theLibrary();
    const answered = answer(source, queries, periodEnds("quarter", quarters, UNTIL), withoutOptOuts());
    const tables = queries.map((query, nth) => askedAs(query, answered[nth] ?? []));
    const ofPeople = tables.filter((_, nth) => queries[nth]?.unit === "people"); // others count items or events
    const everyone = ofPeople.map((each) => each.at(-1)?.cells[0]?.denominator ?? 0);
    records.close();
    return { queries: queries.length, tables, registered: Math.max(...everyone) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function theLibrary() {
  const { library, problems } = openLibrary(readLibraryFolder(fileURLToPath(LIBRARY_LOCATION)));
  if (problems[0]) throw new Error(problemLine(problems[0]));
  return [...library.queries.values()].map(({ query }) => query);
}
