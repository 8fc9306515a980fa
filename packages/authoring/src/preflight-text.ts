/** Prints a preflight on a terminal of 80 columns. */
import type { Policy } from "@cairn/disclosure";
import { reviewWords, type Split } from "@cairn/query-library";
import { count, percent, wrap } from "@cairn/text";
import { SIZES, type CoarserSplit, type PreflightReport } from "./preflight.js";

const WIDTH = 80;
const COLUMN = 19;

export function preflightText(
  { query, assumed, cadences, tooLittleAt, coarser }: PreflightReport,
  policy: Policy,
): string {
  const lines = [
    ...wrap(`${query.title} (${query.query} ${query.version}), policy ${policy.name}`),
    ...wrap(`Reviewed: ${reviewWords(query.review)}.`),
    ...wrap(
      `Assumed: ${percent(assumed.denominator)} of the people it can ask about are in the denominator, and ${percent(assumed.numerator)} of these in the numerator; --denominator and --numerator say otherwise. Practices are invented: an estimate, for this query alone.`,
    ),
    "",
    ...cadences.flatMap((cadence, nth) => [
      row(`every ${cadence.every}${nth === 0 ? " (its own)" : ""}`, SIZES.map(count)),
      ...cadence.sizes[0]!.splits.map(({ keys }, split) =>
        row(
          `  ${keys.join(" x ") || "total"}`,
          cadence.sizes.map(({ splits }) => shares(splits[split]!)),
        ),
      ),
      row(
        "  all",
        cadence.sizes.map(({ released }) => `${percent(1 - released)} withheld`),
      ),
    ]),
  ];
  if (tooLittleAt.length > 0) {
    const sizes = tooLittleAt.map(count).join(" and ");
    lines.push(
      "",
      ...wrap(`Warning: at practices of ${sizes} patients less than half of it would be released.`),
    );
  }
  return [...lines, ...coarser.flatMap((each) => ["", ...coarserText(each)])].join("\n");
}

function coarserText({ patients, split, released, instead, wouldRelease }: CoarserSplit): string[] {
  const name = split.map(({ key }) => key).join(" x ");
  const at = `At ${count(patients)} patients ${name} would release ${percent(released)} of its counts.`;
  if (instead === null)
    return wrap(
      `${at} No coarser form of it releases half: it is better left out where practices are of this size.`,
    );
  return [
    ...wrap(`${at} Coarser, it would release ${percent(wouldRelease)}. Write in split_by:`),
    `  ${instead.map(splitYaml).join(", ")}`,
  ];
}

/** A split as `split_by` takes it. */
export function splitYaml(split: Split): string {
  const keys = split.map((key) =>
    key.key === "age_band" ? `{age_bands: [${key.bounds.join(", ")}]}` : key.key,
  );
  return keys.length === 1 ? keys[0]! : `[${keys.join(", ")}]`;
}

function shares({ withheld, carried }: { readonly withheld: number; readonly carried: number }): string {
  return carried > 0 ? `${percent(withheld)} + ${percent(carried)} carried` : `${percent(withheld)} withheld`;
}

function row(name: string, cells: readonly string[]): string {
  const across = cells.map((cell) => cell.padStart(COLUMN)).join("");
  const room = WIDTH - across.length;
  return name.length < room ? `${name.padEnd(room)}${across}` : `${name}\n${across.padStart(WIDTH)}`;
}
