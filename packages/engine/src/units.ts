/** The conversions of UNITS.md, as data. No code here reads a patient. */

type Substance = "cholesterol" | "glucose" | "creatinine";

interface Conversion {
  readonly substance: Substance | null; // null: no other substance has this pair of units
  readonly from: string;
  readonly to: string;
  readonly decimals: number; // reporting precision of `to`
  readonly y: (x: number) => number;
}

const SPELLINGS: Readonly<Record<string, readonly string[]>> = {
  "mmol/mol": ["mmol/molhb"],
  "%": ["percent", "%hb", "%(dcct)"],
  "umol/l": ["micromol/l", "mcmol/l"],
  kg: ["kgs", "kilogram", "kilograms"],
  g: ["gram", "grams"],
  lb: ["lbs", "[lb_av]", "pound", "pounds"],
  m: ["metre", "metres", "meter", "meters"],
  cm: ["centimetre", "centimetres", "centimeter", "centimeters"],
  in: ["inch", "inches", "[in_i]"],
  mmhg: ["mm[hg]"],
  "ml/min/1.73m2": ["ml/min/{1.73_m2}", "ml/min/1.73m^2", "ml/min/1.73m*2"],
};

const CONVERSIONS: readonly Conversion[] = [
  { substance: null, from: "%", to: "mmol/mol", decimals: 0, y: (x) => 10.929 * (x - 2.15) },
  { substance: null, from: "mmol/mol", to: "%", decimals: 1, y: (x) => x / 10.929 + 2.15 },
  { substance: "cholesterol", from: "mg/dl", to: "mmol/l", decimals: 1, y: (x) => x / 38.67 },
  { substance: "cholesterol", from: "mmol/l", to: "mg/dl", decimals: 0, y: (x) => x * 38.67 },
  { substance: "glucose", from: "mg/dl", to: "mmol/l", decimals: 1, y: (x) => x / 18.0182 },
  { substance: "glucose", from: "mmol/l", to: "mg/dl", decimals: 0, y: (x) => x * 18.0182 },
  { substance: "creatinine", from: "mg/dl", to: "umol/l", decimals: 0, y: (x) => x * 88.42 },
  { substance: "creatinine", from: "umol/l", to: "mg/dl", decimals: 2, y: (x) => x / 88.42 },
  ...scales({ kg: [1, 1], g: [0.001, 0], lb: [0.45359237, 1] }),
  ...scales({ m: [1, 2], cm: [0.01, 0], in: [0.0254, 1] }),
];

/** Units of one kind: size in the base unit, and decimals when asked for. */
function scales(units: Readonly<Record<string, readonly [number, number]>>): Conversion[] {
  const entries = Object.entries(units);
  return entries.flatMap(([from, [sizeFrom]]) =>
    entries
      .filter(([to]) => to !== from)
      .map(([to, [sizeTo, decimals]]) => ({
        substance: null,
        from,
        to,
        decimals,
        y: (x: number) => (x * sizeFrom) / sizeTo,
      })),
  );
}

const CANONICAL = new Map(
  Object.entries(SPELLINGS).flatMap(([unit, others]) => others.map((other) => [other, unit] as const)),
);

/** The canonical spelling of a unit, which this engine compares. */
export function canonicalUnit(unit: string): string {
  const plain = unit.replace(/\s/g, "").toLowerCase().replace(/[µμ]/g, "u");
  return CANONICAL.get(plain) ?? plain;
}

/**
 * The conversion of a number from unit `from` to unit `to`: "same" where they are one unit, null where there is none.
 */
export function conversion(
  from: string,
  to: string,
  listName: string,
): "same" | ((x: number) => number) | null {
  const [source, target] = [canonicalUnit(from), canonicalUnit(to)];
  if (source === "") return null;
  if (source === target) return "same";
  const found = CONVERSIONS.find(
    (each) =>
      each.from === source &&
      each.to === target &&
      (each.substance === null || each.substance === substanceOf(listName)),
  );
  if (found === undefined) return null;
  const scale = 10 ** found.decimals;
  return (x) => Math.round(found.y(x) * scale) / scale;
}

function substanceOf(listName: string): Substance | null {
  if (/cholesterol|hdl|ldl/.test(listName)) return "cholesterol";
  if (/glucose/.test(listName)) return "glucose";
  return /creatinine/.test(listName) ? "creatinine" : null;
}
