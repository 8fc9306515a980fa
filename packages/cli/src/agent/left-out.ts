/** `agent left-out`: the practice's own list of people who are in no number that leaves. */
import { leftOut, type LeftOutFlags, type LeftOutStatus, setLeftOut } from "@cairn/agent/left-out";
import { LEFT_OUT_LIST_MISSING } from "@cairn/records";
import { count } from "@cairn/text";
import { plural, say } from "../say.js";

export async function leftOutAt(flags: LeftOutFlags & { readonly json?: boolean }): Promise<void> {
  const { file, none } = flags;
  const sets = file !== undefined || none === true;
  const status = sets
    ? await setLeftOut(file === undefined ? { ...flags, none: true } : { ...flags, file })
    : await leftOut(flags.data);
  if (flags.json) say.json(status);
  else say.result([...lines(status), ...(sets ? whatStays(status) : [])].join("\n"));
}

function lines({ isNewest, identifiers, patients }: LeftOutStatus): string[] {
  if (!isNewest) return [LEFT_OUT_LIST_MISSING];
  const others = identifiers - patients;
  return [
    identifiers === 0
      ? "The practice's own list names nobody."
      : `The practice's own list names ${count(identifiers)}: ${plural(patients, "patient")} in the records${others === 0 ? "" : `, and ${count(others)} whom no load has brought yet`}.`,
    "People on it are in no number that is made to leave, and neither are those with a type 1 opt-out in their records; worklists and the numbers on this practice's own pages keep them.",
  ];
}

/** Words on the numbers that were made before the list was given. */
function whatStays({ madeBefore }: LeftOutStatus): string[] {
  return [
    "What left before stays as it was (cairn agent withdraw withdraws it).",
    ...(madeBefore > 0
      ? [
          `Made before, and still here, on hold or on ${madeBefore === 1 ? "its" : "their"} way: ${plural(madeBefore, "release")}, as ${madeBefore === 1 ? "it was" : "they were"} (cairn agent status; the practice's page of a held one shows its numbers, and can keep it here).`,
        ]
      : []),
  ];
}
