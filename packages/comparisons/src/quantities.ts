/**
 * Cells of tables as coordinates: cells that add up have coordinates that add up, within one split, across splits
 * and across queries that count the same people with other splits.
 */
import { endsOf, type Cell } from "@cairn/query-library";
import { Span } from "@cairn/statistics/intervals";

/**
 * The coordinates of each cell, by position as `cells`. Each cell is a set of the smallest groups that the splits
 * make out together (age bands cut where any of them begins); of these as many are kept as tell all cells apart.
 * @param cells whole splits: a part that is not there would count for nobody
 */
export function quantitiesOf(cells: readonly Cell[]): number[][] {
  const atoms = product(axesOf(cells));
  const whole = cells.map((cell) => Float64Array.from(atoms, (atom) => (holds(cell, atom) ? 1 : 0)));
  const span = new Span();
  span.grow(span.growth(whole));
  const { pivots } = span;
  return whole.map((vector) => pivots.map((column) => vector[column] as number));
}

type Atom = Readonly<Record<string, string>>;

function axesOf(cells: readonly Cell[]): { key: string; values: string[] }[] {
  const found = new Map<string, Set<string>>();
  for (const [key, value] of cells.flatMap((cell) => Object.entries(cell)))
    found.set(key, (found.get(key) ?? new Set()).add(value));
  return [...found].map(([key, values]) => ({
    key,
    values: key === "age_band" ? agesOf([...values]) : [...values],
  }));
}

/** Every age at which a band begins, as text, and "unknown" where that is a part. */
function agesOf(bands: readonly string[]): string[] {
  const begins = bands.filter((band) => band !== "unknown").map((band) => endsOf(band)[0]);
  return [...new Set(begins)]
    .sort((a, b) => a - b)
    .map(String)
    .concat(bands.includes("unknown") ? ["unknown"] : []);
}

function product(axes: readonly { key: string; values: readonly string[] }[]): Atom[] {
  return axes.reduce<Atom[]>(
    (atoms, { key, values }) => atoms.flatMap((atom) => values.map((value) => ({ ...atom, [key]: value }))),
    [{}],
  );
}

function holds(cell: Cell, atom: Atom): boolean {
  return Object.entries(cell).every(([key, value]) => {
    const at = atom[key] as string;
    if (key !== "age_band" || value === "unknown" || at === "unknown") return at === value;
    const [from, to] = endsOf(value);
    return Number(at) >= from && Number(at) <= to;
  });
}
