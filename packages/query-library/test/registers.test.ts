/** Registers: written once, named by queries, and covered by what is digested and signed. */
import t from "tap";
import {
  canonicalForm,
  explain,
  explanationText,
  makeContent,
  openContent,
  openLibrary,
  parseRegister,
  registerSchema,
  type OpenedLibrary,
  type Query,
} from "@cairn/query-library";
import Ajv from "ajv/dist/2020.js";
import { readFileSync } from "node:fs";
import { parse as parseYaml } from "yaml";

const ABOUT = "system: snomed\nkind: clinical\nsource: invented for this test\nlicence: MIT\n";
const lists = (...names: string[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap((name, i) => [
      [`codelists/${name}@1.csv`, `code,term\n${i + 1}11,${name}\n`],
      [`codelists/${name}@1.yaml`, ABOUT],
    ]),
  );
const HEAD = `version: 1.0.0
title: T
question: Q?
purpose: p
periods: {every: quarter, count: 16}
`;
const ASTHMA = `register: asthma
version: 2025-09
title: People with asthma
meaning: People with a code of asthma that no later code says is resolved.
source: Invented for this test
codelists:
  asthma: asthma@1
  resolved: asthma-resolved@1
condition: {unresolved: asthma, resolved_by: resolved, same_day: resolved_wins}
`;
const COPD = ASTHMA.replaceAll("asthma", "copd");
const BY_NAME = `query: named
${HEAD}facts:
  ill: {register: asthma@2025-09}
denominator: {all: [ill, {age: {from: 6}}]}
numerator: {sex: female}
`;
const WRITTEN_OUT = `query: named
${HEAD}codelists: {asthma: asthma@1, resolved: asthma-resolved@1}
facts:
  ill: {unresolved: asthma, resolved_by: resolved, same_day: resolved_wins}
denominator: {all: [ill, {age: {from: 6}}]}
numerator: {sex: female}
`;
const FILES = {
  ...lists("asthma", "asthma-resolved", "copd", "copd-resolved"),
  "registers/asthma.yaml": ASTHMA,
  "registers/copd.yaml": COPD,
};

function query(text: string, files: Readonly<Record<string, string>> = FILES): Query {
  const { library, problems } = openLibrary({ ...files, "named.yaml": text });
  if (problems[0]) throw new Error(`${problems[0].file}:${problems[0].line}: ${problems[0].words}`);
  return library.queries.get("named")!.query;
}

function problem(text: string, files: Readonly<Record<string, string>> = FILES): string {
  return openLibrary({ ...files, "named.yaml": text })
    .problems.map(({ file, line, code, words }) => `${file}:${line} ${code}: ${words}`)
    .join("\n");
}

t.test("a register that is named is the query with its condition written out, digest and all", async (t) => {
  t.equal(canonicalForm(query(BY_NAME)), canonicalForm(query(WRITTEN_OUT)));
  t.equal(query(BY_NAME).digest, query(WRITTEN_OUT).digest);
  const inline = BY_NAME.replace("{all: [ill,", "{all: [{register: asthma@2025-09}, ill,");
  t.same(Object.keys(query(inline).codelists), ["asthma", "resolved"]);
});

t.test(
  "whatever changes in a register under the same version changes the digest of its queries",
  async (t) => {
    const { digest } = query(BY_NAME);
    const other = (path: string, from: string, to: string): string => {
      const text = (FILES as Record<string, string>)[path] ?? "";
      t.ok(text.includes(from), from);
      return query(BY_NAME, { ...FILES, [path]: text.replace(from, to) }).digest;
    };
    t.not(other("registers/asthma.yaml", "resolved_wins", "diagnosis_wins"), digest);
    t.not(other("registers/asthma.yaml", "same_day", "in: 5 years, same_day"), digest);
    t.not(other("registers/asthma.yaml", "asthma@1", "copd@1"), digest);
    t.not(other("codelists/asthma-resolved@1.csv", "211", "212"), digest);
    t.equal(
      other("registers/asthma.yaml", "no later code", "no other code"),
      digest,
      "words are for readers",
    );
  },
);

t.test("an alias that would stand for two lists has its register's name in front", async (t) => {
  const both = query(BY_NAME.replace("{sex: female}", "{register: copd@2025-09}"));
  t.same(
    Object.entries(both.codelists).map(([alias, { name }]) => [alias, name]),
    [
      ["asthma", "asthma"],
      ["asthma_resolved", "asthma-resolved"],
      ["copd", "copd"],
      ["copd_resolved", "copd-resolved"],
    ],
  );
  const own = query(
    BY_NAME.replace("facts:", "codelists: {resolved: copd@1, asthma_resolved: copd@1}\nfacts:").replace(
      "{sex: female}",
      "{any: [{exists: resolved}, {exists: asthma_resolved}]}",
    ),
  );
  t.equal(own.codelists["resolved"]?.name, "copd", "the query's own aliases stay as they are");
  t.match(own.facts["ill"], { condition: { list: "asthma", resolvedBy: "asthma_resolved_" } });
  t.equal(own.codelists["asthma_resolved_"]?.name, "asthma-resolved");
});

t.test("a register brings its lists for its own condition only", async (t) => {
  t.match(
    problem(BY_NAME.replace("{sex: female}", "{exists: asthma}")),
    /unknown-codelist.*no codelist `asthma`/,
  );
});

t.test("what cannot be named is refused by line, with what to write", async (t) => {
  const refused: [string, string, RegExp][] = [
    ["asthma@2025-09", "astma@2025-09", /named\.yaml:8 unknown-register: .*registers\//],
    [
      "asthma@2025-09",
      "asthma@2025-08",
      /:8 register-version: .*is version 2025-09, not 2025-08.*asthma@2025-09/,
    ],
    ["asthma@2025-09", "asthma", /:8 wrong-value: .*name@version/],
    ["{register: asthma@2025-09}", "{register: asthma@2025-09, in: 5 years}", /:8 unknown-key/],
    ["{register: asthma@2025-09}", "{register: [asthma@2025-09]}", /:8 wrong-value/],
  ];
  for (const [from, to, says] of refused) t.match(problem(BY_NAME.replace(from, to)), says, to);
});

t.test("a register that cannot be trusted is refused by its own file and line", async (t) => {
  const of = (text: string): string => problem(BY_NAME, { ...FILES, "registers/asthma.yaml": text });
  const refused: [string, string, RegExp][] = [
    [
      "{unresolved: asthma, resolved_by: resolved, same_day: resolved_wins}",
      "{register: copd@2025-09}",
      /bad-register: .*cannot name another register/,
    ],
    ["register: asthma", "register: asma", /registers\/asthma\.yaml:1 bad-register: .*`asma\.yaml`/],
    ["meaning:", "means:", /unknown-key/],
    ["source: Invented for this test\n", "", /missing-key: .*published definition/],
    ["resolved: asthma-resolved@1", "resolved: nothing@1", /:8 unknown-codelist/],
    [
      "condition: {unresolved: asthma, resolved_by: resolved, same_day: resolved_wins}",
      "condition: {exists: asthma}",
      /unused-codelist/,
    ],
    [
      "condition: {unresolved: asthma, resolved_by: resolved, same_day: resolved_wins}",
      "condition: ill",
      /unknown-fact/,
    ],
  ];
  for (const [from, to, says] of refused) {
    t.ok(ASTHMA.includes(from), from);
    t.match(of(ASTHMA.replace(from, to)), says, to);
  }
  t.match(parseRegister("[]", { file: "registers/x.yaml", codelists: () => undefined }), {
    problems: [{ code: "bad-register" }],
  });
});

t.test(
  "the explanation names the register, says what it is, and where the definition comes from",
  async (t) => {
    const text = explanationText(explain(query(BY_NAME))).replace(/\s+/g, " ");
    t.match(
      text,
      /who is on the register `asthma`, that is, who has a code of `asthma` at any time up to D that no later/,
    );
    t.match(
      text,
      /version 2025-09: People with asthma\. People with a code .* Source: Invented for this test/,
    );
    t.match(text, /not yet reviewed by a clinician/);
    const not = explanationText(explain(query(BY_NAME.replace("{all: [ill,", "{all: [{not: ill},")))).replace(
      /\s+/g,
      " ",
    );
    t.match(not, /who does not meet this: - who is on the register `asthma`/);
    t.notMatch(explanationText(explain(query(WRITTEN_OUT))), /on the register/);
  },
);

t.test("who wrote and reviewed a query is said, and is no part of its digest", async (t) => {
  const signed = `${BY_NAME}written_by: Ann Example\nreviewed_by: Dr Bob Example\nreview_due: 2027-03-31\n`;
  t.same(query(signed).review, { writtenBy: "Ann Example", reviewedBy: "Dr Bob Example", due: "2027-03-31" });
  t.equal(query(signed).digest, query(BY_NAME).digest);
  t.match(explanationText(explain(query(signed))), /by Dr Bob Example/);
  t.equal(query(signed.replace("Dr Bob Example", "nobody yet")).review.reviewedBy, null);
  t.match(problem(signed.replace("2027-03-31", "2027-02-30")), /wrong-value.*review_due/);
});

/** A library of these files, or why it is refused. */
function publish(files: Readonly<Record<string, string>>): { library: OpenedLibrary } | { refused: unknown } {
  const content = { name: "test", version: 1, published: "2025-01-01T00:00:00Z", files };
  try {
    return { library: openContent(makeContent(content)) };
  } catch (refused) {
    return { refused };
  }
}

t.test(
  "attack: a register that the signer changes under its old version is another query by digest",
  async (t) => {
    const before = publish({ ...FILES, "named.yaml": BY_NAME });
    const silent = { ...FILES, "registers/asthma.yaml": ASTHMA.replace("resolved_wins", "diagnosis_wins") };
    const after = publish({ ...silent, "named.yaml": BY_NAME });
    if (!("library" in before) || !("library" in after)) throw new Error("both are signed");
    const [accepted] = before.library.queries.keys();
    t.notOk(after.library.queries.has(accepted!), "what a practice accepted is not in it");
  },
);

t.test("a signed library that names a register it does not carry is refused", async (t) => {
  const { "registers/asthma.yaml": _, ...without } = FILES;
  t.match(publish({ ...without, "named.yaml": BY_NAME }), {
    refused: { code: "query-does-not-check" },
  });
  t.match(
    publish({
      ...FILES,
      "registers/asthma.yaml": ASTHMA.replace("2025-09", "2026-01"),
      "named.yaml": BY_NAME,
    }),
    {
      refused: { code: "query-does-not-check", message: /is version 2026-01, not 2025-09/ },
    },
  );
});

t.test("a library of before there were registers opens as it was", async (t) => {
  const old = publish({ ...lists("asthma", "asthma-resolved"), "named.yaml": WRITTEN_OUT });
  if (!("library" in old)) throw old.refused;
  t.ok(old.library.queries.has(query(WRITTEN_OUT).digest));
});

t.test("the published JSON Schema of a register is the one that its keys make", async (t) => {
  const published: unknown = JSON.parse(
    readFileSync(new URL("../schema/register.schema.json", import.meta.url), "utf8"),
  );
  t.same(published, registerSchema());
  const validate = new Ajv.default({ strict: false }).compile(registerSchema() as object);
  t.ok(validate(parseYaml(ASTHMA)), "asthma", { errors: validate.errors });
  t.notOk(validate(parseYaml(ASTHMA.replace("meaning:", "means:"))));
});
