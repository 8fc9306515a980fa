/** The suite's cases of keys, names of roles, rotation and rollback. */
import { ecdsa, ed25519, rsa, type Key, type TufRepository } from "./repository.js";
import { codes, LIBRARY, ONLINE, started, type Case } from "./trial.js";

export const cases = new Map<string, Case>();
const held = (name: string, run: Case): unknown => cases.set(name, run);

/** The snapshot with `keys` more keys, of which `threshold` are needed. */
const snapshotKeys = (repo: TufRepository, keys: number, threshold: number): void => {
  for (let i = 0; i < keys; i += 1) repo.addKey("snapshot");
  repo.root["roles"].snapshot.threshold = threshold;
};

held("snapshot_does_not_meet_threshold", async (t, trial, repo) => {
  snapshotKeys(repo, 2, 3);
  repo.publish("root", ...LIBRARY);
  await started(t, trial);
  repo.signers.get("snapshot")!.pop();
  repo.publish(...LIBRARY);
  await codes(t, trial.refresh(), 1);
  t.equal(trial.version("snapshot"), 2);
});

held("snapshot_has_too_few_keys", async (t, trial, repo) => {
  await trial.init();
  snapshotKeys(repo, 4, 6);
  repo.publish("root", ...ONLINE);
  await codes(t, trial.refresh(), 1);
  t.equal(trial.trusted(), "root 2 timestamp 2");
});

held("duplicate_keys", async (t, trial, repo) => {
  await trial.init();
  const key = ed25519();
  for (let i = 0; i < 9; i += 1) repo.addKey("snapshot", key);
  repo.root["roles"].snapshot.threshold = 6;
  repo.publish("root", ...ONLINE);
  repo.change("2.snapshot.json", ({ signatures }) => {
    const own = signatures.find(({ keyid }: Key) => keyid === key.keyid);
    signatures.push(...Array<unknown>(8).fill(own));
  });
  await codes(t, trial.refresh(), 1);
  t.equal(trial.version("snapshot"), null);
});

held("duplicate_sig_keyids", async (t, trial, repo) => {
  await trial.init();
  repo.change("1.snapshot.json", ({ signatures }) => signatures.push(signatures[0]));
  await codes(t, trial.refresh(), 1);
  t.equal(trial.version("snapshot"), null);
});

for (const [name, made] of [
  ["rsa/rsassa-pss-sha256", rsa],
  ["ecdsa/ecdsa-sha2-nistp256", ecdsa],
  ["ed25519/ed25519", ed25519],
] as const)
  held(`keytype_and_scheme[${name}]`, async (t, trial, repo) => {
    await trial.init();
    const key = repo.addKey("root", made());
    repo.root["roles"].root.threshold = 2;
    repo.publish("root");
    await codes(t, trial.refresh(), 0);
    t.equal(trial.version("root"), 2);
    repo.publish("root");
    repo.change("3.root.json", ({ signatures }) => {
      const own = signatures.find(({ keyid }: Key) => keyid === key.keyid);
      own.sig = key.sign(Buffer.from("other bytes"));
    });
    await codes(t, trial.refresh(), 1);
    t.equal(trial.version("root"), 2);
  });

held("invalid_sig_in_valid_metadata", async (t, trial, repo) => {
  await trial.init();
  const [first] = repo.signers.get("timestamp")!;
  repo.addKey("timestamp");
  repo.publish("root");
  for (const sig of [first!.sign(Buffer.from("other bytes")), ""]) {
    repo.publish("timestamp");
    repo.change("timestamp.json", ({ signatures }) => {
      signatures.find(({ keyid }: Key) => keyid === first!.keyid).sig = sig;
    });
    await codes(t, trial.refresh(), 0);
  }
  t.equal(trial.version("timestamp"), 3);
});

for (const role of ["?", "#", "/delegatedrole", "../delegatedrole"])
  held(`unusual_role_name[${role}]`, async (t, trial, repo) => {
    await trial.init();
    repo.delegate("targets", { role, paths: ["*"] });
    repo.publish(role, ...LIBRARY);
    await codes(t, trial.download("nonexistent target"), 1);
    t.equal(repo.asked.at(-1), `1.${encodeURIComponent(role)}.json`);
    t.equal(trial.trusted().split(" ").length / 2, 5);
  });

// Rollback, and the way back from versions that were run up.

held("simple_snapshot_rollback", async (t, trial, repo) => {
  await trial.init();
  repo.publish(...ONLINE);
  await codes(t, trial.refresh(), 0);
  repo.files.set("2.snapshot.json", repo.files.get("1.snapshot.json")!);
  await codes(t, trial.refresh(), 0);
  t.equal(trial.version("snapshot"), 2);
  t.equal(repo.asked.at(-1), "timestamp.json");
});

held("new_timestamp_version_rollback", async (t, trial, repo) => {
  await trial.init();
  repo.publish("timestamp");
  await codes(t, trial.refresh(), 0);
  repo.publishAs("timestamp", 1);
  await codes(t, trial.refresh(), 1);
  t.equal(trial.version("timestamp"), 2);
});

