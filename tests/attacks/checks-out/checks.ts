/**
 * The checks by which a practice refuses what a malicious hub or courier tells it, each as it stands in its file. Whoever
 * moves or words one of them anew says it here too.
 */
import type { Check } from "./copy.js";

const FRAMEWORK = "node_modules/tuf-js/dist/store.js"; // The Update Framework's own checks, which `update.ts` asks
const UPDATE = "packages/signed-library/src/update.ts";
const ROOT = "packages/signed-library/src/root.ts";
const DELEGATION = "packages/signed-library/src/delegation.ts";
const KEEPER = "packages/keeper/src";

const check = (file: string, text: string, without = ""): Check => ({ file, text, without });
/** A condition that is never met any more. */
const never = (file: string, condition: string): Check => check(file, `if (${condition})`, "if (false)");

export const CHECKS = {
  "targets are signed": check(FRAMEWORK, "delegator.verifyDelegate(roleName, newDelegate);"),
  "both kinds signed": check(
    UPDATE,
    'if (this.#rules === "cairn") checkKinds(this.#store.root.signed, this.#top(), "targets");',
  ),
  "targets are those of the snapshot": check(FRAMEWORK, "        meta.verify(bytesBuffer);"),
  "a file is the one that was signed": never(UPDATE, "!isSame || digests.length === 0"),
  "no older timestamp": never(FRAMEWORK, "newTimestamp.signed.version < this.timestamp.signed.version"),
  "no older snapshot": never(FRAMEWORK, "newSnapshotMeta.version < snapshotMeta.version"),
  "no older targets": never(FRAMEWORK, "newFileInfo.version < fileInfo.version"),
  "no older library than in force": never(
    `${KEEPER}/trust/library.ts`,
    "Number(version) < Number(newest.version)",
  ),
  "no other files under a version": never(
    `${KEEPER}/trust/library.ts`,
    "version === newest.version && before && !isOfSameTargets(before, targets)",
  ),
  "the snapshot is the timestamp's": check(FRAMEWORK, "snapshotMeta.verify(bytesBuffer);"),
  "the snapshot has the timestamp's version": never(
    FRAMEWORK,
    "this.snapshot.signed.version !== snapshotMeta.version",
  ),
  "no metadata is missing": check(
    UPDATE,
    'if (!bytes) throw new LibraryRefusal("library-incomplete", `${name} is missing from what was delivered`);',
    "if (!bytes) return new Uint8Array();",
  ),
  "no target is missing": check(
    UPDATE,
    `if (!bytes)
      throw new LibraryRefusal("library-incomplete", \`\${info.path} is missing from what was delivered\`);`,
    "if (!bytes) return new Uint8Array() as SignedBytes;",
  ),
  "the timestamp holds": never(FRAMEWORK, "this.timestamp.signed.isExpired(this.referenceTime)"),
  "the targets hold": never(FRAMEWORK, "newDelegate.signed.isExpired(this.referenceTime)"),
  "a root is signed by the one before": check(
    FRAMEWORK,
    "this.root.verifyDelegate(models_1.MetadataKind.Root, newRoot);",
  ),
  "a root is signed by itself": check(
    FRAMEWORK,
    "newRoot.verifyDelegate(models_1.MetadataKind.Root, newRoot);",
  ),
  "the timestamp is signed": check(
    FRAMEWORK,
    "this.root.verifyDelegate(models_1.MetadataKind.Timestamp, newTimestamp);",
  ),
  "the snapshot is signed": check(
    FRAMEWORK,
    "this.root.verifyDelegate(models_1.MetadataKind.Snapshot, newSnapshot);",
  ),
  "a next root asks for two": check(UPDATE, 'if (this.#rules === "cairn") checkRoot(root.signed);'),
  "the trusted root asks for two": check(
    UPDATE,
    'if (this.#rules === "cairn") checkRoot(this.#store.root.signed);',
  ),
  "a root that a person gives asks for two": check(ROOT, "  checkRoot(root);\n"),
  "what was verified before a refusal is kept": check(
    `${KEEPER}/trust/library.ts`,
    "  trustFiles(change, metadata);\n  if (isNew)",
    "  if (isNew)",
  ),
  "a date is the query's, as it is offered": check(
    `${KEEPER}/review/offer.ts`,
    "return dates(query, referenceDate, change.now()) ?? whyLost",
    "return whyLost",
  ),
  "a date is the query's, as it is answered": check(
    `${KEEPER}/work/execute.ts`,
    "run.correction > 0 ? null : dates(query, run.referenceDate, store.now())",
    "null",
  ),
  "a date ends a period": check(`${KEEPER}/runs/asked.ts`, "isEnd && referenceDate", "referenceDate"),
  "a date is not too old": check(`${KEEPER}/runs/asked.ts`, "referenceDate >= oldest && "),
  "a date is not to come": check(`${KEEPER}/runs/asked.ts`, " && referenceDate <= day(now + DAY_MS)"),
  "somebody here accepted the group": check(
    `${KEEPER}/review/review.ts`,
    'state === "joined" && isAccepted',
    "isAccepted",
  ),
  "no rule decides for a group that nobody accepted": never(
    `${KEEPER}/approvals/offers.ts`,
    "joined === null",
  ),
  "a question is in the charter, as it is offered": check(
    `${KEEPER}/review/offer.ts`,
    "outside ?? whyPolicy",
    "whyPolicy",
  ),
  "a question is in the charter, as it is reviewed": check(
    `${KEEPER}/review/review.ts`,
    'isGiven || next === "declined" ? null : whyNotInCharter(change, request.group, run.query)',
    "null",
  ),
  "no rule accepts outside of the charter": check(
    `${KEEPER}/approvals/offers.ts`,
    " || whyNotInCharter(change, offer.group, offer.query)",
  ),
  "nobody accepts outside of the charter": never(`${KEEPER}/decisions/approve.ts`, "outside"),
  "a body's keys are those pinned": check(`${KEEPER}/trust/bodies.ts`, " || known.digest !== keys"),
  "changed keys end a rule": check(
    `${KEEPER}/approvals/rules.ts`,
    "if (digest === rule.keys) continue;",
    "continue;",
  ),
  "two people sign for a body": check(UPDATE, "checkBody(body, quorum);"),
  "two is the least for a body": check(DELEGATION, "threshold >= THRESHOLD && "),
  "a body alone names its file": never(UPDATE, "targets.has(path)"),
  "what a body accepts is of that query": check(
    `${KEEPER}/trust/bodies.ts`,
    "return accepted !== undefined;",
    "return true;",
  ),
  "a use given back is ours": check(
    `${KEEPER}/restore/restore-releases.ts`,
    "uses.every((use) => verifyUse(use, key))",
    "true",
  ),
  "a receipt is for a use that was given": never(
    `${KEEPER}/review/acknowledge.ts`,
    'receipt.group !== "" && !useOf(store, receipt, receipt.group)',
  ),
  "a receipt is the hub's": never(`${KEEPER}/review/acknowledge.ts`, "!verifyReceipt(receipt, key)"),
  "a receipt is for these bytes": never(
    `${KEEPER}/review/acknowledge.ts`,
    "!releaseDigestOf(store, receipt.run, receipt.correction)?.equals(receipt.releaseDigest)",
  ),
  "a comparison is of a group accepted here": never(
    `${KEEPER}/comparisons/check.ts`,
    'groupState(store, document.group) !== "joined"',
  ),
  "the policy's witnesses signed": check(
    "packages/audit-log/src/policy.ts",
    "if (policy.quorum === null || hasSigned(policy.quorum, by))",
    "if (true)",
  ),
  "witnesses signed this history": never(
    `${KEEPER}/trust/proofs.ts`,
    "!isExtended(proven.checkpoint, head, proofsConsistency)",
  ),
  "a date is one run": check(`${KEEPER}/review/offer.ts`, "  if (other) return", "  if (false) return"),
  "a run stays what it is": check(
    `${KEEPER}/review/offer.ts`,
    "known && !isOfRun(assignment, known)",
    "false",
  ),
  "a log extends the one before": check(
    `${KEEPER}/trust/witness.ts`,
    "if (seen && !extendsIt(seen, next, consistency))",
    "if (false)",
  ),
  "a log keeps its name": check(
    `${KEEPER}/trust/shown-logs.ts`,
    "if (from.origin !== to.origin) return false;",
  ),
  "a log is proved to go on": check(
    `${KEEPER}/trust/shown-logs.ts`,
    "verifyConsistency(from, to, proof)",
    "true",
  ),
  "a log of one size has one root": check(
    `${KEEPER}/trust/shown-logs.ts`,
    "return from.root.equals(to.root);",
    "return true;",
  ),
  "nothing new after two histories": check(
    `${KEEPER}/link/handlers.ts`,
    "        assertOneHistory(store);\n",
  ),
  "the audit misses receipts": check(
    "packages/ledger/src/cross-check/checks/receipts.ts",
    "if (canCome) onTheirWay += 1;",
    "if (true) onTheirWay += 1;",
  ),
} as const satisfies Record<string, Check>;
