import { importReferences } from "@cairn/hub";
import t from "tap";
import { referenceAt } from "../src/references/keep.js";
import { readReferences } from "../src/references/read-references.js";
import { story } from "./story.js";

const HEADER = "query,date,source,practices,p10,p50,p90,tau2";
const GOOD = "bp-control,2025-03-31,QOF 2024-25,6230,0.55,0.64,0.72,0.004";

function problems(...lines: string[]): string[] {
  const read = readReferences([HEADER, ...lines].join("\n"), (query) => query === "bp-control");
  return "problems" in read ? read.problems.map(({ line, words }) => `${line}: ${words}`) : [];
}

t.test("references are read strictly, all or none, and what is wrong is said by its line", async (t) => {
  t.same(
    readReferences(`${HEADER}\n${GOOD}\n`, () => true),
    {
      references: [
        {
          ...{ query: "bp-control", date: "2025-03-31", source: "QOF 2024-25", practices: 6230 },
          ...{ p10: 0.55, p50: 0.64, p90: 0.72, tau2: 0.004 },
        },
      ],
    },
  );
  const wrong: readonly [string, RegExp][] = [
    [
      "bp-contrl,2025-03-31,Q,6230,0.5,0.6,0.7,0",
      /^2: the library that is published here has no query bp-contrl/,
    ],
    ["bp-control,31/03/2025,Q,6230,0.5,0.6,0.7,0", /its date, 31\/03\/2025, is not a date/],
    ["bp-control,2025-02-30,Q,6230,0.5,0.6,0.7,0", /is not a date/],
    ["bp-control,2025-03-31,,6230,0.5,0.6,0.7,0", /its source is 1 to 120 characters/],
    ["bp-control,2025-03-31,Q,29,0.5,0.6,0.7,0", /its practices, 29, is not a whole number from 30 up/],
    ["bp-control,2025-03-31,Q,6230,50%,0.6,0.7,0", /its p10, 50%, is not a share from 0 to 1/],
    ["bp-control,2025-03-31,Q,6230,0.5,62,0.7,0", /its p50, 62, is not a share/],
    ["bp-control,2025-03-31,Q,6230,0.5,0.4,0.7,0", /its p10, p50 and p90 fall/],
    ["bp-control,2025-03-31,Q,6230,0.5,0.6,0.7,-1", /its tau2, -1, is not a variance/],
    ["bp-control,2025-03-31,Q,6230,0.5,0.6,0.7,", /its tau2, which is empty, is not/],
    ["bp-control,2025-03-31,Q,6230,0.5,0.6", /it has 6 fields and the first line 8/],
  ];
  for (const [line, expected] of wrong) {
    const said = problems(line);
    t.equal(said.length, 1, line);
    t.match(said[0], expected);
  }
  t.match(problems(GOOD, GOOD)[0], /^3: bp-control 2025-03-31 is in line 2 already/);
  t.match(problems()[0], /there is no reference in it/);
  for (const header of ["query,date", `${HEADER},name`, ""]) {
    const read = readReferences(`${header}\n${GOOD}`, () => true);
    t.match("problems" in read ? read.problems[0]?.words : "", /the first line names these columns/);
  }
});

t.test(
  "a group is compared with the newest figure that is not after its date; a correction replaces one",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const { hub } = it.serving;
    const rows = [GOOD, GOOD.replace("2025-03-31", "2024-03-31").replace("0.64", "0.6")];
    t.same(await importReferences(hub, [HEADER, ...rows].join("\n"), "Ann"), { imported: 2, replaced: 0 });
    const at = (date: string) => referenceAt(hub.store.db, "bp-control", date);
    t.equal((await at("2025-06-30"))?.p50, 0.64);
    t.equal((await at("2025-03-30"))?.p50, 0.6);
    t.equal(await at("2024-03-30"), null);
    const again = await importReferences(hub, `${HEADER}\n${GOOD.replace("0.64", "0.63")}`, "Ann");
    t.same(again, { imported: 1, replaced: 1 });
    t.equal((await at("2025-06-30"))?.p50, 0.63);
    const bad = await importReferences(hub, `${HEADER}\n${GOOD}\nx,y,z,1,2,3,4,5`, "Ann");
    t.ok("problems" in bad);
    t.equal((await at("2025-06-30"))?.p50, 0.63, "one wrong line, and nothing of it is taken");
    const entries = [...hub.store.log.entries()].filter(({ kind }) => kind === "references-imported");
    t.equal(entries.length, 2);
    t.match(JSON.stringify(entries[0]), /"by":"Ann"/);
  },
);
