/** What a group's pages take at the hub: looking up what they show, and laying it out. */
import { publishFolder } from "../../packages/hub/test/publish-folder.js";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { initHub, openHub, type Hub } from "@cairn/hub";
import { documentOf, type ComparisonDocument } from "@cairn/comparisons";
import { periodEnds, type Query } from "@cairn/query-library";
import { groupPage, packPage, questionPage, type QuestionView } from "@cairn/pages";
import { textOf } from "@cairn/text";
import { answers, LIBRARY, type Practice } from "../../packages/comparisons/test/fixtures/groups.js";
import { standingDocuments } from "../../packages/hub/src/comparisons/documents.js";
import { glancesOf } from "../../packages/hub/src/pages/models.js";
import { atMost, timesPeer, type Figure } from "./figures.js";
import { mediansCpuOf, medianCpuOf } from "./measure.js";

const QUERIES = [...LIBRARY.values()].filter(({ periods }) => periods.every === "quarter");

/** Times that two overviews are made in turn, when they are warm: a cold process compiles meanwhile, which hides a ratio near 1. */
const TURNS = 101;

/** @param times that each page is made */
export async function groupPages(times: number): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "cairn-bench-"));
  await initHub(join(folder, "hub"), ["localhost"]);
  const hub = openHub(join(folder, "hub"));
  try {
    await publishFolder(hub, null);
    for (const [group, practices, queries, dates] of [
      ["few dates", 8, 12, 4],
      ["many dates", 8, 12, 60],
      ["many practices", 1_000, 40, 12],
    ] as const)
      await fill(hub, group, sized(practices), QUERIES.slice(0, queries), dates);
    return await measured(hub, times);
  } finally {
    await hub.store.close();
    rmSync(folder, { recursive: true });
  }
}

async function measured(hub: Hub, times: number): Promise<Figure[]> {
  const overview = (group: string) => async () => {
    const views = await glancesOf(hub, group, "dots");
    return textOf(groupPage({ name: group, practices: 8, views, chosen: [], choose: null }));
  };
  const question = await medianCpuOf(async () => {
    const [view] = await viewsOf(hub, "many dates", 1);
    return textOf(questionPage({ view: view as QuestionView, allDates: [], write: null }));
  }, times);
  const pack = await medianCpuOf(
    async () => textOf(packPage("few dates", await viewsOf(hub, "few dates", 12), [])),
    times,
  );
  const both = [overview("few dates"), overview("many dates")];
  const [few, many] = (await mediansCpuOf(both, TURNS, TURNS)) as [number, number];
  return [
    atMost("question page of 60 dates", question, "ms CPU", 40),
    atMost("overview of 12 questions", few, "ms CPU", 50),
    timesPeer("overview of 12 questions at 60 dates", many, "ms CPU", "that at 4", few, 1.2),
    atMost("printed pack of 12 questions", pack, "ms CPU", 300),
    atMost(
      "overview of 1,000 practices x 40 questions x 12 dates",
      await medianCpuOf(overview("many practices"), times),
      "ms CPU",
      150,
    ),
  ];
}

/** The first questions of a group, with all their dates, as their pages show them. */
async function viewsOf(hub: Hub, group: string, most: number): Promise<QuestionView[]> {
  const rows = await hub.store.db
    .selectFrom("collection")
    .selectAll()
    .where("group_name", "=", group)
    .orderBy("reference_date")
    .execute();
  return Promise.all(
    QUERIES.slice(0, most).map(async (query) => {
      const kept = await standingDocuments(
        hub,
        rows.filter((row) => row.query === query.query),
      );
      return { query, dates: [...kept.values()], notes: [], sees: "dots" as const };
    }),
  );
}

function sized(practices: number): Practice[] {
  return Array.from({ length: practices }, (_, i) => ({
    people: 600 + ((i * 379) % 900),
    share: 0.4 + ((i * 37) % 40) / 100,
  }));
}

/** Puts closed collections with their documents into a hub's store, as they are once they were made. */
async function fill(
  hub: Hub,
  group: string,
  practices: readonly Practice[],
  queries: readonly Query[],
  dates: number,
): Promise<void> {
  const { db } = hub.store;
  const floor = { floor_k: 8, floor_base: 5, floor_midpoint: 0 };
  await db
    .insertInto("practice_group")
    .values({ name: group, ...floor })
    .execute();
  const ends = periodEnds("quarter", dates, "2026-09-30");
  for (const query of queries) {
    const last = ends.at(-1) as string;
    const made = documentOf(answers(query, last, practices), null);
    for (const [i, date] of ends.entries()) {
      const document: ComparisonDocument = { ...made, group, date, same_practices_as: ends[i - 1] ?? null };
      const bytes = Buffer.from(JSON.stringify(document));
      const { id } = await db
        .insertInto("collection")
        .values({
          ...{ group_name: group, query: query.query, query_version: query.version },
          ...{ query_digest: query.digest, reference_date: date, opened_at: 0, closes_at: 1, closed_at: 1 },
          ...{ retry_at: null, shown: 1, dots: "shown" },
        })
        .returning("id")
        .executeTakeFirstOrThrow();
      await db
        .insertInto("comparison_document")
        .values({
          ...{ collection: id, revision: 1, group_name: group, digest: Buffer.alloc(32), bytes },
          ...{ signature: Buffer.alloc(64), hub_log_index: 0 },
        })
        .execute();
    }
  }
}
