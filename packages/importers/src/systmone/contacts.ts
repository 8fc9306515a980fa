/**
 * What an SREvent is as a contact: SNOMED CT has a code for each way in which a person is met. ContactMethod and
 * ContactEventLocation are words, or numbers that SRConfiguredListOption explains, in this extract or an earlier one.
 */
import { type Coding, rowId } from "@cairn/records";
import type { SourceFile } from "../source-file.js";
import type { Intake } from "../importer.js";
import { readTable, skipBad } from "../table.js";
import { SYSTMONE, textIn } from "./fields.js";
import { LAYOUTS, type Columns } from "./layout.js";
import type { RowOrder } from "./order.js";

/** Words for what is no meeting, whatever else it names: a text to a telephone, a letter to a home, a visit that failed. */
const NO_MEETING =
  /\b(text|sms|e-?mail|letter|message|note|liaison|fail(ed)?|cancel(led|ed)?|dna|attempted)\b|(not|n't) attend|no (answer|reply)/i;

/** The ways of meeting a person, by words that name them; the first that fits counts. Kept by place: append only. */
const WAYS = [
  { words: /\bface\b|surgery consultation/i, code: "308335008" }, // Patient encounter procedure
  { words: /\b(tele)?phone\b/i, code: "185317003" }, // Telephone encounter
  { words: /\bvideo/i, code: "448337001" }, // Telemedicine consultation with patient
  { words: /\bonline\b|\be-?consult/i, code: "1068881000000101" }, // eConsultation via online application
  { words: /\bhome\b|\bdomiciliary\b|\bresidence\b|\bhouse ?call/i, code: "439708006" }, // Home visit
] as const;
const FACE_TO_FACE = 0;
const HOME = 4;
const NO_CONTACT = -1;

function wayOf(words: string): number {
  return NO_MEETING.test(words) ? NO_CONTACT : WAYS.findIndex((way) => way.words.test(words));
}

/** Keeps what the numbers in other columns stand for. */
export async function readListOptions(
  intake: Intake,
  files: readonly SourceFile[],
  orders: RowOrder,
): Promise<void> {
  const { keptRows } = intake.load;
  for (const file of files)
    await readTable(
      intake,
      file,
      "SRConfiguredListOption",
      LAYOUTS.SRConfiguredListOption,
      ["rowidentifier", "configuredlistoption"],
      (at: Columns) => (row) => {
        const id = textIn(row, at.rowidentifier!);
        if (id === "") return skipBad("RowIdentifier is empty");
        const value = wayOf(textIn(row, at.configuredlistoption!));
        const order = orders.next() ?? 0;
        const kept = keptRows.find("contact way", rowId(id));
        if (kept === undefined && value === HOME) explainHome(intake, id);
        if (order === 0 || (kept?.order ?? 0) <= order)
          keptRows.put("contact way", { row: rowId(id), patient: 0, day: 0, value, order });
        return null;
      },
      { format: SYSTMONE, unmissed: LAYOUTS.SRConfiguredListOption },
    );
}

const AWAITED = "systmone-contact-";
const PLACE = "systmone place ";

/** Makes visits of what earlier extracts told as face to face, in a place by that number. */
function explainHome({ load: { codes, sourceCodes } }: Intake, location: string): void {
  const source = sourceCodes.find(PLACE + location);
  const codingOf = (way: typeof FACE_TO_FACE | typeof HOME) => codes.coding("snomed", WAYS[way].code);
  if (source !== 0) sourceCodes.recode(source, codingOf(FACE_TO_FACE), codingOf(HOME));
}

/** Explains contacts of earlier extracts whose numbers this one explains. */
export function explainContacts(intake: Intake): void {
  const { awaitedCodes, codes } = intake.load;
  const ways = new WayReader(intake);
  for (const id of awaitedCodes.ids(AWAITED)) {
    const [method = "", place = ""] = id.slice(AWAITED.length).split("-");
    const code = ways.codeOf(method, place);
    if (code !== null) awaitedCodes.explain(id, code === "" ? null : codes.coding("snomed", code));
  }
}

/** Explains contacts. */
export class WayReader {
  readonly #intake: Intake;
  readonly #ways = new Map<string, number | null>();
  readonly #sources = new Map<string, number>();

  constructor(intake: Intake) {
    this.#intake = intake;
  }

  /** The code of a contact; "" where it is none with the person, null where nothing explains the number that says it. */
  codeOf(method: string, location: string): string | null {
    const met = this.#way(method);
    const place = this.#way(location);
    if (met === null || (method === "" && place === null)) return null;
    const way = place === HOME && (met === FACE_TO_FACE || method === "") ? HOME : met;
    return way === NO_CONTACT ? "" : WAYS[way]!.code;
  }

  /** The key of a place that may prove to be the person's home, in `sourceCodes`; 0 of one that is known. */
  sourceOf(location: string): number {
    if (this.#way(location) !== null) return 0;
    let source = this.#sources.get(location);
    if (source === undefined)
      this.#sources.set(location, (source = this.#intake.load.sourceCodes.key(PLACE + location)));
    return source;
  }

  /** The coding of a contact that no number which is explained yet says: it is none before one does. */
  awaited(method: string, location: string): Coding {
    const place = /^\d+$/.test(location) ? location : wayOf(location) === HOME ? "home" : "";
    return this.#intake.load.awaitedCodes.coding(`${AWAITED}${method}-${place}`, false, true);
  }

  /** The way that a word or number says; null for a number that nothing explains. */
  #way(said: string): number | null {
    let way = this.#ways.get(said);
    if (way === undefined) {
      way = /^\d+$/.test(said)
        ? (this.#intake.load.keptRows.find("contact way", rowId(said))?.value ?? null)
        : wayOf(said);
      this.#ways.set(said, way);
    }
    return way;
  }
}
