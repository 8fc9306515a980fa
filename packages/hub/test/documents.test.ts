/** A closed comparison comes back as one document: the same bytes for every member, signed, and in the hub's log. */
import { randomUUID } from "node:crypto";
import t, { type Test } from "tap";
import { beginNewLog, closeNow, doWhatIsDue } from "@cairn/hub";
import { openCheckpoint, placeOf, provenEntry, verifyConsistency } from "@cairn/audit-log";
import { canonicalJson } from "@cairn/query-library";
import { documentDigest, readDocument, type ComparisonDocument } from "@cairn/comparisons";
import {
  publicKeyFromRaw,
  rawPublicKey,
  signWithdrawal,
  releaseDigest,
  verifyComparison,
  type FetchComparisonsReply__Output,
} from "@cairn/wire";
import { actor } from "@cairn/ledger";
import { keepNote } from "../src/notes/keep.js";
import { importReferences } from "../src/references/keep.js";
import { reviseDocuments } from "../src/store/revise-documents.js";
import { openDatabase } from "@cairn/sqlite";
import { cluster, made, release, sixOfEight } from "./cluster.js";
import type { TestAgent } from "./link/agent.js";
import { GROUP, story, type Story } from "./story.js";

function fetchAll(agent: TestAgent, from = 1, seenSize = 0): Promise<FetchComparisonsReply__Output> {
  return agent.api.fetchComparisons({ from, seenSize });
}

/** The documents of a page, each checked as a keeper checks it. */
function documentsIn(t: Test, it: Story, page: FetchComparisonsReply__Output): ComparisonDocument[] {
  const { hub } = it.serving;
  const key = rawPublicKey(hub.files.logKey);
  const name = page.checkpoint.slice(0, page.checkpoint.indexOf("\n"));
  const head = openCheckpoint(page.checkpoint, { name, key: publicKeyFromRaw(key) })!;
  return page.comparisons.map(({ document, signature, entry, inclusion }) => {
    t.ok(verifyComparison(document, signature, key), "signed by the hub's log key");
    const stands = provenEntry(entry, inclusion, head);
    t.match(stands, { kind: "comparison-made", body: { digest: documentDigest(document) } });
    return readDocument(document);
  });
}

function kinds(it: Story): string[] {
  return [...it.serving.hub.store.log.entries()].map(({ kind }) => kind);
}

t.test("closing makes the document in the same change, and every member gets the same bytes", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const members = await cluster(it, ["A", "B", "C", "D", "E", "F"]);
  for (const [i, { agent, runs }] of [...members.values()].entries()) {
    t.equal((await agent.poll()).newestComparison, 0);
    if (i < 5) await release(agent, runs[0]!, 500 + 7 * i, 0.5);
  }
  t.equal(await closeNow(it.serving.hub, GROUP), 1);
  t.same(kinds(it).slice(-2), ["collection-closed", "comparison-made"]);
  const pages = await Promise.all([...members.values()].map(({ agent }) => fetchAll(agent)));
  const bytes = new Set(pages.map(({ comparisons }) => comparisons[0]!.document.toString("hex")));
  t.equal(bytes.size, 1);
  const [document] = documentsIn(t, it, pages[0]!);
  t.match(document, { group: GROUP, query: "bp-control", date: "2025-03-31", revision: 1, replaces: null });
  t.match(document?.practices, { asked: 6, answers: { contributing: 5, states: [{ practices: 1 }] } });
  t.equal((document?.cells[0]?.dots as number[]).length, 5);
  const text = pages[0]!.comparisons[0]!.document.toString();
  for (const { agent } of members.values()) t.notOk(text.includes(agent.instance));
  const names = await it.serving.hub.store.db.selectFrom("practice").selectAll().execute();
  for (const { id } of names) t.notOk(text.includes(id), "no practice's id");
  const stranger = await it.member("Z", "Another group");
  t.same((await fetchAll(stranger)).comparisons, [], "members of the group alone");
  t.equal((await stranger.poll()).newestComparison, 0);
});

t.test("a poll is answered for a new comparison, once, and never for an agent that takes none", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const members = [...(await cluster(it, ["A", "B", "C", "D", "E"])).values()];
  for (const { agent, runs } of members) await release(agent, runs[0]!, 700, 0.4);
  const known = members[0]!.runs.map(({ run }) => run);
  const { agent } = members[0]!;
  const waited = async (comparisonsFrom: number): Promise<number> => {
    const began = Date.now();
    await agent.poll(known, { holdSeconds: 1, comparisonsFrom });
    return Date.now() - began;
  };
  await doWhatIsDue(it.serving.hub);
  const { newestComparison } = await agent.poll(known);
  t.ok(newestComparison > 0);
  t.ok((await waited(1)) < 900, "there is one");
  t.ok((await waited(newestComparison + 1)) >= 900, "it holds it");
  t.ok((await waited(0)) >= 900, "an agent of before takes none");
  const page = await fetchAll(agent, newestComparison + 1);
  t.same([page.comparisons.length, page.more, page.next], [0, false, newestComparison + 1]);
});

