/** The demo's words on its second group, which one practice has not accepted. */
import { absenceWords, type ComparisonJson } from "@cairn/comparisons";

/**
 * One paragraph on the second group.
 * @param board the second group's comparisons.
 * @param group the second group's name.
 * @param first the group that has the releases.
 * @param own the practice that nobody has accepted the second group at.
 */
export function boardWords(
  board: readonly ComparisonJson[],
  group: string,
  first: string,
  own: string,
): string {
  const totals = board.filter(({ split }) => Object.keys(split).length === 0);
  const at = (practice: string) =>
    totals.flatMap(({ practices }) => practices.filter((one) => one.practice === practice));
  const names = [...new Set(totals.flatMap(({ practices }) => practices.map((one) => one.practice)))];
  const seen = names.filter((name) => at(name).some(({ state }) => state === "released")).length;
  const states = [...new Set(at(own).map(({ state, alarm }) => absenceWords(state, alarm ?? null)))].join(
    ", ",
  );
  return [
    `A second group, ${group}, asks the same practices for what ${first}`,
    `has. It sees the releases of ${seen} that have accepted it, and nothing of`,
    `${own}, which ${states}: a release serves a group`,
    `only under the practice's own use. There, npx cairn agent join ${group}`,
    "would accept it.",
  ].join("\n");
}
