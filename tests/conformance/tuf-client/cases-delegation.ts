/** The suite's cases of delegation, and cases of the reference implementation that the suite has not. */
import { runOver, Update } from "@cairn/signed-library";
import { ed25519, sha, type TufRepository } from "./repository.js";
import { codes, LIBRARY, NOW, started, type Case } from "./trial.js";

export const cases = new Map<string, Case>();
/** Not of the suite: of the reference implementation's own tests, or of the specification. */
export const others = new Map<string, Case>();

/** Who delegates to whom, in order: "targets A", "A C terminating", "A C *.py". */
type Graph = readonly string[];

function publish(repo: TufRepository, graph: Graph): void {
  const roles = new Set<string>();
  for (const edge of graph) {
    const [from, role, ...more] = edge.split(" ") as [string, string, ...string[]];
    const paths = more.filter((word) => word !== "terminating");
    repo.delegate(from, {
      role,
      paths: paths.length > 0 ? paths : ["*"],
      terminating: more.includes("terminating"),
    });
    roles.add(role);
  }
  for (const [role, path, content] of TREE_TARGETS)
    if (repo.roles.has(role)) repo.addTarget(role, path, content);
  repo.publish(...roles, ...LIBRARY);
}

const TREE: Graph = [
  "targets A *.doc *.md",
  "targets B releases/*/*",
  "B C releases/x/*",
  "B D releases/y/*.zip",
];
const TREE_TARGETS = [
  ["targets", "targetfile", "targetfile content"],
  ["A", "README.md", "README by A"],
  ["C", "releases/x/x_v1", "x release by C"],
  ["D", "releases/y/y_v1.zip", "y release by D"],
  ["D", "releases/z/z_v1.zip", "z release by D"],
] as const;

const GRAPHS: Record<string, readonly [Graph, visited: string]> = {
  "basic-delegation": [["targets A"], "A"],
  "single-level-delegations": [["targets A", "targets B"], "AB"],
  "two-level-delegations": [["targets A", "targets B", "B C"], "ABC"],
  "two-level-test-DFS-order-of-traversal": [["targets A", "targets B", "A C", "A D"], "ACDB"],
  "three-level-delegation-test-DFS-order-of-traversal": [["targets A", "targets B", "A C", "C D"], "ACDB"],
  "two-level-terminating-ignores-all-but-roles-descendants": [
    ["targets A", "targets B", "A C terminating", "A D"],
    "AC",
  ],
  "three-level-terminating-ignores-all-but-roles-descendants": [
    ["targets A", "targets B", "A C terminating", "C D"],
    "ACD",
  ],
  "two-level-ignores-all-branches-not-matching-paths": [["targets A *.py", "targets B", "A C"], "B"],
  "three-level-ignores-all-branches-not-matching-paths": [
    ["targets A", "targets B", "A C *.py", "C D"],
    "AB",
  ],
  "cyclic-graph": [["targets A", "targets B", "B C", "C D", "D B"], "ABCD"],
  "two-roles-delegating-to-a-third": [["targets A", "targets B", "B C", "A C"], "ACB"],
  "two-roles-delegating-to-a-third-different-paths": [["targets A", "targets B", "B C", "A C *.py"], "ABC"],
};
for (const [name, [graph, visited]] of Object.entries(GRAPHS))
  cases.set(`graph_traversal[${name}]`, async (t, trial, repo) => {
    await trial.init();
    publish(repo, graph);
    await codes(t, trial.download("missingpath"), 1);
    t.same(
      repo.asked.slice(4),
      [...visited].map((role) => `1.${role}.json`),
    );
  });

const SEARCHES: Record<string, readonly [path: string, content: string | null, visited: string]> = {
  "no delegations": ["targetfile", "targetfile content", ""],
  "targetpath matches wildcard": ["README.md", "README by A", "A"],
  "targetpath with separators x": ["releases/x/x_v1", "x release by C", "BC"],
  "targetpath with separators y": ["releases/y/y_v1.zip", "y release by D", "BD"],
  "targetpath is not delegated by all roles in the chain": ["releases/z/z_v1.zip", null, "B"],
};
for (const [name, [path, content, visited]] of Object.entries(SEARCHES))
  cases.set(`targetfile_search[${name}]`, async (t, trial, repo) => {
    await trial.init();
    publish(repo, TREE);
    await codes(t, trial.download(path), content === null ? 1 : 0);
    t.same(trial.downloads(), content === null ? [] : [content]);
    t.same(
      repo.asked.slice(4, 4 + visited.length),
      [...visited].map((role) => `1.${role}.json`),
    );
  });

/** Two roles delegate to C, and the key of one of them alone signs it. */
function twoDelegators(repo: TufRepository): void {
  repo.delegate("targets", { role: "A", paths: ["a/*"] });
  repo.delegate("targets", { role: "B", paths: ["b/*"] });
  repo.delegate("A", { role: "C", paths: ["a/*"] });
  const signers = repo.signers.get("C")!;
  repo.delegate("B", { role: "C", paths: ["b/*"] });
  repo.signers.set("C", signers);
  for (const path of ["a/one", "b/one"]) repo.addTarget("C", path, path);
  repo.publish("A", "B", "C", ...LIBRARY);
}

cases.set("cached_role_is_verified_against_current_delegator", async (t, trial, repo) => {
  await trial.init();
  twoDelegators(repo);
  await codes(t, trial.download("a/one"), 0);
  await codes(t, trial.download("b/one"), 1);
  t.same(trial.downloads(), ["a/one"]);
});

