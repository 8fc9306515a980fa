/** SRPrimaryCareMedication: issues, acute or repeat. */
import type { CodeSystem } from "@cairn/query-library";
import type { Skip } from "../table.js";
import { LONGEST_CODE, TOO_LONG } from "./codings.js";
import { ALWAYS, type EventTable, leftOut, NO_READING } from "./event-table.js";
import { dayIn, isTrue, quantityIn, textIn } from "./fields.js";

const NOT_ISSUED: readonly (readonly [column: string, left: NonNullable<Skip>])[] = [
  ["isothermedication", leftOut("IsOtherMedication is true: it was not issued by the practice")],
  ["isdentalmedication", leftOut("IsDentalMedication is true: it was not issued by the practice")],
  ["ishospitalmedication", leftOut("IsHospitalMedication is true: it was not issued by the practice")],
];
const NO_QUANTITY = "MedicationQuantity does not begin with a number; taken without one";

export const MEDICATION: EventTable = {
  name: "SRPrimaryCareMedication",
  needed: [
    ...ALWAYS,
    "idmultilexdmd",
    "datemedicationstart",
    "medicationquantity",
    ...NOT_ISSUED.map(([name]) => name),
  ],
  prefix: "m",
  begin: (intake) => (row, at, doubt) => {
    for (const [column, left] of NOT_ISSUED) if (isTrue(row, at[column]!)) return left;
    // An acute item can be issued for a day to come.
    const day = dayIn(row, at.datemedicationstart!) ?? dayIn(row, at.dateevent!);
    const [dmd, product] = [textIn(row, at.idmultilexdmd!), textIn(row, at.idmultilexproduct!)];
    const [system, code]: [CodeSystem, string] =
      dmd === "" ? ["local", product && `multilex-${product}`] : ["dmd", dmd];
    if (code.length > LONGEST_CODE) return TOO_LONG;
    const quantity = quantityIn(row, at.medicationquantity!);
    if (Number.isNaN(quantity) && textIn(row, at.medicationquantity!) !== "") doubt(NO_QUANTITY);
    return { day, coding: intake.load.codes.coding(system, code), ...NO_READING, quantity };
  },
};
