/** SRCode: coded entries, with a number where they are readings. */
import { COMPARATORS } from "@cairn/tables";
import type { CsvRow } from "../csv.js";
import type { Intake } from "../importer.js";
import { comparatorOf, limitOf, numberIn } from "../number-column.js";
import type { Skip } from "../table.js";
import { heldDespite } from "../undated.js";
import { codingOf, recordedOn } from "./codings.js";
import { ALWAYS, bad, type EventTable, NO_READING, type RecordedFacts } from "./event-table.js";
import { dayIn, textIn, unitIn } from "./fields.js";
import { LAYOUTS, type Columns } from "./layout.js";

const BAD_VALUE = bad("NumericValue is not a number, nor one behind <, <=, >, >= or ~");
const BAD_COMPARATOR = bad(`NumericComparator is none of ${COMPARATORS.slice(1).join(" ")}`);

export const CODE: EventTable = {
  name: "SRCode",
  needed: [...ALWAYS, "ctv3code", "numericcomparator", "numericvalue", "numericunit"],
  prefix: "",
  unmissed: LAYOUTS.SRCode.filter((name) => name !== "snomedcode"),
  begin: (intake) => (row, at, doubt) => {
    const day = dayIn(row, at.dateevent!);
    const coding = codingOf(intake, textIn(row, at.snomedcode!), textIn(row, at.ctv3code!), () =>
      recordedOn(row, at, day),
    );
    if ("kind" in coding) return coding;
    const reading = readingIn(intake, row, at);
    if (!("kind" in reading)) return { day, coding, ...reading, quantity: NaN };
    if (!coding.holdsUndated) return reading;
    doubt(heldDespite(reading.reason));
    return { day, coding, ...NO_READING, quantity: NaN };
  },
};

function readingIn(
  { load }: Intake,
  row: CsvRow,
  at: Columns,
): Pick<RecordedFacts, "value" | "measure"> | NonNullable<Skip> {
  if (row.isEmpty(at.numericvalue!)) return NO_READING;
  const number = numberIn(row, at.numericvalue!);
  const sign = textIn(row, at.numericcomparator!);
  const limit = number === null ? limitOf(row.get(at.numericvalue!)) : { value: number, comparator: "" };
  if (limit === null) return BAD_VALUE;
  const comparator = sign === "" || sign === "=" ? limit.comparator : comparatorOf(sign);
  if (!(COMPARATORS as readonly string[]).includes(comparator)) return BAD_COMPARATOR;
  const { value } = limit;
  if (Number.isNaN(value)) return NO_READING;
  return { value, measure: load.measures.key(unitIn(row, at.numericunit!), comparator) };
}
