/** No page of the practice's own says of it what is never said, for any query of the library; and each says what is exact. */
import { fileURLToPath } from "node:url";
import { practiceHome, practiceQuestion, practiceWorklist, chooseWorklist } from "@cairn/pages";
import { LIBRARY_LOCATION } from "@cairn/library";
import { openLibrary, stepsOf } from "@cairn/query-library";
import { readLibraryFolder } from "@cairn/query-library/folder";
import { textOf } from "@cairn/text";
import t from "tap";
import { neverSaid } from "../../../tests/house/never-said.js";
import { BY_COMMAND } from "../src/pages/decision-context.js";
import { homeModel } from "../src/pages/home-model.js";
import { questionModel } from "../src/pages/question-model.js";
import { listOptions, wishOf, worklistModel } from "../src/pages/worklist-model.js";
import { chooseList } from "../src/worklists/lists.js";
import { practice } from "./fixtures/practice.js";

const { library } = openLibrary(readLibraryFolder(fileURLToPath(LIBRARY_LOCATION)));
const queries = [...library.queries.values()].map(({ query }) => query);
const D = "2024-12-31";

t.test("every query's own pages", async (t) => {
  const { keeper } = await practice(t).start();
  t.ok(queries.length >= 92, `${queries.length} queries`);
  t.same(neverSaid(textOf(practiceHome(homeModel(keeper)))), []);
  for (const query of queries) {
    const facts = {
      figures: ["2024-09-30", D].map((date) => ({ date, numerator: 3, denominator: 9 })),
      steps: query.unit === "people" ? stepsOf(query).map(() => 9) : null,
      coding: [
        {
          list: "a@1",
          people: 0,
          readings: { events: 9, withoutNumber: 2, withoutUnit: 3, otherUnits: 1, unit: "mmHg" },
        },
      ],
      emptyLists: ["a@1"],
      thin: [{ date: D, months: ["2024-03"] }],
      freshness: { coversTo: "2025-03-31", usualTo: "2025-03-20", measured: "2025-04-01" },
    };
    const person = {
      ...{ date: D, patient: "p1", id: "p1", age: null, sex: "unknown" as const },
      facts: Object.keys(query.facts).map((fact) => ({ fact, value: null, unit: null, date: null })),
    };
    const lists = (["numerator", "rest"] as const).map((list) =>
      practiceWorklist(
        worklistModel({
          ...{
            practice: "Test",
            query,
            date: D,
            chosen: chooseList(query, list)!,
            wish: wishOf({}, undefined),
          },
          list: { people: [person], optedOut: 1 },
          marks: new Map([
            ["p1", { mark: "not-suitable", why: "moved", by: "Dr Bob", at: "2025-05-20T09:00:00Z" }],
          ]),
          token: "token",
        }),
      ),
    );
    const pages = [
      practiceQuestion(questionModel(keeper, query, facts, BY_COMMAND)),
      chooseWorklist({
        practice: "Test",
        query: query.query,
        title: query.title,
        date: D,
        lists: listOptions(query, null),
      }),
      ...lists,
    ].map((page) => textOf(page));
    for (const page of pages) t.same(neverSaid(page), [], query.query);
    if (pages.some((page) => /for whom it (holds|does not)/i.test(page))) t.fail(query.query);
    if (query.query === "bp-control") {
      t.match(pages[0], "6 people without “Latest blood pressure 140/90 or less”: perhaps worth a look");
      t.match(pages[2], /<th[^>]*>\s*Blood pressure\s*</);
      t.match(pages[2], "none in 12 months");
    }
    if (query.query === "hypertension-register")
      t.match(pages[0], "6 people not on the hypertension register");
    if (
      !pages[0]!
        .replace(/\s+/g, " ")
        .includes(", exact. People with a type 1 opt-out in their record are counted here")
    )
      t.fail(query.query);
    if (!lists.every((list) => textOf(list).includes("this list never leaves it"))) t.fail(query.query);
  }
  t.same(neverSaid("the worst of them failed"), ["worst", "failed"], "what is looked for is found");
});
