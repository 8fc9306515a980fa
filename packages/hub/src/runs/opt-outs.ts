import type { OptOuts } from "@cairn/wire";
import type { ReleaseRow } from "../store/tables.js";

/** Whether a release counts people who opted out because practice, charters and query chose it. */
export function countsByChoice({ opt_outs: said }: Pick<ReleaseRow, "opt_outs">): boolean {
  return said === ("OPT_OUTS_COUNTED_BY_CHOICE" satisfies OptOuts);
}
