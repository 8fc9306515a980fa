/** `agent left-out`: the practice's own list of people who are in no number that leaves. */
import {
  leftOut,
  type LeftOutChange,
  type LeftOutFlags,
  type LeftOutStatus,
  setLeftOut,
} from "@cairn/agent/left-out";
import { LEFT_OUT_LIST_MISSING } from "@cairn/records";
import { count } from "@cairn/text";
import { plural, say } from "../say.js";

export async function leftOutAt(flags: LeftOutFlags & { readonly json?: boolean }): Promise<void> {
  const { file, none } = flags;
  const told =
    file !== undefined
      ? await changed(setLeftOut({ ...flags, file }))
      : none
        ? await changed(setLeftOut({ ...flags, none }))
        : await leftOut(flags.data).then((status) => ({ status, words: lines(status) }));
  if (flags.json) say.json(told.status);
  else say.result(told.words.join("\n"));
}

async function changed(change: Promise<LeftOutChange>): Promise<{ status: LeftOutChange; words: string[] }> {
  const status = await change;
  return { status, words: [...lines(status), ...takenOff(status), ...whatStays(status)] };
}

function takenOff({ takenOff: n }: LeftOutChange): string[] {
  return n === 0
    ? []
    : [
        `${count(n)} who ${n === 1 ? "was" : "were"} on the list before ${n === 1 ? "is" : "are"} not on it any more.`,
      ];
}

function lines({ isNewest, identifiers, patients }: LeftOutStatus): string[] {
  if (!isNewest) return [LEFT_OUT_LIST_MISSING];
  const others = identifiers - patients;
  return [
    identifiers === 0
      ? "The practice's own list names nobody."
      : `The practice's own list names ${count(identifiers)}: ${plural(patients, "patient")} in the records${others === 0 ? "" : `, and ${count(others)} whom no load has brought yet`}.`,
    "People on it are in no number that is made to leave, and neither are those with a type 1 opt-out in their records or whom the extract marks as confidential; worklists and the numbers on this practice's own pages keep them.",
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
