/** A practice with records, people who sign in, and a group that compares: for pages in a browser. */
import { type ComparisonDocument, documentBytes, documentDigest } from "@cairn/comparisons";
import type { SignedRelease__Output } from "@cairn/wire";
import type { Test } from "tap";
import { honest, TestHub } from "../../packages/keeper/test/fixtures/comparisons.js";
import { D, ownPages } from "../../packages/keeper/test/fixtures/own-pages.js";
import { assignment, receipt, until, runOn } from "../../packages/keeper/test/fixtures/practice.js";
import { lease } from "../../packages/keeper/test/fixtures/released.js";
import { cellsOf } from "@cairn/query-library";

const GROUP = "cluster";
const EARLIER = ["2024-09-30", "2024-12-31"] as const;

export type OpenPractice = Awaited<ReturnType<typeof openPractice>>;

/** @param rule null: each question waits until somebody accepts it */
export async function openPractice(t: Test, rule: "accept-signed" | null = "accept-signed") {
  const pages = await ownPages(t, "visitor", { accounts: true, rule });
  const { api, app, query } = pages;
  const address = await app.listen({ host: "127.0.0.1", port: 0 });
  const hub = new TestHub(t.testdir());
  const runs = [...EARLIER.map((date) => ({ run: runOn(date), date })), { run: runOn("review"), date: D }];
  await api.offerRuns({
    assignments: EARLIER.map((date) =>
      assignment(date, { run: runOn(date), cells: cellsOf(query, date).length }, query),
    ),
  });
  let receipts = 7;
  return {
    ...pages,
    address,
    runs,
    /** The courier asks for these runs; each is then in this state. */
    async answer(asked: readonly string[], state: "OUTBOX" | "ON_HOLD"): Promise<void> {
      for (const run of asked) await until(api, run, "READY");
      await api.execute({ leases: asked.map(lease) });
      for (const run of asked) await until(api, run, state);
    },
    /** The courier takes a release, and the hub confirms it and its use. */
    async take(run: string): Promise<SignedRelease__Output> {
      const { release } = await api.takeRelease({ run });
      if (!release) throw new Error(`${run} has no release to be taken`);
      await api.acknowledge({
        receipts: [
          receipt(run, release.release, receipts++),
          receipt(run, release.release, receipts++, { group: GROUP }),
        ],
      });
      return release;
    },
    /** The group's comparison of a date comes, with this practice among the others. */
    async compare(date: string, own: SignedRelease__Output, change: Partial<ComparisonDocument> = {}) {
      const document = honest(own, null, change, "all", { query, date });
      const seen = Number((await api.describe({})).witnessedSize);
      const { refusal, refusals } = await api.offerComparisons(hub.page(seen, hub.comparison(document)));
      if (refusal || refusals.length > 0) throw new Error(JSON.stringify([refusal, refusals]));
      return documentDigest(documentBytes(document));
    },
  };
}
