/**
 * The cluster's comparison on a terminal, at most 80 columns: for each query the latest period, own practice
 * and peers on one line from 0 to 100 %, the group's figure, and how many are not in the picture, and why.
 */
import { absenceWords, figureWords, releasedWords, type ComparisonJson } from "@cairn/comparisons";
import { countRange, longDate, percent, percentRange, type Range, wrap } from "@cairn/text";

type PracticeLine = ComparisonJson["practices"][number];
type Value = NonNullable<PracticeLine["numerator"]>;
type Figure = Exclude<Value, "withheld">;

const WIDTH = 78;
const AXIS = 61; // one column for every whole percentage point would be 101: here a column is 1 2/3 points
const INDENTED = { width: WIDTH, first: "    ", rest: "      " };
const OWN = "◆";
const PEER = "●";

/** Draws the picture. @param own the practice whose view it is; every other is an unidentified peer. */
export function picture(
  comparisons: readonly ComparisonJson[],
  titles: ReadonlyMap<string, string>,
  own: string,
): string {
  const queries = [...new Set(comparisons.map((c) => c.query))];
  const blocks = queries.map((query) => {
    const totals = comparisons.filter((c) => c.query === query && Object.keys(c.split).length === 0);
    const latest =
      totals.filter((c) => c.practices.some((p) => p.state === "released")).at(-1) ?? totals.at(-1);
    return latest ? block(latest, titles.get(query) ?? query, own) : `${query}: no period is due yet`;
  });
  return [legend(own), ...blocks].join("\n\n");
}

function legend(own: string): string {
  return `${OWN} ${own}   ${PEER} another practice, or several at one place: which is not shown`;
}

function block(comparison: ComparisonJson, title: string, own: string): string {
  const shown = comparison.practices.filter((p) => share(p) !== null);
  const mine = shown.find((p) => p.practice === own);
  const lines = [heading(title, comparison.date), strip(shown, own), scale()];
  lines.push(
    `  ${OWN} ${own}: ${mine ? words(mine) : absence(comparison.practices.find((p) => p.practice === own))}`,
  );
  const group = comparison.group;
  const together =
    group.numerator && group.denominator
      ? proportion(group.numerator, group.denominator)
      : figureWords(group);
  lines.push(...wrap(`group: ${together}; ${releasedWords(group.contributors ?? 0, group)}`, INDENTED));
  const absent = comparison.practices.filter((p) => share(p) === null && p.practice !== own);
  if (absent.length > 0) lines.push(...wrap(`not in the picture: ${counted(absent)}`, INDENTED));
  return lines.join("\n");
}

function heading(title: string, date: string): string {
  const day = longDate(date);
  const room = WIDTH - day.length - 2;
  const text = title.length > room ? `${title.slice(0, room - 1)}…` : title;
  return `${text.padEnd(room)}  ${day}`;
}

/** Peers as identical dots at whole percentage points; dots that meet stand for more than one practice. */
function strip(shown: readonly PracticeLine[], own: string): string {
  const cells = Array.from({ length: AXIS }, () => "·");
  const place = (line: PracticeLine): number => Math.round(((share(line) ?? 0) * (AXIS - 1)) / 100);
  for (const line of shown) if (line.practice !== own) cells[place(line)] = PEER;
  for (const line of shown) if (line.practice === own) cells[place(line)] = OWN;
  return `  ${cells.join("")}`;
}

function scale(): string {
  const marks = Array.from({ length: AXIS + 6 }, () => " ");
  for (const at of [0, 25, 50, 75, 100]) {
    const text = percent(at / 100);
    const start = Math.round((at * (AXIS - 1)) / 100);
    [...text].forEach((char, i) => (marks[start + i] = char));
  }
  return `  ${marks.join("").trimEnd()}`;
}

function released(value: Value | undefined): value is Figure {
  return value !== undefined && value !== "withheld";
}

/** Whole percentage points, or null where there is nothing to place. */
function share({ state, numerator, denominator }: PracticeLine): number | null {
  if (state !== "released" || !released(numerator) || !released(denominator) || denominator.value === 0)
    return null;
  return Math.min(100, Math.round((100 * numerator.value) / denominator.value));
}

function words({ numerator, denominator }: PracticeLine): string {
  return released(numerator) && released(denominator)
    ? `${proportion(numerator, denominator)}, ${countRange(numerator)} of ${countRange(denominator)}`
    : "withheld";
}

function proportion(numerator: Range, denominator: Range): string {
  const low = numerator.low / Math.max(1, denominator.high);
  const high = Math.min(1, numerator.high / Math.max(1, denominator.low));
  return percentRange({ low, high });
}

function absence(line: PracticeLine | undefined, practices = 1): string {
  if (!line) return "not in this group";
  if (line.state !== "released") return absenceWords(line.state, line.alarm ?? null, practices);
  if (!released(line.denominator) || !released(line.numerator)) return "withheld a number";
  return "had nobody to count";
}

/** "2 are offline, 1 declined": how many, and never who. */
function counted(absent: readonly PracticeLine[]): string {
  const alike = new Map<string, PracticeLine[]>();
  for (const line of absent) alike.set(absence(line), [...(alike.get(absence(line)) ?? []), line]);
  return [...alike.values()].map((lines) => `${lines.length} ${absence(lines[0], lines.length)}`).join(", ");
}
