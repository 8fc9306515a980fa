/** A practice that leaves new queries to a body: what the body signed counts, under the keys that were pinned. */
import t, { type Test } from "tap";
import { openLibrary, type Query } from "@cairn/query-library";
import { newKey, type Acceptance } from "@cairn/signed-library";
import { Signers, type Publication, type SigningBody } from "@cairn/testkit";
import { charterBytes } from "@cairn/charters";
import { ruleFor } from "../src/approvals/rules.js";
import { join as joinGroup } from "../src/decisions/membership.js";
import { bodyToPin, setRule } from "../src/decisions/standing-decisions.js";
import { charterLines } from "../src/joining.js";
import { homeModel } from "../src/pages/home-model.js";
import { keeperStatus } from "../src/status.js";
import { askedLine } from "../src/status-words.js";
import type { KeeperStore } from "../src/store/store.js";
import { person } from "../src/store/person.js";
import { trustRoot } from "../src/trust/root.js";
import { charterOf } from "./fixtures/charters.js";
import { assignment, DATES, GROUP, libraryOf, practice, runOn, signers } from "./fixtures/practice.js";
import { lease, people } from "./fixtures/released.js";

const [lin, lou] = [newKey("Lin", "body"), newKey("Lou", "body")];
const [eve, eva] = [newKey("Eve", "body"), newKey("Eva", "body")];
const CEG = [lin, lou];

/** The library with its one query in a version, and with other words where they are given. */
function filesOf(version: string, title = "Asthma, seen in the last year"): Record<string, string> {
  const files = libraryOf();
  const text = files["asthma-seen.yaml"]!.replace("version: 1.0.0", `version: ${version}`).replace(
    "title: Asthma, seen in the last year",
    `title: ${title}`,
  );
  return { ...files, "asthma-seen.yaml": text };
}

function queryOf(version: string, title?: string): Query {
  return [...openLibrary(filesOf(version, title)).library.queries.values()][0]!.query;
}

function acceptance(version: string, title?: string): Acceptance {
  const { query, digest } = queryOf(version, title);
  return { query, version, digest };
}

/** A running keeper that trusts the library, whose people decide beside it. */
async function started(t: Test) {
  const home = practice(t, null);
  const running = await home.start();
  let delivered = 0;
  /** Delivers the library in a version, with what bodies signed, as the hub's next statement. */
  const deliver = (
    version: string,
    bodies: Readonly<Record<string, SigningBody>>,
    publication: Publication = {},
  ) => {
    delivered += 1;
    const said = { version: delivered, timestamp: delivered, bodies, ...publication };
    return running.api.offerLibrary({ bundle: signers.delivery(filesOf(version), said) });
  };
  const ask = async (version: string, date: string = DATES[0]): Promise<string> => {
    const run = runOn(`${version} ${date}`);
    const asked = assignment(date, { run }, queryOf(version));
    const { runs } = await running.api.offerRuns({ assignments: [asked] });
    return runs[0]!.state.replace("AGENT_RUN_STATE_", "");
  };
  const stands = async (version: string, date: string = DATES[0]): Promise<string> => {
    const { runs } = await running.api.waitForChanges({ since: 0, holdSeconds: 0 });
    const state = runs.find(({ run }) => run === runOn(`${version} ${date}`))!.state;
    return state.replace("AGENT_RUN_STATE_", "");
  };
  return { ...running, store: people(t, home.folder), deliver, ask, stands };
}

const ceg = (accepts: readonly Acceptance[], change: Partial<SigningBody> = {}) => ({
  ceg: { keys: CEG, accepts, ...change },
});

function pin(store: KeeperStore, group = GROUP, body = "ceg"): void {
  setRule(store, group, { rule: "delegate", body, keys: bodyToPin(store, body).digest }, person("Ann"));
}

function logged(store: KeeperStore, kind: string): Record<string, unknown>[] {
  return [...store.log.entries()].filter((entry) => entry.kind === kind).map(({ body }) => body);
}

