import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { AuditLog } from "@cairn/audit-log";
import { openDatabase } from "@cairn/sqlite";
import { rawPublicKey } from "@cairn/wire";
import { crossCheck, type Exported } from "../src/audit/cross-check.js";

const folder = mkdtempSync(join(tmpdir(), "cairn-audit-"));
const hubKey = generateKeyPairSync("ed25519").privateKey;
const hex = (key: KeyObject): string => rawPublicKey(key).toString("hex");

function newLog(name: string, key: KeyObject): AuditLog {
  return AuditLog.open(openDatabase(join(folder, `${name}.db`)), { origin: name, key });
}

function exported(name: string, log: AuditLog): Exported {
  return { name, lines: [...log.exportLines()] };
}

/** A practice that released `runs` runs, each receipted by the hub, and the hub that received them. */
function story(label: string, runs: number): { hub: Exported; practice: Exported; hubLog: AuditLog } {
  const key = generateKeyPairSync("ed25519").privateKey;
  const [hub, practice] = [newLog(`${label}-hub`, hubKey), newLog(`${label}-practice`, key)];
  practice.append("made", { key: hex(key) });
  practice.append("enrolled", { practice: "Alder", hubLogKey: hex(hubKey) });
  hub.append("agent-enrolled", { agent: "a", practice: "p1", keeper_key: hex(key) });
  for (let i = 0; i < runs; i++) {
    const [run, digest] = [`r${i}`, `d${i}`];
    const { index, size, root } = practice.append("released", { run, digest });
    hub.append("release-received", {
      run,
      digest,
      practice: "p1",
      practice_log_index: index,
      practice_log_size: size,
      practice_log_root: root.toString("hex"),
    });
    practice.append("receipt", { run, digest });
  }
  return { hub: exported("the hub", hub), practice: exported("Alder", practice), hubLog: hub };
}

t.test("logs that tell the same are verified, with every release accounted for", async (t) => {
  const { hub, practice } = story("whole", 5);
  t.match(crossCheck(hub, [practice]), { verified: true, problem: null, releases: 5 });
});

t.test("one altered entry turns the account false, in whichever log it is", async (t) => {
  const { hub, practice } = story("altered", 3);
  const altered = (log: Exported, from: string, to: string): Exported => {
    const at = log.lines.findIndex((line, i) => i > 0 && line.includes(from));
    t.ok(at > 0, `there is an entry with ${from}`);
    return { ...log, lines: log.lines.map((line, i) => (i === at ? line.replace(from, to) : line)) };
  };
  for (const log of [altered(practice, '"d1"', '"d9"'), altered(practice, "receipt", "receipts")]) {
    t.match(crossCheck(hub, [log]), { verified: false, problem: /Alder/ });
  }
  t.match(crossCheck(altered(hub, '"d1"', '"d9"'), [practice]), { verified: false, problem: /the hub/ });
});

t.test("a release that only one side tells of is found, though both logs hold by themselves", async (t) => {
  const { hub, practice, hubLog } = story("one-sided", 2);
  const root = "00".repeat(32);
  const invented = { practice: "p1", practice_log_index: 2, practice_log_size: 3, practice_log_root: root };
  hubLog.append("release-received", { run: "r9", digest: "d9", ...invented });
  t.match(crossCheck(exported("the hub", hubLog), [practice]), { verified: false, problem: /r9/ });

  const lost = story("lost", 1);
  const emptied = newLog("emptied", hubKey);
  emptied.append("agent-enrolled", { agent: "a", practice: "p1", keeper_key: keyIn(lost.practice) });
  t.match(crossCheck(exported("the hub", emptied), [lost.practice]), {
    verified: false,
    problem: /receipt for run r0/,
  });
  t.match(crossCheck(hub, []), { verified: false, problem: /which hub/ });
});

t.test("neither side can vouch for itself: each log needs the key that the other side knows", async (t) => {
  const { hub } = story("mine", 1);
  const stranger = story("strange", 1);
  t.match(crossCheck(hub, [stranger.practice]), { verified: false, problem: /knows no agent/ });
});

