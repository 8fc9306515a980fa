/**
 * Who is named by --as, as a person types it: where people have accounts, it is one of them whose role may do it. Every role at
 * every command is in `doors.test.ts`.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { cairn } from "./fixtures/command.js";
import { publishFirst } from "./fixtures/first-library.js";

const folder = mkdtempSync(join(tmpdir(), "cairn-as-whom-"));
t.teardown(() => rmSync(folder, { recursive: true }));

t.test("at the hub a lead asks their own group alone, and an operator admits", async (t) => {
  const data = join(folder, "hub");
  const hub = (...args: string[]) => cairn([...args, "--data", data]);
  const add = (...args: string[]) => hub("hub", "person", "add", ...args);
  await hub("hub", "init");
  await publishFirst(data);
  for (const group of ["north", "south"])
    t.match(await hub("hub", "invite", "--practice", "Ash", "--group", group, "--as", "Anybody"), {
      code: 0,
    });
  t.match(await add("Lea", "--role", "cluster-lead", "--group", "north", "--as", "Anybody"), { code: 0 });
  t.match(await add("Omar", "--role", "hub-operator"), { code: 0 }, "whoever holds the machine is not asked");
  t.match(await add("Eve", "--role", "analyst", "--as", "Nobody"), {
    code: 2,
    stderr: /--as Nobody: nobody of this/,
  });
  t.match(await add("Eve", "--role", "analyst", "--as", "Lea"), {
    code: 3,
    stderr: /^cairn: --as Lea: Only a hub operator may do this: add people with their roles.*\.\n$/,
  });
  t.match(await add("Eve", "--role", "analyst", "--as", "omar"), { code: 0 });
  const asked = (group: string, as: string) => hub("hub", "close", "--yes", "--group", group, "--as", as);
  t.match(await asked("north", "Lea"), { code: 0 });
  t.match(await asked("south", "Lea"), { code: 3, stderr: /Your account is not for this group/ });
  t.match(await asked("north", "Omar"), { code: 3, stderr: /Only a cluster lead or a provider may do this/ });
  const compared = (...args: string[]) => hub("hub", "comparison", "--group", "north", ...args);
  t.match(await compared("--as", "Lea"), { code: 0, stdout: /Nothing is asked of north yet/ });
  t.match(await compared("--as", "Omar", "--json"), {
    code: 3,
    stderr: /Only a cluster lead, a supporter or/,
  });
  t.match(await compared("--as", "Nobody"), { code: 2, stderr: /nobody of this/ });
  const taken = (...args: string[]) => hub("hub", "export", ...args);
  t.match(await taken("--as", "Lea"), {
    code: 3,
    stdout: "",
    stderr: /Only a governance officer or a hub op/,
  });
  const { stdout } = await taken("--bytes", "--practice", "Ash", "--as", "Omar");
  const said = (text: string) =>
    text
      .split("\n")
      .filter((line) => line.includes('"kind":"log-viewed"'))
      .map((line) => (JSON.parse(line) as { body: object }).body);
  t.match(
    said(stdout),
    [{ shown: "sealed log with releases", purpose: "audit", by: "Omar" }],
    "its own look",
  );
  await taken("--digests", "--as", "Omar");
  t.match(said((await taken()).stdout).slice(1), [{ shown: "digests", by: "Omar" }, { shown: "log" }]);
  t.match(await hub("hub", "revoke", "Ash", "--as", "Eve"), { code: 3 });
  await hub("hub", "person", "disable", "Omar");
  t.match(await hub("hub", "person", "link", "Eve", "--as", "Omar"), {
    code: 2,
    stderr: /nobody of this name/,
  });
  const listed = await hub("hub", "person", "list", "--json");
  t.match(JSON.parse(listed.stdout), {
    people: [{ name: "Eve" }, { name: "Lea", groups: ["north"] }, { name: "Omar", standing: "disabled" }],
  });
});

t.test("at the practice a clinician decides nothing, and an administrator no query", async (t) => {
  const data = join(folder, "agent");
  const agent = (...args: string[]) => cairn(["agent", ...args, "--data", data]);
  await agent("init");
  t.match(await agent("join", "north", "--as", "Anybody"), { code: 0 });
  for (const [name, role] of [
    ["Quin", "quality-lead"],
    ["Clio", "clinician"],
    ["Adi", "administrator"],
  ] as const)
    t.match(await agent("person", "add", name, "--role", role), { code: 0 });
  t.match(await agent("decline", "bp-control", "--as", "Quin"), { code: 0 });
  t.match(await agent("pause", "--as", "Adi"), { code: 0 });
  t.match(await agent("pause", "--as", "Clio"), { code: 3, stderr: /Only a practice administrator may/ });
  t.match(await agent("pause", "--as", "Nobody"), { code: 2, stderr: /nobody of this name/ });
  t.match(await agent("consent"), { code: 0, stdout: /lets anybody see practices by name/ });
  const given = await agent("consent", "give", "--group", "north", "--until", "2026-12-31", "--as", "Quin");
  t.match(given, { code: 2, stderr: /Is this practice to be named to them\? Nothing was done: say --yes/ });
  const means = [
    /its name, its dot's whole per cent, and the last day of its consent; of past dates too/,
    /only while all consent, or while three dots or more, not all at one place, never had a name there/,
    /Each look is written down for good/,
    /It ends by itself with its last day, with the group and with its charter/,
  ];
  for (const each of means) t.match(given.stdout, each, "what it means, before it is given");
  t.match(await agent("rules", "--as", "Clio"), { code: 0 }, "to look is not to decide");
  const { stdout } = await agent("log");
  t.match(stdout, "Quin");
  t.match(stdout, /log viewed: purpose audit, shown log; by \S+\n?$/, "and who reads it");
  t.match(await agent("log", "--as", "Quin"), { code: 3, stdout: "" });
  t.match(await agent("person", "add", "Olly", "--role", "officer"), { code: 0 });
  const own = await agent("log", "--json", "--as", "Olly");
  t.match(own.stdout, /"kind":"log-viewed","body":\{"by":"Olly","purpose":"audit","shown":"export",/);
});