t.test(
  "a withdrawal makes a newer revision, in whose place the older is not given out any more",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const members = [...(await cluster(it, ["A", "B", "C", "D", "E", "F"])).values()];
    const sent = members.map(({ agent, runs }, i) => made(agent, runs[0]!, 500 + 11 * i, 0.5));
    for (const [i, { agent }] of members.entries()) await agent.send(sent[i]!, [GROUP]);
    await doWhatIsDue(it.serving.hub);
    const { agent, runs } = members[0]!;
    const first = await fetchAll(agent);
    const [before] = documentsIn(t, it, first);
    const about = { run: runs[0]!.run, correction: 0, correctable: false, logIndex: 5, logSize: 6 };
    const withdrawal = signWithdrawal(
      { ...about, releaseDigest: releaseDigest(sent[0]!.release), logRoot: Buffer.alloc(32) },
      agent.keeper.privateKey,
    );
    const said = { run: runs[0]!.run, state: "AGENT_RUN_STATE_WITHDRAWN" as const, withdrawal, groups: [] };
    await agent.api.report({ runs: [said], idempotencyKey: randomUUID() });
    await doWhatIsDue(it.serving.hub);
    const seen = openCheckpoint(first.checkpoint, logKey(it))!;
    const page = await fetchAll(agent, first.next, seen.size);
    const head = openCheckpoint(page.checkpoint, logKey(it))!;
    t.ok(verifyConsistency(seen, head, page.consistency), "the log goes on from what was seen");
    const [after] = documentsIn(t, it, page);
    t.match(after, { revision: 2, replaces: documentDigest(first.comparisons[0]!.document) });
    t.ok(before?.cells.some(({ dots }) => typeof dots !== "string"));
    t.ok(after?.cells.every(({ dots, practices }) => typeof dots === "string" && practices === null));
    t.match(after?.practices.answers, { states: [{ state: "withdrawn", practices: 1 }] });
    t.equal((await fetchAll(agent)).comparisons.length, 1, "the older one is not given out");
    const kept = await it.serving.hub.store.db.selectFrom("comparison_document").select("bytes").execute();
    t.equal(kept.filter(({ bytes }) => bytes !== null).length, 1, "nor kept");
    await it.serving.hub.store.change(({ tx }) => reviseDocuments(tx, { group: GROUP, query: "bp-control" }));
    await doWhatIsDue(it.serving.hub);
    t.equal(kinds(it).filter((kind) => kind === "comparison-made").length, 2, "the same is not made anew");
  },
);

t.test("what a group writes down, and what is published, come with the newest date's document", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const members = [...(await cluster(it, ["A", "B", "C", "D", "E"], { periods: 2 })).values()];
  for (const { agent, runs } of members) for (const run of runs) await release(agent, run, 700, 0.4);
  const { hub } = it.serving;
  await doWhatIsDue(hub);
  const { agent } = members[0]!;
  const documents = async (): Promise<ComparisonDocument[]> =>
    documentsIn(t, it, await fetchAll(agent)).sort((a, b) => (a.date < b.date ? -1 : 1));
  const [first, second] = await documents();
  t.same([first?.same_practices_as, second?.same_practices_as], [null, first?.date], "points may be joined");
  const note = {
    ...{ kind: "test-of-change" as const, date: "2025-05-01", text: "We will try recalls in May" },
    ...{ share: null, measured_by: "this question", until: "2025-09-30" },
  } as const;
  await keepNote(hub, { group: GROUP, query: "bp-control" }, note, actor("Ann"));
  const list =
    "query,date,source,practices,p10,p50,p90,tau2\nbp-control,2025-03-31,A survey,900,0.5,0.6,0.7,0.01\n";
  t.match(await importReferences(hub, list), { imported: 1 });
  await doWhatIsDue(hub);
  const [older, newer] = await documents();
  t.match([older?.revision, older?.notes], [1, []], "earlier dates stay");
  t.equal(newer?.revision, 2);
  t.same(newer?.notes, [{ ...note, outcome: null }], "without who wrote it");
  t.match(newer?.reference, { source: "A survey", p50: 0.6 });
});