others.set(
  "a role is verified for each of its delegators, also within one update",
  async (t, _trial, repo) => {
    twoDelegators(repo);
    const update = new Update(new Map([["root", repo.files.get("1.root.json")!]]), NOW, "framework");
    runOver(repo.files, update.refresh());
    t.equal(runOver(repo.files, update.find("a/one"))?.path, "a/one");
    t.throws(() => runOver(repo.files, update.find("b/one")), { code: "library-unsigned" });
  },
);

others.set("a path that is a property of every object is no target", async (t, trial) => {
  await started(t, trial);
  await codes(t, trial.download("constructor"), 1);
});

others.set("a role that is called as a property of every object", async (t, trial, repo) => {
  await trial.init();
  repo.delegate("targets", { role: "constructor", paths: ["*"] });
  repo.addTarget("constructor", "one", "content");
  repo.publish("constructor", ...LIBRARY);
  await codes(t, trial.download("one"), 0);
});

others.set("a target that is there already is not fetched again", async (t, trial, repo) => {
  await trial.init();
  repo.addTarget("targets", "one", "content");
  repo.publish(...LIBRARY);
  await codes(t, trial.download("one"), 0);
  const before = repo.asked.length;
  await codes(t, trial.download("one"), 0);
  t.same(repo.asked.slice(before), ["2.root.json", "timestamp.json"]);
});

for (const isConsistent of [false, true])
  for (const hasPrefix of [false, true])
    others.set(
      `consistent snapshot ${isConsistent}, names with a hash ${hasPrefix}`,
      async (t, trial, repo) => {
        await trial.init();
        repo.root["consistent_snapshot"] = isConsistent;
        repo.hasPrefix = hasPrefix;
        repo.addTarget("targets", "a/one", "content");
        repo.publish("root", ...LIBRARY);
        await codes(t, trial.download("a/one"), 0);
        const metadata = isConsistent
          ? ["2.snapshot.json", "2.targets.json"]
          : ["snapshot.json", "targets.json"];
        const asked = ["2.root.json", "3.root.json", "timestamp.json", ...metadata];
        const named = `a/${sha("sha256", "content")}.one`;
        t.same(repo.asked, [
          ...asked,
          ...(isConsistent ? [named] : []),
          ...(isConsistent && hasPrefix ? [] : ["a/one"]),
        ]);
      },
    );

others.set("hash prefixes of paths", async (t, trial, repo) => {
  await trial.init();
  const prefix = sha("sha256", "one").slice(0, 3);
  repo.delegate("targets", { role: "A", path_hash_prefixes: ["000", prefix] });
  for (const path of ["one", "two"]) repo.addTarget("A", path, path);
  repo.publish("A", ...LIBRARY);
  await codes(t, trial.download("one"), 0);
  await codes(t, trial.download("two"), 1);
  t.same(trial.downloads(), ["one"]);
});

others.set("succinct roles", async (t, trial, repo) => {
  await trial.init();
  const key = ed25519();
  const succinct_roles = { keyids: [key.keyid], threshold: 1, bit_length: 4, name_prefix: "bin" };
  repo.role("targets")["delegations"] = { keys: { [key.keyid]: key.public }, succinct_roles };
  const bin = `bin-${sha("sha256", "one").slice(0, 1)}`;
  const other = bin === "bin-0" ? "bin-1" : "bin-0";
  for (const role of [bin, other]) {
    repo.blank(role);
    repo.signers.set(role, [key]);
  }
  repo.addTarget(bin, "one", "one");
  repo.publish(bin, other, ...LIBRARY);
  await codes(t, trial.download("one"), 0);
  t.same(repo.asked.slice(4, -1), [`1.${bin}.json`]);
});

others.set("a snapshot that leaves a role out", async (t, trial, repo) => {
  await trial.init();
  repo.delegate("targets", { role: "A", paths: ["*"] });
  repo.publish("A", ...LIBRARY);
  await codes(t, trial.refresh(), 0);
  delete repo.role("snapshot")["meta"]["A.json"];
  repo.publish("snapshot", "timestamp");
  await codes(t, trial.refresh(), 1);
  t.equal(trial.trusted(), "root 1 snapshot 2 targets 2 timestamp 3");
});

others.set("metadata of another length than is named", async (t, trial, repo) => {
  repo.hashes = true;
  repo.publish(...LIBRARY);
  await trial.init();
  repo.files.set("2.snapshot.json", Buffer.concat([repo.files.get("2.snapshot.json")!, Buffer.from(" ")]));
  await codes(t, trial.refresh(), 1);
  t.equal(trial.trusted(), "root 1 timestamp 2");
});

others.set("a root that skips a version", async (t, trial, repo) => {
  await trial.init();
  repo.root["version"] = 3;
  repo.files.set("2.root.json", repo.signedBytes("root"));
  await codes(t, trial.refresh(), 1);
  t.equal(trial.trusted(), "root 1");
});

others.set("no more than 256 roots at a time", async (t, _trial, repo) => {
  const first = repo.files.get("1.root.json")!;
  for (let i = 0; i < 257; i += 1) repo.publish("root");
  const update = new Update(new Map([["root", first]]), NOW, "framework");
  runOver(repo.files, update.refresh());
  t.same(update.metadata.get("root"), repo.files.get("257.root.json"), "the last but one");
});

others.set("a line of delegations that is longer than is followed", async (t, trial, repo) => {
  await trial.init();
  const roles = Array.from({ length: 40 }, (_, index) => `r${index}`);
  for (const [index, role] of roles.entries())
    repo.delegate(index === 0 ? "targets" : roles[index - 1]!, { role, paths: ["*"] });
  repo.addTarget("r39", "one", "content");
  repo.publish(...roles, ...LIBRARY);
  await codes(t, trial.download("one"), 1);
  t.equal(repo.asked.slice(4).length, 31, "32 roles with the targets role");
});
