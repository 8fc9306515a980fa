/** The suite's cases of refreshing, ends of life and targets. */
import { DAY, ed25519, instant, sha, type TufRepository } from "./repository.js";
import { codes, LIBRARY, NOW, ONLINE, started, type Case } from "./trial.js";

export const cases = new Map<string, Case>();
const held = (name: string, run: Case): unknown => cases.set(name, run);

held("basic_init_and_refresh", async (t, trial, repo) => {
  await codes(t, trial.init(), 0);
  await codes(t, trial.refresh(), 0);
  t.same(repo.asked, ["2.root.json", "timestamp.json", "1.snapshot.json", "1.targets.json"]);
  t.equal(trial.trusted(), "root 1 snapshot 1 targets 1 timestamp 1");
});

held("implicit_refresh", async (t, trial, repo) => {
  await trial.init();
  await codes(t, trial.download("nonexistent artifact"), 1);
  t.same(repo.asked, ["2.root.json", "timestamp.json", "1.snapshot.json", "1.targets.json"]);
  t.equal(trial.trusted(), "root 1 snapshot 1 targets 1 timestamp 1");
});

const ALTERED: Record<
  string,
  (metadata: { signed: { version?: number }; signatures: { sig: string }[] }) => void
> = {
  invalid_initial_root: ({ signed }) => delete signed.version,
  unsigned_initial_root: ({ signatures }) => (signatures[0]!.sig = "3045022100ee448afe2d25dd1f"),
};
for (const [name, alter] of Object.entries(ALTERED))
  held(name, async (t, trial, repo) => {
    repo.change("1.root.json", alter as never);
    await trial.init();
    await codes(t, trial.refresh(), 1);
    t.same(repo.asked, []);
  });

const UNSIGNED = {
  root: "root 1",
  timestamp: "root 1",
  snapshot: "root 1 timestamp 1",
  targets: "root 1 snapshot 1 timestamp 1",
};
for (const [role, trusted] of Object.entries(UNSIGNED))
  held(`unsigned_metadata[${role}]`, async (t, trial, repo) => {
    repo.signers.set(role, []);
    if (role === "root") repo.publish("root");
    else for (const each of ["targets", "snapshot", "timestamp"]) repo.publishAs(each, 1);
    await trial.init();
    await codes(t, trial.refresh(), 1);
    t.equal(trial.trusted(), trusted);
  });

held("timestamp_content_changes", async (t, trial, repo) => {
  await trial.init();
  await codes(t, trial.refresh(), 0);
  repo.role("timestamp")["meta"]["snapshot.json"].version = 100;
  repo.publishAs("timestamp", 1);
  await codes(t, trial.refresh(), 0);
  t.equal(repo.asked.at(-1), "timestamp.json");
  t.match(trial.bytes("timestamp").toString(), /"snapshot.json":\{"version":1\}/);
});

held("basic_metadata_hash_support", async (t, trial, repo) => {
  repo.hashes = true;
  repo.publish(...LIBRARY);
  await started(t, trial);
  repo.publish("targets");
  repo.meta("targets")["hashes"].sha256 = "46".repeat(32);
  repo.publish(...ONLINE);
  await codes(t, trial.refresh(), 1);
  t.equal(trial.trusted(), "root 1 snapshot 3 targets 2 timestamp 3");
});

held("new_targets_version_mismatch", async (t, trial, repo) => {
  await started(t, trial);
  repo.publish("targets");
  await codes(t, trial.refresh(), 0);
  t.equal(trial.version("targets"), 1);
  t.equal(repo.asked.at(-1), "timestamp.json");
});

held("metadata_bytes_match", async (t, trial, repo) => {
  const bytes = Buffer.concat([repo.files.get("timestamp.json")!, Buffer.from(" ")]);
  repo.files.set("timestamp.json", bytes);
  await started(t, trial);
  t.same(trial.bytes("timestamp"), bytes);
});

