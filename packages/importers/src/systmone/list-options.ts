/** Reads SRConfiguredListOption: what the numbers in other columns stand for, as ways of contact. */
import { rowId } from "@cairn/records";
import type { SourceFile } from "../source-file.js";
import type { Intake } from "../importer.js";
import { readTable, skipBad } from "../table.js";
import { NO_CONTACT, wayOf } from "./contact-ways.js";
import { leftOut } from "./event-table.js";
import { isTrue, SYSTMONE, textIn } from "./fields.js";
import { LAYOUTS, type Columns } from "./layout.js";
import type { RowOrder } from "./order.js";

const REMOVED = leftOut("RemovedData is 1: what it stood for stays so");

/** The numbers of which a load says something else than before. */
export class NewOptions {
  /** Those that stand for another way than before, or for one for the first time. */
  readonly ids = new Set<string>();
  /** Number of those that stood for another. */
  other = 0;
  /** Number of those that stood for no contact before: what was left out for it is not here. */
  noContact = 0;

  note({ load, note }: Intake): void {
    if (this.other > 0)
      note(
        `${this.other} options of SRConfiguredListOption stand for another way of contact than in an earlier extract: contacts of earlier extracts have the new one now`,
      );
    if (this.noContact > 0)
      note(
        `${this.noContact} of them stood for no contact with the person: entries of earlier extracts that were left out for it are not here; take a full extract in once with cairn agent import FULL --format systmone --whole`,
      );
    if (this.ids.size > 0 && load.lacksSourceCodes())
      note(
        "contacts that came in with an earlier version of Cairn have no new code, since it did not keep by which numbers they came: take a full extract in once with cairn agent import FULL --format systmone --whole",
      );
  }
}

export async function readListOptions(
  intake: Intake,
  files: readonly SourceFile[],
  orders: RowOrder,
  changed: NewOptions,
): Promise<void> {
  const { keptRows } = intake.load;
  const put = (id: string, value: number, order: number): void => {
    const before = keptRows.find("contact way", rowId(id));
    if (order !== 0 && (before?.order ?? 0) > order) return;
    keptRows.put("contact way", { row: rowId(id), patient: 0, day: 0, value, order });
    if (before?.value === value) return;
    changed.ids.add(id);
    if (before === undefined) return;
    changed.other++;
    if (before.value === NO_CONTACT) changed.noContact++;
  };
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
        const order = orders.next() ?? 0;
        if (isTrue(row, at.removeddata!)) return REMOVED;
        put(id, wayOf(textIn(row, at.configuredlistoption!)), order);
        return null;
      },
      { format: SYSTMONE, unmissed: LAYOUTS.SRConfiguredListOption },
    );
}
