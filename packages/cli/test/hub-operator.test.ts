/** The hub's operator at a terminal: a list of practices, what is asked before it is done, and what is said. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { CAIRN, cairn } from "./fixtures/command.js";
import { openCollections } from "@cairn/hub";
import { cluster, release } from "../../hub/test/cluster.js";
import { GROUP, story } from "../../hub/test/story.js";

t.setTimeout(600_000);
const dir = mkdtempSync(join(tmpdir(), "cairn-operator-"));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));

t.test("a list invites all or none; the codes are a file for its owner, told to be secret", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const hub = (...args: string[]) => cairn(["hub", ...args, "--data", it.folder]);
  const [bad, good, out] = ["bad.csv", "good.csv", "codes.csv"].map((name) => join(dir, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(bad, "practice,group\nAsh,\nOak,north\nOak,north\n");
  const wrong = await hub("invite", "--from", bad, "--out", out);
  t.same([wrong.code, wrong.stdout], [2, ""]);
  t.equal(
    wrong.stderr,
    `${bad}:2: Ash has no group\n${bad}:4: Oak is in line 3 already\ncairn: nobody was invited: see to 2 lines of ${bad} first\n`,
  );
  t.throws(() => statSync(out), { code: "ENOENT" }, "and no file is left");
  t.match(await hub("practices"), { stdout: "No practice is invited yet.\n" });

  writeFileSync(good, 'practice,group\nAsh,north\n"Oak, Glen",north; board\n');
  const done = await hub("invite", "--from", good, "--out", out);
  t.match(done, {
    code: 0,
    stdout: `2 join codes written to ${out}.\n`,
    stderr: /secret.*its own practice alone/,
  });
  t.equal(statSync(out).mode & 0o777, 0o600);
  t.match(
    readFileSync(out, "utf8"),
    /^practice,code,until\nAsh,cairn-[\w-]+,20[^,]+Z\n"Oak, Glen",cairn-[\w-]+,20[^,]+Z\n$/,
  );
  t.notMatch(done.stdout + done.stderr, /cairn-[\w-]{20}/, "and on no screen");
  t.match(
    await hub("invite", "--from", good, "--out", out),
    { code: 4, stdout: "" },
    "no file is written over",
  );

  const json = await hub("invite", "--from", good, "--json");
  t.match(JSON.parse(json.stdout), {
    invited: [{ practice: "Ash", groups: ["north"], code: /^cairn-/ }, {}],
  });
  t.match(json.stderr, "An earlier join code that nobody had used ended with the new one: Ash, Oak, Glen.");
  const { invited } = JSON.parse(json.stdout) as { invited: { code: string }[] };
  await it.newAgent().enrol(invited[0]!.code);
  const again = await hub("invite", "--from", good);
  t.match(again, {
    code: 3,
    stdout: "",
    stderr:
      /good\.csv:2: an agent of Ash waits .*--again[^\n]*\ncairn: nobody was invited: see to 1 line of /,
  });
  t.match(await hub("invite", "--practice", "Ash"), {
    code: 3,
    stdout: "",
    stderr: /^cairn: an agent of Ash waits/,
  });
  t.match(await hub("invite", "--practice", "Ash", "--again"), { code: 0, stdout: /^cairn-[\w-]+\n$/ });
  for (const args of [[], ["--from", good, "--practice", "Ash"], ["--from", good, "--group", "north"]])
    t.match(await hub("invite", ...args), { code: 2, stdout: "" }, args.join(" "));
});

t.test("closing and forgetting name what they would do and ask; unasked, nothing is done", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const hub = (...args: string[]) => cairn(["hub", ...args, "--data", it.folder]);
  const members = await cluster(it, ["Ash", "Oak"]);
  const { agent, runs } = members.get("Ash")!;
  await release(agent, runs[0]!, 500, 0.5);
  const open = async (): Promise<number> => (await openCollections(it.serving.hub, GROUP)).length;
  const close = await hub("close", "--group", GROUP);
  t.match(close, { code: 2, stdout: "" });
  t.match(
    close.stderr,
    /^bp-control of \d{4}-\d\d-\d\d: 1 of 2 practices would be in it: Ash; would be missing: Oak \(is working on it\)$/m,
  );
  t.match(
    close.stderr,
    /^cairn: This closes 1 open collection of Glen cluster .* say --yes if it is meant$/m,
  );
  t.equal(await open(), 1);

  const typed = (answer: string) =>
    spawnSync(
      "script",
      ["-qec", `${process.execPath} ${CAIRN} hub close --group '${GROUP}' --data ${it.folder}`, "/dev/null"],
      {
        input: `${answer}\n`,
        encoding: "utf8",
      },
    );
  if (spawnSync("script", ["--version"]).error)
    t.comment("no script(1) here: the question at a terminal is not tried");
  else {
    t.match(typed("n").stdout, /\[y\/N\][^]*Nothing was closed\./);
    t.equal(await open(), 1);
    t.match(typed("y").stdout, /1 collection closed\./);
    t.equal(await open(), 0);
  }
  await hub("close", "--group", GROUP, "--yes");
  t.match(await hub("close", "--group", GROUP), {
    code: 0,
    stdout: `Nothing is being collected for ${GROUP}.\n`,
  });

  const forget = await hub("practice", "forget", "Oak");
  t.match(forget, { code: 2, stdout: "" });
  for (const words of [
    /^What goes: 1 join code, /m,
    /^What stays: .*the hub's log/m,
    /^Only the practice can withdraw its numbers/m,
  ])
    t.match(forget.stderr, words);
  t.match((await hub("practices")).stdout, /^Oak {2}/m);
  t.match(await hub("practice", "forget", "Oak", "--yes", "--as", "Ada"), {
    code: 0,
    stdout: "Oak is forgotten.\n",
  });
  t.notMatch((await hub("status")).stdout, "Oak");
  t.match(await hub("practice", "forget", "Oak", "--yes"), {
    code: 2,
    stderr: /knows no practice called Oak/,
  });
});

t.test("a status, a new name and a group are one command each", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const hub = (...args: string[]) => cairn(["hub", ...args, "--data", it.folder]);
  await it.member("Ash");
  t.match(await hub("practice", "rename", "Ash", "White Ash"), {
    code: 0,
    stdout: /^Ash is called White Ash from now on/,
  });
  t.match(await hub("practice", "add-to", "White Ash", "board"), {
    code: 0,
    stdout: "White Ash is in board at this hub.\n",
    stderr: /New at this hub: the group board\.\n.*cairn agent join/,
  });
  t.match(await hub("practice", "add-to", "White Ash", "board"), {
    stdout: "White Ash is in board already.\n",
  });
  t.match(await hub("practice", "remove-from", "White Ash", GROUP), {
    code: 0,
    stdout: `White Ash is in ${GROUP} no more.\n`,
  });
  const status = await hub("status");
  t.match(
    status.stdout,
    /^To do:\n {2}Nothing is asked of board yet\.\n {4}cairn schedule add --group board --query QUERY --data /,
  );
  t.match(
    status.stdout,
    /^1 practice:\n {2}White Ash {2}admitted, its agent has not called since, agent 0\.1\.0; board: nothing asked yet$/m,
  );
  t.match(JSON.parse((await hub("status", "--json")).stdout), {
    todo: [{ what: "Nothing is asked of board yet.", command: /^cairn schedule add --group board/ }, {}],
    practices: [{ practice: "White Ash", agent_version: "0.1.0", groups: [{ group: "board", runs: {} }] }],
  });

  t.match(await hub("ca"), {
    code: 0,
    stdout:
      /^server {2}until .* localhost\nissuer {2}until .* issuer\nroot {4}until .* root\nTo do:\n {2}Move keys\/root\.key/,
  });
  t.match(await hub("ca", "next", "--issuer", "--out", join(dir, "x")), {
    code: 2,
    stderr: /say --issuer, or/,
  });
  t.match(await hub("ca", "drop"), {
    code: 2,
    stderr: /make the next one first \(cairn hub ca next --data \S+ --root\)/,
  });
  t.match(await hub("ca", "next", "--root", "--stolen", "--out", join(dir, "x")), {
    code: 2,
    stderr: /--stolen goes with --issuer/,
  });
  t.match(await hub("ca", "next", "--root", "--out", join(dir, "no-such-folder/x")), {
    code: 2,
    stderr: /no-such-folder is not there: make the folder first/,
  });
  t.match(await hub("ca", "next", "--root", "--out", join(it.folder, "keys/next.key")), {
    code: 2,
    stderr: /next\.key is in the hub's folder/,
  });
  const key = join(dir, "next-root.key");
  t.match(await hub("ca", "next", "--root", "--out", key), {
    code: 0,
    stdout: /Its key is .*next-root\.key/,
  });
  t.equal(statSync(key).mode & 0o777, 0o600);
  t.match(await hub("ca", "drop"), { code: 3, stderr: /White Ash would be left out/ });
  t.match(await hub("ca", "drop", "--leave-out"), { code: 2, stderr: /root 2 is needed, and was not given/ });
  t.match(await hub("ca", "drop", "--leave-out", "--root-key", key, "--as", "Dr Ng"), {
    code: 0,
    stderr: /invite each again: White Ash/,
  });
  const entry = [...it.serving.hub.store.log.entries()].at(-1);
  t.match(entry, { kind: "hub-root-dropped", body: { by: "Dr Ng", left_out: 1 } });
});
