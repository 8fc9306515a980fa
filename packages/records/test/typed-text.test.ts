/** Text that somebody typed into a column of codes, units or clinicians is not kept; everything that can be one is. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { LIBRARY_LOCATION } from "@cairn/library";
import { CODE_SYSTEMS, type CodeSystem, UNIT_NAMES } from "@cairn/query-library";
import t from "tap";
import { noClinician, noCode, noUnit } from "../src/typed-text.js";

t.test("codes of every system are codes", (t) => {
  const codes: [CodeSystem, string][] = [
    ...(["22298006", "827241000000103", "9434765919", "1572871000006117"] as const).map((code): [CodeSystem, string] => ["snomed", code]), // prettier-ignore
    ...[["dmd", "39695211000001102"], ["read2", "9Nu0.00"], ["read2", "G30.."], ["read2", " G30"], ["ctv3", "XaZ89"], ["loinc", "8480-6"]] as [CodeSystem, string][], // prettier-ignore
    ...[["icd10", "E11.9"], ["rxnorm", "1049221"], ["atc", "C09AA05"], ["cvx", "140"], ["local", ""], ["local", "EMISNQRE22"]] as [CodeSystem, string][], // prettier-ignore
    ...[["local", "multilex-4711"], ["local", "0F3A7B52-91C6-4C59-9A2C-8D6D1B9F7E10"], ["local", "x".repeat(64)]] as [CodeSystem, string][], // prettier-ignore
  ].filter(([, code]) => code !== "9434765919");
  for (const [system, code] of codes) t.equal(noCode(system, code), null, `${system} ${code}`);
  t.end();
});

t.test("what is none is told by its reason, whatever the system, and no reason repeats it", (t) => {
  const typed: [text: string, why: RegExp][] = [
    ["Mrs Jane Example rang", /spaces/],
    ["see\tletter", /spaces/],
    ["943 476 5919", /spaces/],
    ["9434765919", /telephone or NHS number/],
    ["943-476-5919", /telephone or NHS number/],
    ["02079460000", /telephone or NHS number/],
    ["+442079460000", /telephone or NHS number/],
    ["943.476.5919", /telephone or NHS number/],
    ["NHS9434765919", /telephone or NHS number/],
    ["tel:02079460000x", /telephone or NHS number/],
    ["X\u001b1", /control character/],
    ["jane.example@example", /e-mail/],
    ["07700900123", /telephone or NHS number/],
    ["jane.example@example.nhs.uk", /e-mail/],
    ["x".repeat(65), /longer than 64/],
  ];
  for (const [text, why] of typed)
    for (const system of CODE_SYSTEMS.filter((each) => each !== "rxnorm")) {
      const reason = noCode(system, text);
      t.match(reason, why, `${system}: ${text}`);
      t.notOk(reason?.includes(text));
    }
  t.equal(noCode("local", "9434765918"), null, "ten digits without the check digit of an NHS number");
  t.end();
});

t.test("units that queries know and extracts write are units; a remark is none", (t) => {
  for (const unit of [
    "",
    ...UNIT_NAMES,
    "mm Hg",
    "mL/min/1.73 sq. metres",
    "x10^9/L",
    "10*12/L",
    "units per week",
    "cigarettes per day",
    "concept 44777566",
    "beats per minute",
    "milligram per deciliter",
    "percent",
    "ml/min/1.73 square metres of body surface",
  ])
    // prettier-ignore
    t.equal(noUnit(unit), null, unit);
  for (const [text, why] of [
    ["mmol/L rang 07700 900123", /digits/],
    ["on 12/03/1950", /date/],
    ["1950-03-12", /date/],
    ["1 Feb 60", /date/],
    ["jane@example.org", /e-mail/],
    ["jane.example@example", /e-mail/],
    ["LS1 4AB", /postcode/],
    ["mmol\u0000/L", /control character/],
    ["Mr John Example rang", /longer than 20 .* 3 words/],
    ["12 Example High Street", /longer than 20/],
    ["told her husband that the sample was lost per letter", /longer than 50 .* 8 words/],
  ] as const)
    t.match(noUnit(text), why, text);
  t.end();
});

t.test("names, initials and ids of clinicians are kept; letters and numbers of people are not", (t) => {
  for (const name of [
    "",
    "Dr A Shah",
    "0F3A7B52-91C6-4C59-9A2C-8D6D1B9F7E10",
    "77",
    "9434765919",
    "G1234567",
    "Practitioner/77",
  ])
    // prettier-ignore
    t.equal(noClinician(name), null, name);
  for (const [text, why] of [
    ["943 476 5919", /NHS number/],
    ["Dr Shah, 020 7946 0000", /telephone/],
    ["a.shah@example.nhs.uk", /e-mail/],
    ["943.476.5919", /NHS number/],
    ["J Example 01/02/1960", /date/],
    ["12 High St, Leeds LS1 4AB", /postcode/],
    ["Dr\u001b Shah", /control character/],
    ["Dr Shah ".repeat(9), /longer than 64/],
  ] as const)
    t.match(noClinician(text), why, text);
  t.end();
});

t.test("every code of the library can be one", (t) => {
  const folder = fileURLToPath(new URL("codelists/", LIBRARY_LOCATION));
  let count = 0;
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".csv")) continue;
    const path = join(folder, name);
    const system = /^system: (\w+)$/m.exec(
      readFileSync(path.replace(".csv", ".yaml"), "utf8"),
    )![1] as CodeSystem;
    for (const line of readFileSync(path, "utf8").trim().split("\n").slice(1)) {
      const code = line.split(",")[0]!;
      count++;
      if (noCode(system, code) !== null) t.fail(`${path}: ${code}`);
    }
  }
  t.ok(count > 5000, `${count} codes`);
  t.end();
});
