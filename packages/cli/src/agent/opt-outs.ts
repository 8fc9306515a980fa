/** Whether people with a type 1 opt-out in their record are counted in what leaves: shown, or chosen for the dates to come. */
import { fileURLToPath } from "node:url";
import { withRecords } from "@cairn/agent/practice-records";
import { optedOut } from "@cairn/engine";
import { CairnError } from "@cairn/errors";
import {
  chooseOptOuts,
  decider,
  keeperFolder,
  keeperStatus,
  KeeperStore,
  optOutsLine,
} from "@cairn/keeper/practice";
import { LIBRARY_LOCATION } from "@cairn/library";
import { type CodeSystem } from "@cairn/query-library";
import { optOutCodes } from "@cairn/records";
import { has, keysIn } from "@cairn/tables";
import { isMeant } from "../confirm.js";
import { say } from "../say.js";

export interface OptOutFlags {
  readonly data: string;
  readonly as?: string;
  readonly set?: "left-out" | "counted";
  readonly yes?: boolean;
  readonly json?: boolean;
}

/**
 * Shows the practice's choice, or makes it: to count them once a person has read what it means for patients.
 * @throws ConfirmError needs-yes; KeeperError where there is no agent, or this person may not; OptOutError
 */
export async function optOutsAt({ data, as, set, yes, json }: OptOutFlags): Promise<void> {
  const tell = json ? say.note : say.result;
  const people = set === "left-out" || json ? null : await peopleLine(data);
  if (set === "counted") {
    for (const line of [...MEANS, ...(people === null ? [] : [people])]) tell(line);
    if (!(await isMeant("Are they to be counted, for reference dates to come?", yes ?? false))) return;
  }
  const store = KeeperStore.open(keeperFolder(data));
  try {
    if (set !== undefined) chooseOptOuts(store, set, decider(store, as, "keep-opt-outs"));
    const status = keeperStatus(store);
    if (json) return say.json(status.optOuts);
    say.result(`${optOutsLine(status)}.`);
  } finally {
    store.close();
  }
  if (set === undefined && people !== null) say.result(people);
  for (const line of [...STAYS, codesLine()]) say.result(line);
}

const MEANS = [
  "A type 1 opt-out says that a person does not agree to data that identify them being used for more than their own care. To count them means: they are in the numbers that leave this practice, as everybody else is. What leaves is counts of groups of people, never a record and never who they are.",
  "It holds where the charter of each group of this practice and every question that they may ask agree, for reference dates after today and after every date that was answered. What has left with them in it cannot be made without them.",
];

const STAYS = [
  "What left stays as it was. People on the practice's own list (cairn agent left-out) or marked as confidential are in no number that leaves, whatever is chosen here.",
  "The national data opt-out is not in the record: only people on the practice's own list are left out for it.",
];

/** How many people it is about, for this screen alone; null where there are no records, or they cannot be read. */
async function peopleLine(data: string): Promise<string | null> {
  try {
    return await withRecords(data, (records) => {
      const source = records.source();
      const { leftOut } = source.people();
      const keys = keysIn(optedOut(source, optOutCodes()));
      const people = keys.filter((key) => leftOut === undefined || !has(leftOut, key)).length;
      const who = people === 0 ? "nobody" : people === 1 ? "1 person" : `${people} people`;
      return `In these records it is about ${who}, beside those on the practice's own list or marked as confidential. This number does not leave the practice.`;
    });
  } catch (error) {
    if (!(error instanceof CairnError)) throw error;
    return `How many people it is about is not known: ${error.message}.`;
  }
}

const SYSTEM: Readonly<Partial<Record<CodeSystem, string>>> = {
  snomed: "SNOMED CT",
  read2: "Read v2",
  ctv3: "CTV3",
};

/** Which codes are meant, and where they are on this machine. */
function codesLine(): string {
  const codes = optOutCodes().optedOut.map(
    (list) => `${list.codes.join(" or ")} (${SYSTEM[list.system] ?? list.system})`,
  );
  const folder = fileURLToPath(new URL("codelists/opt-outs", LIBRARY_LOCATION));
  return `Type 1 opt-outs are read from these codes: ${codes.join(", ")}; an entry of a later day that withdraws it ends one. All codes: ${folder}. What they mean: docs/disclosure.md, "Who is left out" (installed from packages: in /usr/share/doc/cairn).`;
}
