/** How the link stands is written down as it was found, so that whoever looks later is told the state and its cause. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { linkNote, linkState, UnreachableError, WireRefusal, type LinkState } from "@cairn/wire";
import t, { type Test } from "tap";
import { CourierError } from "../src/errors.js";
import { readSettings } from "../src/identity/folder.js";
import { HubLink } from "../src/link/hub-link.js";
import { lookAtHub } from "../src/link/look.js";
import { openRoute } from "../src/link/route.js";
import { LinkNotes, readLinkState } from "../src/link/state.js";

const START = Date.parse("2026-03-01T10:00:00Z");

function notebook(t: Test) {
  const folder = t.testdir();
  const clock = { now: START };
  const told: LinkState[] = [];
  const notes = new LinkNotes(
    folder,
    () => clock.now,
    (state) => told.push(state),
  );
  return { folder, clock, told, notes };
}

t.test("each way in which the link does not work has its own state, its words and its beginning", (t) => {
  const { folder, clock, notes } = notebook(t);
  t.equal(readLinkState(folder), null, "before anything was tried");
  const stands = (state: string, problem: RegExp | null, at: number): void => {
    const since = new Date(START + at).toISOString();
    t.match(readLinkState(folder), { state, problem, since }, state);
  };
  notes.trouble("not-enrolled", "waiting for cairn agent enrol");
  stands("not-enrolled", /enrol/, 0);
  clock.now += 1000;
  notes.waits("AAAA-BBBB", "waiting until someone has compared AAAA-BBBB");
  stands("awaiting-admission", /AAAA/, 1000);
  t.match(readLinkState(folder), { fingerprint: "AAAA-BBBB" });
  clock.now += 1000;
  notes.note(new CourierError("hub-unreachable", "the hub does not answer"));
  stands("unreachable", /does not answer/, 2000);
  t.match(readLinkState(folder), { fingerprint: "AAAA-BBBB" }, "it is still not admitted");
  clock.now += 1000;
  notes.heard();
  stands("works", null, 3000);
  t.match(readLinkState(folder), { fingerprint: null, heard: "2026-03-01T10:00:03.000Z" });
  for (const [code, state] of [
    ["revoked", "revoked"],
    ["cloned", "cloned"],
    ["clock-skew", "refused"],
  ] as const) {
    clock.now += 1000;
    notes.note(new WireRefusal(code, `the hub says ${code}`));
    stands(state, new RegExp(code), clock.now - START);
    t.match(readLinkState(folder), { heard: "2026-03-01T10:00:03.000Z" }, "it was last heard before");
  }
  clock.now += 1000;
  notes.note(new WireRefusal("run-unknown", "no such run"));
  stands("works", null, clock.now - START);
  t.end();
});

t.test("what is written is as new as the hub's idea of offline needs it, and no oftener", (t) => {
  const { folder, clock, told, notes } = notebook(t);
  notes.heard();
  notes.offlineAfter(20);
  const before = told.length;
  for (let s = 1; s <= 20; s++) {
    clock.now += 1000;
    notes.heard();
    const heard = Date.parse(readLinkState(folder)?.heard ?? "");
    t.ok(clock.now - heard < 20_000 / 4, `${s} s later`);
  }
  t.equal(told.length - before, 4, "and whoever is told hears it as often");
  t.equal(readLinkState(folder)?.offlineAfterSeconds, 20);
  notes.offlineAfter(0);
  t.equal(readLinkState(folder)?.offlineAfterSeconds, null, "a hub that does not say");
  t.end();
});

t.test("settings that are not a courier's are said to be damaged, whatever they are", async (t) => {
  const { folder } = notebook(t);
  const whole = { hub: "hub:8443", proxy: null, instance: "i", keeperKey: "00", caDigest: "00" };
  const { caDigest: _, ...cut } = whole;
  for (const wrong of [null, {}, [], "text", { ...whole, hub: 5 }, cut]) {
    writeFileSync(join(folder, "settings.json"), JSON.stringify(wrong));
    t.throws(() => readSettings(folder), { code: "settings-unreadable" }, JSON.stringify(wrong));
    await t.rejects(
      lookAtHub(folder),
      { code: "settings-unreadable" },
      "and doctor goes on with its other checks",
    );
  }
  writeFileSync(join(folder, "settings.json"), JSON.stringify(whole));
  t.match(readSettings(folder), whole);
});

t.test("a file of before is read, and one that is damaged is none", (t) => {
  const { folder } = notebook(t);
  const file = join(folder, "link.json");
  writeFileSync(
    file,
    '{"heard":"2026-01-01T00:00:00.000Z","problem":"x","since":"2026-01-02T00:00:00.000Z"}',
  );
  t.match(readLinkState(folder), { state: "unreachable", fingerprint: null, offlineAfterSeconds: null });
  writeFileSync(file, "{");
  t.equal(readLinkState(folder), null);
  t.end();
});

t.test("the hub's clock is known to the second from what HTTP says with each answer", (t) => {
  const { folder, clock, notes } = notebook(t);
  clock.now = START + 400;
  notes.clock(START);
  notes.heard();
  t.equal(readLinkState(folder)?.hubAheadSeconds, 0);
  notes.clock(START + 90_000);
  notes.trouble("refused", "clock");
  t.equal(readLinkState(folder)?.hubAheadSeconds, 90);
  notes.clock(START - 3 * 86_400_000);
  notes.heard();
  t.equal(readLinkState(folder)?.hubAheadSeconds, -3 * 86_400);
  t.end();
});

t.test("a call that the courier itself calls off says nothing of the hub", async (t) => {
  const { folder, notes } = notebook(t);
  notes.heard();
  const before = readFileSync(join(folder, "link.json"), "utf8");
  const link = new HubLink({
    route: await openRoute("127.0.0.1:1", null, ""),
    identity: { caBundle: "" },
    notes,
  });
  t.teardown(() => link.close());
  await t.rejects(link.call(() => Promise.reject(new UnreachableError("cancelled", "told to end"))));
  t.equal(readFileSync(join(folder, "link.json"), "utf8"), before);
  await t.rejects(link.call(() => Promise.reject(new UnreachableError("unavailable", "gone"))));
  t.match(readLinkState(folder), { state: "unreachable" });
});

t.test("what the keeper is told is what the file says, and nothing that could not be shown", (t) => {
  const { told, clock, notes } = notebook(t);
  notes.clock(START + 60_000);
  notes.waits("AAAA-BBBB", "waiting");
  notes.offlineAfter(3600);
  for (const state of told) {
    const { hubClock, ...note } = linkNote(state, clock.now);
    const sent = { ...note, hubClock } as Parameters<typeof linkState>[0];
    t.same(linkState(sent), state);
    t.throws(() => linkState({ ...sent, state: "splendid" }), { code: "bad-request" });
    t.throws(() => linkState({ ...sent, since: 9e15 }), { code: "bad-request" });
    t.equal(linkState({ ...sent, problem: "a\u001b[2J\nb" }).problem, "a [2J b");
    t.equal(linkState({ ...sent, problem: "x".repeat(99_999) }).problem?.length, 1000);
  }
  t.equal(told.length, 2);
  t.end();
});