held("custom_fields", async (t, trial, repo) => {
  await started(t, trial);
  repo.root["custom-field"] = "value";
  repo.addKey("root", ed25519({ "extra-field": { a: 1, b: 2 } }));
  repo.root["roles"].root["another-field"] = "value";
  repo.publish("root");
  await codes(t, trial.refresh(), 0);
  t.equal(trial.version("root"), 2);
});

held("deprecated_keyid_hash_algorithms", async (t, trial, repo) => {
  await trial.init();
  repo.root["roles"].snapshot.keyids = [];
  repo.signers.delete("snapshot");
  repo.addKey("snapshot", ed25519({ keyid_hash_algorithms: "md5" }));
  repo.publish("root", ...ONLINE);
  await codes(t, trial.refresh(), 0);
  t.equal(trial.trusted(), "root 2 snapshot 2 targets 1 timestamp 2");
});

held("snapshot_404", async (t, trial, repo) => {
  await started(t, trial);
  repo.role("timestamp")["meta"]["snapshot.json"].version = 2;
  repo.publish("timestamp");
  await codes(t, trial.refresh(), 1);
  t.equal(repo.asked.at(-1), "2.snapshot.json");
  t.equal(trial.trusted(), "root 1 snapshot 1 targets 1 timestamp 2");
});

held("targets_404", async (t, trial, repo) => {
  await started(t, trial);
  repo.meta("targets")["version"] = 2;
  repo.publish(...ONLINE);
  await codes(t, trial.refresh(), 1);
  t.equal(repo.asked.at(-1), "2.targets.json");
  t.equal(trial.trusted(), "root 1 snapshot 2 targets 1 timestamp 2");
});

held("timestamp_404", async (t, trial, repo) => {
  await started(t, trial);
  repo.files.delete("timestamp.json");
  await codes(t, trial.refresh(), 1);
  t.equal(repo.asked.at(-1), "timestamp.json");
});

held("incorrect_metadata_type", async (t, trial, repo) => {
  await trial.init();
  repo.addKey("snapshot", repo.signers.get("timestamp")![0]);
  repo.role("snapshot")["meta"] = { "snapshot.json": { version: 1 } };
  repo.publish("root");
  repo.role("snapshot")["version"] = 2;
  repo.files.set("timestamp.json", repo.signedBytes("snapshot"));
  await codes(t, trial.refresh(), 1);
  t.equal(trial.trusted(), "root 2");
});

held("faketime", async (t, trial, repo) => {
  await trial.init();
  repo.root["expires"] = instant(NOW + 7 * DAY);
  repo.publish("root");
  await codes(t, trial.refresh(), 0);
  await codes(t, trial.refresh(NOW + 8 * DAY), 1);
});

// Ends of life.

const EXPIRED: Record<string, string> = {
  root: "root 2 snapshot 1 targets 1 timestamp 1",
  timestamp: "root 1 snapshot 1 targets 1 timestamp 1",
  snapshot: "root 1 snapshot 1 targets 1 timestamp 2",
  targets: "root 1 snapshot 2 targets 1 timestamp 2",
};
for (const [role, trusted] of Object.entries(EXPIRED))
  held(`${role}_expired`, async (t, trial, repo) => {
    await started(t, trial);
    repo.role(role)["expires"] = instant(NOW - 5 * DAY);
    repo.publish(...LIBRARY, ...(role === "root" ? [role] : []));
    await codes(t, trial.refresh(), 1);
    t.equal(trial.trusted(), trusted);
  });

held("expired_metadata", async (t, trial, repo) => {
  await trial.init();
  repo.role("timestamp")["expires"] = instant(NOW + 7 * DAY);
  repo.publish("timestamp");
  await codes(t, trial.refresh(), 0);
  repo.role("timestamp")["expires"] = instant(NOW + 21 * DAY);
  repo.publish(...LIBRARY);
  await codes(t, trial.refresh(NOW + 18 * DAY), 0);
  t.equal(trial.trusted(), "root 1 snapshot 2 targets 2 timestamp 3");
});