/** One run told of by both sides, as far as `kinds` goes; the hub hears of each. */
function corrected(label: string, kinds: readonly string[], deaf: readonly string[] = []) {
  const key = generateKeyPairSync("ed25519").privateKey;
  const [hub, practice] = [newLog(`${label}-hub`, hubKey), newLog(`${label}-practice`, key)];
  practice.append("made", { key: hex(key) });
  practice.append("enrolled", { practice: "Alder", hubLogKey: hex(hubKey) });
  hub.append("agent-enrolled", { agent: "a", practice: "p1", keeper_key: hex(key) });
  const AT_HUB: Readonly<Record<string, string>> = {
    released: "release-received",
    withdrawn: "release-withdrawn",
    "correction-allowed": "correction-allowed",
  };
  let correction = 0;
  for (const [i, kind] of kinds.entries()) {
    if (kind === "released" && kinds.slice(0, i).includes("correction-allowed")) correction = 1;
    const told = { run: "r1", queryDigest: "q", date: "2025-03-31", correction, digest: `d${correction}` };
    const { index, size, root } = practice.append(kind, told);
    const at = {
      practice_log_index: index,
      practice_log_size: size,
      practice_log_root: root.toString("hex"),
    };
    const heard = AT_HUB[kind];
    if (heard === undefined || deaf.includes(kind)) continue;
    hub.append(heard, { run: "r1", practice: "p1", correction, digest: `d${correction}`, ...at });
    if (kind === "withdrawn") practice.append("withdrawal-receipt", told);
  }
  return { hub: exported("the hub", hub), practice: exported("Alder", practice), hubLog: hub };
}

t.test("a second release for a query and date needs a withdrawal and one logged correction", async (t) => {
  const whole = corrected("corrected", [
    "released",
    "withdrawn",
    "correction-allowed",
    "released",
    "withdrawn",
  ]);
  t.match(crossCheck(whole.hub, [whole.practice]), {
    verified: true,
    problem: null,
    releases: 2,
    practices: [{ withdrawn: 2 }],
  });
  const refused = (label: string, kinds: string[], problem: RegExp): void => {
    const { hub, practice } = corrected(label, kinds);
    t.match(crossCheck(hub, [practice]), { verified: false, problem }, label);
  };
  refused("twice", ["released", "released"], /second release for run r1 without a logged correction/);
  refused("unallowed", ["released", "withdrawn", "released"], /second release/);
  refused("unasked", ["released", "correction-allowed", "released"], /follows no withdrawal/);
  const once = ["released", "withdrawn", "correction-allowed", "released"];
  refused("third", [...once, "released"], /second release/);
  refused("again", [...once, "withdrawn", "correction-allowed"], /follows no withdrawal/);
  refused("nothing", ["withdrawn"], /was not released/);
});

t.test("what one side says was withdrawn, the other says too", async (t) => {
  const unheard = corrected("unheard", ["released", "withdrawn"], ["withdrawn"]);
  t.match(
    crossCheck(unheard.hub, [unheard.practice]),
    { verified: true },
    "a hub that is down has not heard yet",
  );
  const told = corrected("told", ["released"]);
  told.hubLog.append("release-withdrawn", { run: "r1", practice: "p1", correction: 0, digest: "d0" });
  t.match(crossCheck(exported("the hub", told.hubLog), [told.practice]), {
    verified: false,
    problem: /withdrawal of run r1 that Alder never made/,
  });
  const silent = corrected("silent", ["released", "withdrawn"]);
  const forgetful = silent.hub.lines.filter((line) => !line.includes("release-withdrawn"));
  t.match(crossCheck({ ...silent.hub, lines: forgetful }, [silent.practice]), { verified: false });
});

t.test(
  "after a restore, a release is accounted for by what the hub gave back, and by that alone",
  async (t) => {
    const given = { run: "r1", queryDigest: "q", date: "2025-03-31", correction: 0, digest: "d0" };
    const lost = (label: string, entries: readonly [string, Record<string, string | number>][]) => {
      const key = generateKeyPairSync("ed25519").privateKey;
      const [hub, practice] = [newLog(`${label}-hub`, hubKey), newLog(`${label}-practice`, key)];
      practice.append("made", { key: hex(key) });
      practice.append("enrolled", { practice: "Alder", hubLogKey: hex(hubKey) });
      hub.append("agent-enrolled", { agent: "a", practice: "p1", keeper_key: hex(key) });
      const at = { practice_log_index: 7, practice_log_size: 8, practice_log_root: "00".repeat(32) };
      hub.append("release-received", { run: "r1", practice: "p1", correction: 0, digest: "d0", ...at });
      for (const [kind, body] of entries) practice.append(kind, body);
      return crossCheck(exported("the hub", hub), [exported("Alder", practice)]);
    };
    const restored: [string, Record<string, string>] = ["restored", { lostTo: "2026-01-01" }];
    t.match(lost("given", [restored, ["release-given-back", given]]), { verified: true, releases: 1 });
    t.match(lost("not-given", [restored]), { verified: false });
    t.match(lost("unsaid", [["release-given-back", given]]), {
      verified: false,
      problem: /does not tell of/,
    });
    t.match(lost("anew", [restored, ["release-given-back", given], ["released", given]]), {
      verified: false,
      problem: /second release/,
    });
  },
);

function keyIn({ lines }: Exported): string {
  return (JSON.parse(lines[1] ?? "{}") as { body: { key: string } }).body.key;
}
