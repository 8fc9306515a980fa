/** What a hub proves to a practice of its log: publications and that practice's own receipts, once witnesses signed. */
import { generateKeyPairSync } from "node:crypto";
import t from "tap";
import {
  cosign,
  readPolicy,
  readWitnessRequest,
  verifyConsistency,
  peekCheckpoint,
  vkeyOf,
  witnessedEntry,
} from "@cairn/audit-log";
import { hubLog } from "@cairn/ledger";
import { logVkey } from "@cairn/hub";
import { keepCosignatures, requestFor } from "../src/witnesses/gather.js";
import { policyOrNone, proofsFor, quorumSize } from "../src/witnesses/proofs.js";
import { publishFolder } from "./publish-folder.js";
import { someQueries } from "./some-queries.js";
import { story } from "./story.js";

t.test(
  "a practice is given proofs of the publication and of its own receipts, under the quorum",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const { hub } = it.serving;
    const { log } = hub.store;
    const ann = { name: "ann.example/w", key: generateKeyPairSync("ed25519").privateKey };
    const text = `log ${logVkey(hub)}\nwitness A ${vkeyOf(ann, "witness")}\nquorum A\n`;
    t.equal(await policyOrNone(hub), null);
    const folder = someQueries(t.testdir(), ["hypertension-register"]);
    const beside = new Map([["witness-policy", Buffer.from(text)]]);
    const { version } = await publishFolder(hub, folder, undefined, beside);
    const policy = await policyOrNone(hub);
    const received = async (practice: string): Promise<number> => {
      const sent = { correction: 0, digest: "aa", practice_log_index: 1, practice_log_size: 2 };
      return hub.store.unheard(
        async ({ note }) =>
          note(hubLog.releaseReceived, { run: "r", practice, ...sent, practice_log_root: "bb" }).index,
      );
    };
    const [own, others] = [await received("own"), await received("other")];
    const sign = async (): Promise<void> => {
      const { note = "" } = readWitnessRequest((await requestFor(hub, 0)) ?? "") ?? {};
      t.equal(await keepCosignatures(hub, cosign(note, ann, new Date())), "kept");
    };
    const asked = { unproved: [own, others, 0, 2 ** 40 + own, 1e9], unprovedLibrary: version };
    t.same(proofsFor(log, policy, "own", asked).proofs, [], "nobody has signed");
    t.equal(quorumSize(log), 0);
    await sign();
    const later = await received("own");
    t.equal(quorumSize(log), later, "what comes after is not under it");

    const { proofs, proofsConsistency } = proofsFor(log, policy, "own", {
      ...asked,
      unproved: [...asked.unproved, later],
    });
    const read = readPolicy(text);
    const proved = proofs.map((proof) => witnessedEntry(read.ok ? read.policy : policy!, proof));
    t.match(proved, [
      { ok: true, by: ["A"], entry: { kind: "library-published", body: { version } } },
      { ok: true, entry: { kind: "release-received", position: own, body: { practice: "own" } } },
    ]);
    t.equal(proved.length, 2, "no entry of another practice, of another kind or of another log");
    const [first] = proved;
    const head = peekCheckpoint(log.stampedCheckpoint())!;
    t.ok(first?.ok && verifyConsistency(first.checkpoint, head, proofsConsistency));
    t.same(proofsFor(log, policy, "own", { unproved: [], unprovedLibrary: "77" }).proofs, []);
    t.same(proofsFor(log, null, "own", asked).proofs, [], "nothing is proved without a policy");
  },
);