/** Publishes a role with two targets that ends in so many days. */
function delegated(repo: TufRepository, days: number): void {
  repo.delegate("targets", { role: "delegated", paths: ["path/*"] });
  repo.role("delegated")["expires"] = instant(NOW + days * DAY);
  repo.addTarget("delegated", "path/first", "first");
  repo.addTarget("delegated", "path/second", "second");
  repo.publish("delegated", ...LIBRARY);
}

held("delegated_targets_expired", async (t, trial, repo) => {
  await trial.init();
  delegated(repo, -1);
  await codes(t, trial.refresh(), 0);
  await codes(t, trial.download("path/first"), 1);
  t.same(trial.downloads(), []);
  t.equal(trial.trusted(), "root 1 snapshot 2 targets 2 timestamp 2");
});

held("expired_local_delegated_targets", async (t, trial, repo) => {
  await trial.init();
  delegated(repo, 7);
  await codes(t, trial.download("path/first"), 0);
  await codes(t, trial.download("path/second", NOW + 18 * DAY), 1);
  t.same(trial.downloads(), ["first"]);
});

held("expired_local_delegated_targets_updates", async (t, trial, repo) => {
  await trial.init();
  delegated(repo, 7);
  await codes(t, trial.download("path/first"), 0);
  repo.role("delegated")["expires"] = instant(NOW + 21 * DAY);
  repo.publish("delegated", ...ONLINE);
  await codes(t, trial.download("path/second", NOW + 18 * DAY), 0);
  t.same(trial.downloads(), ["first", "second"]);
});

// Targets.

for (const [name, path] of [
  ["client_downloads_expected_file", "target_file.txt"],
  ["client_downloads_expected_file_in_sub_dir", "path/to/a/target_file.txt"],
] as const)
  held(name, async (t, trial, repo) => {
    await trial.init();
    repo.addTarget("targets", path, "target file contents");
    repo.publish(...LIBRARY);
    await codes(t, trial.refresh(), 0);
    t.same(trial.downloads(), []);
    await codes(t, trial.download(path), 0);
    t.same(trial.downloads(), ["target file contents"]);
  });

held("repository_substitutes_target_file", async (t, trial, repo) => {
  await trial.init();
  repo.addTarget("targets", "one", "target file contents");
  repo.addTarget("targets", "two", "content");
  repo.publish(...LIBRARY);
  await codes(t, trial.download("one"), 0);
  for (const path of repo.targetFiles.keys()) repo.targetFiles.set(path, Buffer.from("malicious"));
  await codes(t, trial.download("one"), 0);
  await codes(t, trial.download("two"), 1);
  t.same(trial.downloads(), ["target file contents"]);
});

held("multiple_changes_to_target", async (t, trial, repo) => {
  await trial.init();
  for (let i = 0; i < 3; i += 1) {
    repo.addTarget("targets", "target_file.txt", `contents ${i}`);
    repo.publish(...LIBRARY);
    await codes(t, trial.download("target_file.txt"), 0);
    t.same(trial.downloads(), [`contents ${i}`]);
    for (const path of repo.targetFiles.keys()) repo.targetFiles.set(path, Buffer.from("malicious"));
    await trial.download("target_file.txt");
    t.same(trial.downloads(), [`contents ${i}`]);
  }
});

const both = { sha256: sha("sha256", "content"), sha512: sha("sha512", "content") };
const { sha256, sha512 } = both;
for (const hashes of [{ sha256 }, { sha512 }, both])
  held(`download_with_hash_algorithms[${Object.keys(hashes).join("-")}]`, async (t, trial, repo) => {
    await trial.init();
    repo.addTarget("targets", "one", "content", hashes);
    repo.publish(...LIBRARY);
    await codes(t, trial.download("one"), 0);
    t.same(trial.downloads(), ["content"]);
    t.ok(Object.values(hashes).some((hash) => repo.asked.at(-1) === `${hash}.one`));
    t.equal(repo.asked.length, 5);
  });

held("download_with_unknown_hash_algorithm", async (t, trial, repo) => {
  await trial.init();
  repo.addTarget("targets", "one", "content", { "unknown-hash": sha512 });
  repo.publish(...LIBRARY);
  await codes(t, trial.download("one"), 1);
  t.same(trial.downloads(), []);
});
