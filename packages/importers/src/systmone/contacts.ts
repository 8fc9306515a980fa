/** SREvent: contacts with a person, by how and where they were met. */
import { ALWAYS, type EventTable, leftOut, NO_READING } from "./event-table.js";
import { WayReader } from "./contact-ways.js";
import { dayIn, isTrue, textIn } from "./fields.js";

const NO_CONTACT = leftOut("its ContactMethod is no contact with the person");
export const UNEXPLAINED = leftOut(
  "its ContactMethod, or its place where it has none, is a number that no SRConfiguredListOption explains",
);
const INCOMPLETE = leftOut("EventIncomplete is true");
const NOT_CLINICAL = leftOut("ClinicalEvent is false: it is administration");

export const EVENT: EventTable = {
  name: "SREvent",
  needed: [...ALWAYS, "contactmethod", "contacteventlocation", "eventincomplete", "clinicalevent"],
  prefix: "e",
  begin(intake) {
    const ways = new WayReader(intake.load);
    return (row, at) => {
      if (isTrue(row, at.eventincomplete!)) return INCOMPLETE;
      if (textIn(row, at.clinicalevent!) !== "" && !isTrue(row, at.clinicalevent!)) return NOT_CLINICAL;
      const [method, location] = [textIn(row, at.contactmethod!), textIn(row, at.contacteventlocation!)];
      const contact = ways.contactOf(method, location);
      if (contact === null) return NO_CONTACT;
      return { day: dayIn(row, at.dateevent!), ...contact, ...NO_READING, quantity: NaN };
    };
  },
};
