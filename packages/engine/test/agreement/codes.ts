/** The codes that occur, the lists that hold them, and the numbers and units of those that are measured. */
import type { Codelist } from "@cairn/query-library";

/** What is measured by a code: the numbers that occur, which are also the limits asked for, and their units. */
interface Measure {
  readonly numbers: readonly number[];
  readonly units: readonly (string | undefined)[];
  readonly asked: readonly string[];
}

export const MEASURES: Readonly<Record<string, Measure>> = {
  a1c: {
    numbers: [7.5, 48, 58, 58.4],
    units: [undefined, undefined, "mmol/mol", "%", "%", " MMOL/mol Hb", "stones", " "],
    asked: ["mmol/mol", "%"],
  },
  chol: {
    numbers: [0.1, 0.2, 5.2, 200],
    units: [undefined, "mmol/L", "mg/dl", "mg/dL"],
    asked: ["mmol/l", "mg/dl"],
  },
  weight: {
    numbers: [5, 11, 70, 5000],
    units: [undefined, "kg", "g", "lbs"],
    asked: ["kg", "lb", "g"],
  },
  upper: {
    numbers: [139, 140, 141],
    units: [undefined, "mmHg", "mm[Hg]", "mmHg", "kPa"],
    asked: ["mmHg"],
  },
  lower: { numbers: [0, 89, 90], units: [undefined, "mmHg"], asked: ["mmHg"] },
};

function list(name: string, codes: readonly string[], over: Partial<Codelist> = {}): Codelist {
  const made = {
    name,
    version: "1",
    system: "snomed",
    kind: "clinical",
    unit: null,
    codes,
    ...over,
  } as const;
  return { ...made, digest: JSON.stringify(made) };
}

/** Lists that overlap, contain each other, are empty, and share codes across systems. */
export const CLINICAL: readonly Codelist[] = [
  list("diagnosis", ["dm", "dm-old"]),
  list("resolved", ["gone", "dm-old"]),
  list("contact", ["seen", "dm"]),
  list("diagnosis-read", ["dm", "seen"], { system: "read2" }),
  list("nobody-has-this", []),
];
export const MEASURED: readonly Codelist[] = [
  list("hba1c", ["a1c"], { unit: "mmol/mol" }),
  list("hba1c-bare", ["a1c"]),
  list("total-cholesterol", ["chol"], { unit: "mmol/L" }),
  list("glucose", ["chol"], { unit: "mmol/L" }),
  list("creatinine-or-so", ["chol"]),
  list("weight", ["weight"], { unit: "kg" }),
  list("systolic", ["upper"], { unit: "mmHg" }),
  list("diastolic", ["lower"], { unit: "mmHg" }),
];
/** The first holds all the others' codes. */
export const MEDICINES: readonly Codelist[] = [
  list("any-medicine", ["broad", "narrow"], { system: "dmd", kind: "medicine" }),
  list("broad", ["broad"], { system: "snomed", kind: "medicine" }),
  list("narrow", ["narrow"], { system: "dmd", kind: "medicine" }),
];
