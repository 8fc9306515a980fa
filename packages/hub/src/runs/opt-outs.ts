import type { Charter } from "@cairn/charters";
import type { OptOuts } from "@cairn/wire";
import type { ReleaseRow } from "../store/tables.js";

/**
 * Whether a release may count under a use, by what it says of people with a type 1 opt-out: one that leaves them out
 * always; one that counts them by choice under a charter that says so; one from before they were left out also under
 * none.
 * @param word the charter's under which the use was given; null where it was given under none
 */
export function agreesOnOptOuts(
  { opt_outs: said }: Pick<ReleaseRow, "opt_outs">,
  word: Charter["optOuts"] | null,
): boolean {
  if (said === ("OPT_OUTS_LEFT_OUT" satisfies OptOuts) || word === "counted") return true;
  return word === null && said === ("OPT_OUTS_COUNTED" satisfies OptOuts);
}