t.test("collections that an older hub closed get their documents at the next round", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  await sixOfEight(it, { periods: 3 });
  const { store } = it.serving.hub;
  await store.quietly(async (tx) => {
    await tx.deleteFrom("comparison_document").execute();
    await tx.updateTable("collection").set({ document_due: 1, closed_index: null }).execute();
  });
  await doWhatIsDue(it.serving.hub);
  const rows = await store.db.selectFrom("comparison_document").selectAll().execute();
  t.equal(rows.length, 3);
  t.same(
    rows.map(({ revision }) => revision),
    [1, 1, 1],
  );
  const last = [...store.log.entries()].at(-1);
  t.match(last?.body, { closed: null }, "of which nobody can tell who came in time");
});

/** A document as the version before wrote it: counts that now stand in `answers` stood beside the practices asked. */
function asBefore(bytes: Buffer): Buffer {
  const now = JSON.parse(bytes.toString("utf8")) as ComparisonDocument;
  const { answers, ...asked } = now.practices;
  const { made: how, ...counts } = answers as Exclude<typeof answers, string>;
  const practices = { ...asked, ...counts, ...(how as object) };
  return Buffer.from(canonicalJson({ ...now, v: 1, practices }), "utf8");
}

t.test("documents of the version before are made anew in the place of what they were", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  await sixOfEight(it, { periods: 2 });
  await it.serving.stop();
  const old = openDatabase(`${it.folder}/hub.db`);
  const rows = old.prepare<[], { collection: number; bytes: Buffer }>("SELECT * FROM comparison_document");
  const change = old.prepare("UPDATE comparison_document SET bytes = ?, digest = ? WHERE collection = ?");
  const digests = new Map<number, string>();
  for (const { collection, bytes } of rows.all()) {
    const before = asBefore(bytes);
    digests.set(collection, documentDigest(before));
    change.run(before, Buffer.from(documentDigest(before), "hex"), BigInt(collection));
  }
  old.exec(`
    DROP TABLE consent;
    ALTER TABLE agent DROP COLUMN decided_charters;
    DROP TABLE opening;
    DROP INDEX run_not_due;
    DROP TRIGGER look_after_run;
    DROP TRIGGER look_after_request;
    DROP TRIGGER look_after_other_end;
    DROP INDEX collection_look_at;
    ALTER TABLE collection DROP COLUMN look_at;
    DROP TABLE charter;
    DROP TABLE library_file;
    ALTER TABLE library RENAME COLUMN content TO bundle;
    ALTER TABLE library ADD COLUMN digest BLOB;
    UPDATE library SET bundle = CAST(json_object('content', CAST(bundle AS TEXT)) AS BLOB);
    ALTER TABLE collection_member DROP COLUMN left_before;
    PRAGMA user_version = 17`);
  old.close();
  await it.restart();

  const path = `/groups/${encodeURIComponent(GROUP)}`;
  for (const here of [path, `${path}/bp-control`])
    t.equal((await fetch(it.serving.pages + here)).status, 200);
  await doWhatIsDue(it.serving.hub);
  const { db } = it.serving.hub.store;
  const anew = await db
    .selectFrom("comparison_document")
    .selectAll()
    .where("bytes", "is not", null)
    .execute();
  t.equal(anew.length, 2);
  for (const { collection, bytes } of anew)
    t.match(readDocument(bytes!), { v: 2, revision: 2, replaces: digests.get(collection) });
  const faults = await db.selectFrom("collection").select("fault").where("fault", "is not", null).execute();
  t.same(faults, [], "none is set aside");
  t.equal((await fetch(it.serving.pages + path)).status, 200);
});

t.test("in a new log documents are named anew, with the bytes that they had", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const members = [...(await cluster(it, ["A", "B", "C", "D", "E"])).values()];
  for (const { agent, runs } of members) await release(agent, runs[0]!, 700, 0.4);
  await doWhatIsDue(it.serving.hub);
  const { agent } = members[0]!;
  const before = await fetchAll(agent);
  await beginNewLog(it.serving.hub);
  await doWhatIsDue(it.serving.hub);
  const after = await fetchAll(agent, before.next);
  const [document] = documentsIn(t, it, after);
  t.equal(document?.revision, 1);
  t.ok(after.comparisons[0]!.document.equals(before.comparisons[0]!.document));
  t.equal(placeOf((await agent.poll()).newestComparison).number, 1);
});

function logKey(it: Story) {
  const { log } = it.serving.hub.store;
  return { name: log.origin, key: publicKeyFromRaw(rawPublicKey(it.serving.hub.files.logKey)) };
}