for (const hashes of [false, true]) {
  held(`snapshot_rollback[${hashes ? "with hashes" : "basic"}]`, async (t, trial, repo) => {
    repo.hashes = hashes;
    await trial.init();
    repo.publish(...ONLINE);
    await codes(t, trial.refresh(), 0);
    repo.publishAs("snapshot", 1);
    repo.publish("timestamp");
    await codes(t, trial.refresh(), 1);
    t.equal(trial.trusted(), "root 1 snapshot 2 targets 1 timestamp 2");
    t.equal(repo.asked.at(-1), "timestamp.json");
  });

  held(`targets_rollback[${hashes ? "with hashes" : "basic"}]`, async (t, trial, repo) => {
    repo.hashes = hashes;
    await trial.init();
    repo.publish(...LIBRARY);
    await codes(t, trial.refresh(), 0);
    repo.publishAs("targets", 1);
    repo.publish(...ONLINE);
    await codes(t, trial.refresh(), 1);
    t.equal(trial.trusted(), "root 1 snapshot 2 targets 2 timestamp 3");
  });
}

held("new_targets_fast_forward_recovery", async (t, trial, repo) => {
  await trial.init();
  repo.publishAs("targets", 99999);
  repo.publish(...ONLINE);
  await codes(t, trial.refresh(), 0);
  t.equal(trial.version("targets"), 99999);
  repo.rotate("snapshot");
  repo.publish("root");
  repo.publishAs("targets", 1);
  repo.publish(...ONLINE);
  await codes(t, trial.refresh(), 0);
  t.equal(trial.version("targets"), 1);
});

held("new_snapshot_fast_forward_recovery", async (t, trial, repo) => {
  await trial.init();
  repo.publishAs("snapshot", 99999);
  repo.publish("timestamp");
  await codes(t, trial.refresh(), 0);
  t.equal(trial.version("snapshot"), 99999);
  repo.rotate("snapshot");
  repo.rotate("timestamp");
  repo.publish("root");
  repo.publishAs("snapshot", 1);
  repo.publish("timestamp");
  await codes(t, trial.refresh(), 0);
  t.equal(trial.version("snapshot"), 1);
});

held("new_timestamp_fast_forward_recovery", async (t, trial, repo) => {
  await trial.init();
  repo.publishAs("timestamp", 99999);
  await codes(t, trial.refresh(), 0);
  repo.rotate("timestamp");
  repo.publish("root");
  repo.publishAs("timestamp", 1);
  await codes(t, trial.refresh(), 0);
  t.equal(trial.version("timestamp"), 1);
});

held("new_snapshot_version_mismatch", async (t, trial, repo) => {
  await trial.init();
  repo.role("snapshot")["version"] = 2;
  repo.files.set("1.snapshot.json", repo.signedBytes("snapshot"));
  await codes(t, trial.refresh(), 1);
  t.equal(trial.trusted(), "root 1 timestamp 1");
  t.equal(repo.asked.at(-1), "1.snapshot.json");
});

// Rotation: keys that a version lists, how many of them it needs, and those that sign it.

type Version = readonly [keys: readonly number[], threshold: number, signers: readonly number[]];

