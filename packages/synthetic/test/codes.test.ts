/**
 * Invented records answer the library's queries only while both speak the same codes. This package imports none
 * of ours, so the agreement is kept here: what the library calls by a concept's name holds that concept's codes.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import t from "tap";
import { CODES, concept, concepts } from "../src/concepts.js";

const CODELISTS = new URL("../../library/content/codelists/", import.meta.url);
/** Lists of the library that hold several concepts, or one under another name. */
const HELD_IN: Readonly<Record<string, readonly string[]>> = {
  anticoagulants: ["doac", "warfarin"],
  antiplatelets: ["aspirin", "clopidogrel"],
  "asthma-medicines": ["salbutamol", "inhaled-steroids"],
  chd: ["chd", "mi"],
  "ckd-3-to-5": ["ckd-3a", "ckd-3b", "ckd-4"],
  consultation: ["consultation", "consultation-remote", "home-visit"],
  diabetes: ["diabetes-type-2", "diabetes-type-1", "diabetes-unspecified"],
  "diabetes-of-stated-type": ["diabetes-type-2", "diabetes-type-1"],
  "not-smoking": ["ex-smoker", "never-smoked"],
  "smoking-status": ["smoker", "ex-smoker", "never-smoked"],
  "stroke-not-haemorrhagic": ["stroke"],
  "ace-inhibitors-and-arbs": ["ace-inhibitors"],
  "antibiotics-broad-spectrum": ["antibiotics-broad"],
  "antibiotics-oral": ["antibiotics-narrow", "antibiotics-broad"],
  antidepressants: ["ssri", "mirtazapine", "amitriptyline"],
  "antiplatelets-not-aspirin": ["clopidogrel"],
  "antipsychotics-oral": ["antipsychotics", "antipsychotics-low-dose"],
  "beta-blockers-non-selective": ["non-selective-beta-blockers"],
  diuretics: ["diuretics", "spironolactone"],
  "dmards-not-methotrexate": ["azathioprine"],
  doacs: ["doac"],
  "full-blood-count": ["haemoglobin", "white-cells", "platelets", "neutrophils"],
  "hypnotics-and-anxiolytics": ["hypnotics"],
  "liver-function": ["alt", "alp"],
  methotrexate: ["methotrexate", "methotrexate-10mg"],
  "methotrexate-tablets": ["methotrexate", "methotrexate-10mg"],
  "methotrexate-10mg-tablets": ["methotrexate-10mg"],
  "opted-out-snomed": ["opted-out"],
  "opt-out-withdrawn-snomed": ["opt-out-withdrawn"],
  opioids: ["opioids", "opioids-long-acting", "opioids-strong"],
  "opioids-long-acting": ["opioids-long-acting", "opioids-strong"],
  "opioids-long-acting-high-dose": ["opioids-strong"],
  "proton-pump-inhibitors-solid": ["gastroprotection"],
  "renal-function": ["creatinine", "egfr"],
  "saba-and-steroid-inhalers": ["salbutamol", "inhaled-steroids"],
  "saba-inhalers": ["salbutamol"],
  "thyroid-function": ["tsh"],
  "urea-and-electrolytes": ["sodium", "potassium"],
};

t.test("every code says where it was published", (t) => {
  const sources = new Set(lines("sources.csv").map((line) => line.split(",")[0]));
  for (const line of lines("concepts.csv")) {
    const source = line.slice(line.lastIndexOf(",") + 1);
    if (!sources.has(source)) t.fail(`${line}: no source called ${source}`);
  }
  t.ok(CODES.length > 200);
  t.equal(
    new Set(CODES.map((code) => `${code.concept} ${code.system} ${code.code}`)).size,
    CODES.length,
    "no code twice",
  );
  t.end();
});

t.test("every concept has a code of today", (t) => {
  for (const each of concepts()) t.ok(each.current.length > 0, each.name);
  t.throws(() => concept("ague"));
  t.end();
});

t.test(
  "what the library names by a concept's name holds that concept's codes",
  { skip: !existsSync(CODELISTS) && "the library has no codelists here" },
  (t) => {
    const lists = new Map<string, Set<string>>();
    for (const file of readdirSync(CODELISTS, { recursive: true, encoding: "utf8" }).filter((name) =>
      name.endsWith(".csv"),
    )) {
      const codes = readFileSync(new URL(file, CODELISTS), "utf8")
        .split(/\r?\n/)
        .slice(1)
        .map((line) => line.split(",")[0] ?? "");
      const name = file.slice(file.search(/[^/\\]*$/), file.indexOf("@"));
      lists.set(name, new Set([...(lists.get(name) ?? []), ...codes]));
    }
    for (const [list, codes] of lists) {
      const names = HELD_IN[list] ?? (has(list) ? [list] : []);
      for (const name of names) {
        for (const index of concept(name).current) {
          const code = CODES[index];
          t.ok(code && codes.has(code.code), `${list} holds ${name}: ${code?.code} ${code?.term}`);
        }
      }
    }
    t.end();
  },
);

function has(name: string): boolean {
  return [...concepts()].some((each) => each.name === name);
}

function lines(file: string): string[] {
  return readFileSync(new URL(`../data/${file}`, import.meta.url), "utf8")
    .trimEnd()
    .split("\n")
    .slice(1);
}