t.test("what the body accepted runs with nobody here deciding, and what it did not waits", async (t) => {
  const { store, deliver, ask, stands, api, keeper } = await started(t);
  await deliver("1.0.0", ceg([acceptance("1.0.0")]));
  pin(store);
  t.match(logged(store, "rule-set"), [
    { rule: /^delegate: ceg, keys ([0-9A-F]{4}-){4}[0-9A-F]{4}$/, by: "Ann" },
  ]);
  t.equal(await ask("1.0.0"), "READY");
  t.match(logged(store, "query-accepted"), [
    { query: "asthma-seen", version: "1.0.0", group: GROUP, by: "rule delegate: ceg, library 1" },
  ]);
  const [asked] = keeperStatus(store).queries;
  t.match(asked, { said: "accepted", body: "ceg" });
  t.equal(
    askedLine(asked!),
    "asthma-seen 1.0.0, asked by cluster: accepted by ceg, to which this practice leaves it",
  );
  t.match(JSON.stringify(homeModel(keeper)), "accepted by ceg", "the practice's page tells it");
  await api.execute({ leases: [lease(runOn(`1.0.0 ${DATES[0]}`))] });
  await deliver("2.0.0", ceg([acceptance("1.0.0")]));
  t.equal(await ask("2.0.0", DATES[1]), "WAITING_FOR_APPROVAL");
  t.equal(logged(store, "query-accepted").length, 1);
  await deliver("2.0.0", ceg([acceptance("1.0.0"), acceptance("2.0.0")]), { version: 2 });
  t.equal(await stands("2.0.0", DATES[1]), "READY", "signed beside the same library, it counts at once");
  t.match(logged(store, "query-accepted")[1], { version: "2.0.0", by: "rule delegate: ceg, library 2" });
});

t.test("no other word is taken for the body's", async (t) => {
  const forgeries: Record<string, Readonly<Record<string, SigningBody>>> = {
    "signed by one of its people": ceg([acceptance("2.0.0")], { by: [lin] }),
    "signed by keys that are not its": ceg([acceptance("2.0.0")], { by: [eve, eva] }),
    "another body's": { ...ceg([]), lmc: { keys: [eve, eva], accepts: [acceptance("2.0.0")] } },
    "of other bytes under the same version": ceg([acceptance("2.0.0", "Asthma, sold")]),
    "of an older version": ceg([acceptance("1.0.0")]),
    "under the name of another version": ceg([{ ...acceptance("2.0.0"), version: "1.0.0" }]),
    expired: ceg([acceptance("2.0.0")], { expires: Date.now() - 1000 }),
  };
  for (const [what, bodies] of Object.entries(forgeries)) {
    const { store, deliver, ask } = await started(t);
    await deliver("1.0.0", ceg([acceptance("1.0.0")]));
    pin(store);
    t.match(await deliver("2.0.0", bodies), { accepted: true }, `${what}: it does not stop the library`);
    t.equal(await ask("2.0.0"), "WAITING_FOR_APPROVAL", what);
    t.same(logged(store, "query-accepted"), [], what);
  }
  const { store, deliver, ask } = await started(t);
  await deliver("1.0.0", ceg([acceptance("1.0.0")]));
  pin(store);
  await deliver("1.0.0", ceg([]), { version: 1 });
  const back = await deliver("1.0.0", ceg([acceptance("1.0.0")], { version: 1 }), { version: 1 });
  t.match(
    back,
    { accepted: false, refusal: { code: "library-rollback" } },
    "what it took back does not come again",
  );
  t.equal(await ask("1.0.0"), "WAITING_FOR_APPROVAL");
});

t.test("other keys of the body send the rule back to ask, until a person pins them", async (t) => {
  const { store, deliver, ask, stands, keeper } = await started(t);
  await deliver("1.0.0", ceg([acceptance("1.0.0")]));
  pin(store);
  t.equal(await ask("1.0.0"), "READY");
  const other = { ceg: { keys: [lin, eve], accepts: [acceptance("2.0.0")] } };
  await deliver("2.0.0", other);
  t.match(logged(store, "rule-set")[1], { group: GROUP, rule: "ask", by: "rule: the keys of ceg changed" });
  t.equal(await ask("2.0.0", DATES[1]), "WAITING_FOR_APPROVAL", "the word of other keys is not taken");
  t.equal(await stands("1.0.0"), "READY", "what was accepted goes on");
  const words = /the keys of ceg changed in the library, .* cairn agent rules --group cluster --delegate ceg/;
  t.match(keeperStatus(store).rules, [{ group: GROUP, rule: "ask", problem: words }]);
  t.match(homeModel(keeper).alarms.join("\n"), words, "the page says so");
  await deliver("2.0.0", ceg([acceptance("2.0.0")]));
  t.equal(await stands("2.0.0", DATES[1]), "WAITING_FOR_APPROVAL", "also where the old keys come back");
  t.equal(logged(store, "rule-set").length, 2, "once");
  pin(store);
  t.equal(await stands("2.0.0", DATES[1]), "READY");
  t.match(keeperStatus(store).rules, [{ rule: "delegate: ceg", problem: null }]);
  const weaker = { ceg: { keys: [lin, lou, eve], accepts: [] } };
  await deliver("2.0.0", weaker);
  t.match(ruleFor(store, GROUP), { rule: "ask" }, "one more who may sign is another quorum");
});

