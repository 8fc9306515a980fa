/** `agent left-out`: the practice's own list of people who are in no number that leaves. */
import { leftOut, type LeftOutFlags, setLeftOut } from "@cairn/agent/left-out";
import { count } from "@cairn/text";
import { plural, say } from "../say.js";

export async function leftOutAt(flags: LeftOutFlags & { readonly json?: boolean }): Promise<void> {
  const { file, none } = flags;
  const sets = file !== undefined || none;
  const counts =
    file !== undefined
      ? await setLeftOut({ ...flags, file })
      : none
        ? await setLeftOut({ ...flags, none })
        : await leftOut(flags.data);
  if (flags.json) return say.json(counts);
  const { identifiers, patients } = counts;
  const others = identifiers - patients;
  const people =
    identifiers === 0
      ? "The practice's own list names nobody."
      : `The practice's own list names ${count(identifiers)}: ${plural(patients, "patient")} in the records${others === 0 ? "" : `, and ${count(others)} whom no load has brought yet`}.`;
  say.result(
    [
      people,
      "People on it are in no number that leaves, and neither are those with a type 1 opt-out in their records; worklists and the numbers on this practice's own pages keep them.",
      ...(sets
        ? [
            "What left before stays as it was (cairn agent withdraw withdraws it); this holds for what is answered from now on.",
          ]
        : []),
    ].join("\n"),
  );
}