const RANGE = [0, 1, 2, 3, 4];
const NEXT = [0, 1, 3, 4, 5];
/** The last of `refused` is not taken; all of the others are. */
const ROOTS: Record<string, { readonly versions: readonly Version[]; readonly isRefused?: true }> = {
  "1-of-1-key-rotation": {
    versions: [
      [[1], 1, [1]],
      [[2], 1, [2, 1]],
      [[2], 1, [2]],
    ],
  },
  "1-of-1-key-rotation-unused-signatures": {
    versions: [
      [[1], 1, [3, 1, 4]],
      [[2], 1, [3, 2, 1, 4]],
      [[2], 1, [3, 2, 4]],
    ],
  },
  "3-of-5-sign-with-different-keycombos": {
    versions: [
      [RANGE, 3, [0, 2, 4]],
      [RANGE, 3, [0, 4, 1]],
      [RANGE, 3, [0, 1, 3]],
      [RANGE, 3, [0, 1, 3]],
    ],
  },
  "3-of-5-one-key-rotated": {
    versions: [
      [RANGE, 3, [0, 2, 4]],
      [NEXT, 3, [0, 4, 1]],
    ],
  },
  "3-of-5-one-key-rotated-with-intermediate-step": {
    versions: [
      [RANGE, 3, [0, 2, 4]],
      [NEXT, 3, [0, 2, 4, 5]],
      [NEXT, 3, [0, 4, 5]],
    ],
  },
  "3-of-5-all-keys-rotated-with-intermediate-step": {
    versions: [
      [RANGE, 3, [0, 2, 4]],
      [[5, 6, 7, 8, 9], 3, [0, 2, 4, 5, 6, 7]],
      [[5, 6, 7, 8, 9], 3, [5, 6, 7]],
    ],
  },
  "1-of-3-threshold-increase-to-2-of-3": {
    versions: [
      [[1, 2, 3], 1, [1]],
      [[1, 2, 3], 2, [1, 2]],
    ],
  },
  "2-of-3-threshold-decrease-to-1-of-3": {
    versions: [
      [[1, 2, 3], 2, [1, 2]],
      [[1, 2, 3], 1, [1, 2]],
      [[1, 2, 3], 1, [1]],
    ],
  },
  "1-of-2-threshold-increase-to-2-of-2": {
    versions: [
      [[1], 1, [1]],
      [[1, 2], 2, [1, 2]],
    ],
  },
  "1-of-1-key-rotation-fail-not-signed-with-old-key": {
    versions: [
      [[1], 1, [1]],
      [[2], 1, [2, 3, 4]],
    ],
    isRefused: true,
  },
  "1-of-1-key-rotation-fail-not-signed-with-new-key": {
    versions: [
      [[1], 1, [1]],
      [[2], 1, [1, 3, 4]],
    ],
    isRefused: true,
  },
  "3-of-5-one-key-rotate-fails-not-signed-with-3-new-keys": {
    versions: [
      [RANGE, 3, [0, 2, 4]],
      [NEXT, 3, [0, 2, 4]],
    ],
    isRefused: true,
  },
  "3-of-5-one-key-rotate-fails-not-signed-with-3-old-keys": {
    versions: [
      [RANGE, 3, [0, 2, 4]],
      [NEXT, 3, [0, 4, 5]],
    ],
    isRefused: true,
  },
  "1-of-3-threshold-bump-to-2-of-3-fails-new-threshold-not-reached": {
    versions: [
      [[1, 2, 3], 1, [1]],
      [[1, 2, 3], 2, [2]],
    ],
    isRefused: true,
  },
  "2-of-3-threshold-decr-to-1-of-3-fails-old-threshold-not-reached": {
    versions: [
      [[1, 2, 3], 2, [1, 2]],
      [[1, 2, 3], 1, [1]],
    ],
    isRefused: true,
  },
};

const KEYS = Array.from({ length: 10 }, () => ed25519());

/** Gives a role the keys of a version, and has the others sign for it. */
function setKeys(repo: TufRepository, role: string, [keys, threshold, signers]: Version): void {
  repo.root["roles"][role] = { keyids: [], threshold };
  for (const index of keys) repo.addKey(role, KEYS[index]);
  repo.signers.set(
    role,
    signers.map((index) => KEYS[index]!),
  );
}

for (const [name, { versions, isRefused = false }] of Object.entries(ROOTS))
  held(`root_rotation[${name}]`, async (t, trial, repo) => {
    for (const [index, version] of versions.entries()) {
      setKeys(repo, "root", version);
      repo.publishAs("root", index + 1);
    }
    await trial.init();
    await codes(t, trial.refresh(), isRefused ? 1 : 0);
    const last = versions.length - (isRefused ? 1 : 0);
    t.same(trial.bytes("root"), repo.files.get(`${last}.root.json`));
  });

const OTHERS: Record<string, readonly [Version, isRefused?: true]> = {
  "1-of-1-key-rotation": [[[2], 1, [2]]],
  "1-of-1-key-rotation-unused-signatures": [[[1], 1, [3, 1, 4]]],
  "1-of-1-key-rotation-fail-not-signed-with-new-key": [[[2], 1, [1, 3, 4]], true],
  "3-of-5-one-key-signature-wrong-not-signed-with-3-expected-keys": [[NEXT, 3, [0, 2, 4]], true],
  "2-of-5-one-key-signature-missing-threshold-not-reached": [[NEXT, 3, [0, 4]], true],
  "3-of-5-sign-first-combo": [[RANGE, 3, [0, 2, 4]]],
  "3-of-5-sign-second-combo": [[RANGE, 3, [0, 4, 1]]],
  "3-of-5-sign-third-combo": [[RANGE, 3, [0, 1, 3]]],
  "3-of-5-sign-fourth-combo": [[RANGE, 3, [1, 2, 3]]],
  "3-of-5-sign-fifth-combo": [[RANGE, 3, [2, 3, 4]]],
};
for (const [name, [version, isRefused = false]] of Object.entries(OTHERS))
  held(`non_root_rotations[${name}]`, async (t, trial, repo) => {
    await trial.init();
    for (const role of ["timestamp", "snapshot", "targets"]) {
      setKeys(repo, role, version);
      repo.publish("root", ...LIBRARY);
      await codes(t, trial.refresh(), isRefused ? 1 : 0);
      const file = [...repo.files.keys()].findLast((name) => name.endsWith(`${role}.json`))!;
      if (!isRefused) t.same(trial.bytes(role), repo.files.get(file));
      else t.not(trial.version(role), repo.role(role)["version"]);
    }
  });