t.test("a body that is missing or late stops new acceptances, and the rule says why", async (t) => {
  const { store, deliver, ask, stands } = await started(t);
  await deliver("1.0.0", ceg([acceptance("1.0.0")]));
  pin(store);
  t.equal(await ask("1.0.0"), "READY");
  await deliver("2.0.0", ceg([acceptance("2.0.0")], { by: [lin] }));
  t.match(keeperStatus(store).rules[0], {
    rule: "delegate: ceg",
    problem: /what ceg accepts does not count now/,
  });
  t.equal(await ask("2.0.0", DATES[1]), "WAITING_FOR_APPROVAL");
  t.equal(await stands("1.0.0"), "READY");
  await deliver("2.0.0", ceg([acceptance("2.0.0")]));
  t.equal(await stands("2.0.0", DATES[1]), "READY", "the same keys count again");
  store.change(({ db }) => db.prepare("UPDATE body SET until = 1").run());
  t.match(keeperStatus(store).rules[0]?.problem, /has expired/, "it ends with no newer library, too");
  trustRoot(store, new Signers().root(), person("Ann"));
  t.match(keeperStatus(store).rules[0], { rule: "delegate: ceg", problem: /names no body ceg/ });
});

t.test("the charter's rule and the practice's own: two bodies compose to ask", async (t) => {
  const charter = (body: string) => charterOf({ newQuery: { rule: "delegate", body } });
  const beside = (body: string) => new Map([[`charters/${GROUP}.json`, charterBytes(charter(body))]]);
  const bodies = { ...ceg([acceptance("1.0.0")]), lmc: { keys: [eve, eva], accepts: [acceptance("1.0.0")] } };
  const { store, deliver, ask, stands } = await started(t);
  await deliver("1.0.0", bodies, { beside: beside("lmc") });
  t.match(
    charterLines(store, GROUP).at(-1),
    /cairn agent rules --group cluster --delegate lmc leaves it to lmc$/,
  );
  joinGroup(store, GROUP);
  t.match(logged(store, "charter-accepted"), [{ rule: "delegate: lmc" }]);
  t.match(ruleFor(store, GROUP), { rule: "ask" }, "nobody here has pinned its keys");
  t.equal(await ask("1.0.0"), "WAITING_FOR_APPROVAL");
  pin(store);
  t.match(ruleFor(store, GROUP), { rule: "ask" }, "another body than the charter's");
  t.equal(await stands("1.0.0"), "WAITING_FOR_APPROVAL");
  pin(store, GROUP, "lmc");
  t.match(ruleFor(store, GROUP), { rule: "delegate", body: "lmc" });
  t.equal(await stands("1.0.0"), "READY");
});

t.test("keys are pinned as they were shown, of a body that the library names", async (t) => {
  const { store, deliver } = await started(t);
  t.throws(() => bodyToPin(store, "ceg"), { code: "body-unknown", message: /it names none/ });
  await deliver("1.0.0", ceg([]));
  t.throws(() => bodyToPin(store, "lmc"), { code: "body-unknown", message: /it names ceg/ });
  const { digest: keys, threshold } = bodyToPin(store, "ceg");
  t.equal(threshold, 2);
  await deliver("1.0.0", { ceg: { keys: [lin, eve], accepts: [] } });
  t.throws(() => setRule(store, GROUP, { rule: "delegate", body: "ceg", keys }), { code: "stale" });
  t.same(logged(store, "rule-set"), []);
});
