/** What a person at the practice types, and what they read: groups, who decides, and what still waits for them. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import t from "tap";
import { charterBytes, charterDigest, parseCharter, PRESETS_LOCATION } from "@cairn/charters";
import { entryWords, logLineWords } from "../src/agent/log-words.js";
import { initKeeper, keeperFolder, KeeperStore } from "@cairn/keeper/practice";
import { type ProcessResult } from "@cairn/demo";
import { cairn } from "./fixtures/command.js";

const data = join(t.testdir(), "agent");
initKeeper(keeperFolder(data)).close();
const agent = (...args: string[]): Promise<ProcessResult> => cairn(["agent", ...args, "--data", data]);

/** As a hub's offers leave it. */
function offered(...groups: string[]): void {
  const store = KeeperStore.open(keeperFolder(data));
  store.change(({ db }) => {
    const insert = db.prepare(
      "INSERT INTO offered (digest, grp, query, version, offered_at) VALUES (?, ?, 'asthma', '1.0.0', 1)",
    );
    for (const group of groups) insert.run(Buffer.alloc(32, 1), group);
  });
  store.close();
}

t.test("a group is joined by name, and left, and the log has who did", async (t) => {
  offered("north", "the board");
  const { stdout } = await agent("status");
  t.match(
    stdout,
    `Group the board: asks, and nobody here has accepted it: it gets nothing; cairn agent join --data ${data} 'the board'`,
  );
  t.match(
    stdout,
    `asthma 1.0.0, asked by north: waiting; cairn agent approve --data ${data} asthma --group north`,
  );
  t.match(
    (await agent("join", "north", "--as", "Ann Example")).stdout,
    /north is accepted.*cairn agent leave --data \S+ north reverses this/,
  );
  t.equal((await agent("join", "the board")).code, 0);
  const several = await agent("approve", "asthma");
  t.match(several, { code: 2, stderr: /asthma waits for north, the board: say which with --group/ });
  t.equal(several.stderr.trim().split("\n").length, 1);
  t.match((await agent("approve", "asthma", "--group", "north", "--as", "Ann Example")).stdout, /for north/);
  t.match((await agent("decline", "asthma", "--group", "the board")).stdout, /declined for the board/);
  const left = await agent("leave", "the board", "--as", "Bo\u001b[31m Example");
  t.match(left.stdout, /gets nothing new from this second; it holds nothing of this practice/);
  const json = JSON.parse((await agent("status", "--json")).stdout) as { groups: unknown; queries: unknown };
  t.match(json.groups, [
    { group: "north", state: "joined", command: null },
    { group: "the board", state: "left", command: null },
  ]);
  t.match(json.queries, [
    { group: "north", said: "accepted" },
    { group: "the board", said: "declined" },
  ]);
  const log = (await agent("log")).stdout;
  t.match(log, /group joined: .*by Ann Example/);
  t.match(log, /group left: .*by Bo \[31m Example/);
  t.notMatch(log, /\u001b/);
});

t.test("a group's name that nobody asked under is answered with those that asked", async (t) => {
  const joined = (await agent("join", "nroth")).stdout;
  t.match(
    joined,
    /nroth is accepted.*No group called nroth has asked.*: those that have are north, the board\./,
  );
  const { stdout } = await agent("status");
  t.match(stdout, /Group nroth: accepted here, has asked for nothing\n/);
  t.match(stdout, /Group north: accepted here\n/);
  t.notMatch((await agent("rules", "--group", "nroth", "--set", "ask")).stderr, "asked", "it is accepted");
  const ruled = await agent("rules", "--group", "norht", "--set", "ask");
  t.match(ruled, {
    code: 0,
    stderr: /No group called norht has asked.*those that have are north, the board/,
  });
  for (const group of ["any", "north"])
    t.equal((await agent("rules", "--group", group, "--set", "ask")).stderr, "", group);
});

t.test("a group's charter is read before it is accepted, and a wider one is asked anew", async (t) => {
  const preset = readFileSync(new URL("scottish-cluster.yaml", PRESETS_LOCATION), "utf8");
  const inForce = (purpose: string): void => {
    const text = `charter: glen
extends: scottish-cluster
purpose: ${purpose}
controller: Each practice.
lawful_basis: UK GDPR article 6(1)(e).
keep_for: 60 months
review: 2027-03-31
`;
    const parsed = parseCharter(text, { file: "glen.yaml", presets: { "scottish-cluster": preset } });
    if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
    const store = KeeperStore.open(keeperFolder(data));
    const row = [Buffer.from(charterDigest(parsed.charter), "hex"), charterBytes(parsed.charter)];
    store.change(({ db }) => db.prepare("INSERT OR REPLACE INTO charter VALUES ('glen', ?, ?)").run(...row));
    store.close();
  };
  inForce("To learn from one another.");
  const shown = (await agent("join", "glen", "--show")).stdout;
  t.match(shown, /What for: To learn from one another\n[^]*Answers for it: Each practice\n/);
  t.match(shown, "nothing is accepted yet");
  t.notMatch((await agent("status")).stdout, "Group glen");
  t.match((await agent("join", "glen")).stdout, /What for: To learn[^]*glen is accepted/);
  inForce("To learn, and to publish.");
  t.match(
    (await agent("status")).stdout,
    `Group glen: its charter has changed and asks for more: it gets nothing new until someone here accepts that; cairn agent join --data ${data} glen`,
  );
  t.match(
    (await agent("join", "glen")).stdout,
    "Changed, and widens: What it is for: To learn, and to publish. (before: To learn from one another.)",
  );
  t.match((await agent("log")).stdout, /charter accepted: .*glen/);
  await agent("rules", "--group", "glen", "--set", "accept-signed");
  const { stdout } = await agent("status");
  t.match(stdout, /Group glen: accepted here/);
  t.match(
    stdout,
    /Rule for glen: accept-signed\n[^]*In force for glen, the stricter of its charter's rule and this practice's: accept-after: 14 days\n/,
  );
});

t.test("hold and floor are the whole practice's: beside a group's name they are refused", async (t) => {
  const rules = async () => (await agent("rules")).stdout;
  const before = await rules();
  for (const flags of [
    ["--hold", "on"],
    ["--floor", "k10-r6"],
  ])
    t.match(await agent("rules", "--group", "nosuch", ...flags), {
      code: 2,
      stderr: /option '--(hold|floor) .*' cannot be used with option '--group/,
    });
  t.equal(await rules(), before, "nothing was set");
});

t.test("wrong use is one line", async (t) => {
  const calls: [string[], RegExp][] = [
    [["join", "a\u001b[2Jb"], /not the name of a group/],
    [["approve", "no-such"], /nothing called no-such waits/],
    [["withdraw", "no-such"], /--why/],
    [["withdraw", "no-such", "--group", "north"], /no run no-such/],
    [["pause", "--as", "\u0007"], /--as names nobody/],
  ];
  for (const [args, words] of calls) {
    const { code, stderr } = await agent(...args);
    t.equal(code, 2, stderr);
    t.match(stderr, words);
    t.equal(stderr.trim().split("\n").length, 1);
    t.notMatch(stderr, /[\u0007\u001b]/);
  }
});

t.test("the practice's log and its processes' lines are read by people", async (t) => {
  const entry = {
    position: 7,
    time: "2026-03-01T09:30:12.000Z",
    kind: "query-accepted",
    body: {
      v: 1,
      query: "bp-control",
      query_digest: "ab".repeat(32),
      run: "3f2a91c07d".repeat(3),
      why: "",
      by: "Ann",
    },
    salt: "",
  };
  t.equal(entryWords(entry), "7  2026-03-01 09:30  query accepted: run 3f2a91c0, query bp-control; by Ann");
  const line = '{"level":30,"time":1795954167011,"process":"keeper","msg":"3 dates: 0.1 s to answer"}';
  t.equal(logLineWords(line), "12:09:27 keeper: 3 dates: 0.1 s to answer");
  t.equal(logLineWords("cairn: x"), "cairn: x");
});
