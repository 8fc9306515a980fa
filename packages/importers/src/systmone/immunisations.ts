/** SRImmunisation: vaccines that were given. */
import { codingOf, recordedOn } from "./codings.js";
import { ALWAYS, type EventTable, NO_READING } from "./event-table.js";
import { dayIn, textIn } from "./fields.js";
import { LAYOUTS } from "./layout.js";

export const IMMUNISATION: EventTable = {
  name: "SRImmunisation",
  needed: [...ALWAYS, "immsreadcode"],
  prefix: "i",
  unmissed: LAYOUTS.SRImmunisation.filter((name) => name !== "immssnomedcode"),
  begin: (intake) => (row, at) => {
    const day = dayIn(row, at.dateevent!);
    const codes = [textIn(row, at.immssnomedcode!), textIn(row, at.immsreadcode!)] as const;
    const coding = codingOf(intake, ...codes, () => recordedOn(row, at, day));
    return "kind" in coding ? coding : { day, coding, ...NO_READING, quantity: NaN };
  },
};
