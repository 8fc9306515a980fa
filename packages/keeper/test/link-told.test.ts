/** The practice's screens say how the link stands, although the keeper has no network and may not read the courier's folder. */
import { linkNote, type LinkState } from "@cairn/wire";
import t from "tap";
import { pagesOf } from "../src/pages/app.js";
import { courierSpeaks, linkWords, reportedLink } from "../src/link-state.js";
import { lockFolder, isRunning } from "../src/store/lock.js";
import { practice } from "./fixtures/practice.js";

const NOW = Date.parse("2026-03-01T12:00:00Z");
const WORKS: LinkState = {
  state: "works",
  hub: "hub.example:8443",
  heard: "2026-03-01T11:59:30.000Z",
  problem: null,
  since: "2026-02-01T08:00:00.000Z",
  fingerprint: null,
  offlineAfterSeconds: 3600,
  hubAheadSeconds: 1,
};
const AROUND = {
  now: NOW,
  practice: "Alder Practice",
  courierRuns: true,
  courierFolder: "/var/lib/cairn/courier",
  where: " --data /var/lib/cairn",
};

t.test(
  "what the courier tells of the link is kept, shown on the page, and replaced by what it tells next",
  async (t) => {
    const it = practice(t);
    const clock = { now: NOW };
    const { api, keeper } = await it.start({ now: () => clock.now });
    const app = await pagesOf(keeper);
    t.teardown(() => app.close());
    const page = async (): Promise<string> =>
      (await app.inject({ url: "/", headers: { host: "localhost" } })).body.replace(/\s+/g, " ");
    t.match(await page(), /No courier has spoken to the keeper yet/);

    await api.noteLink(linkNote(WORKS, NOW));
    t.same(reportedLink(keeper.store), { link: WORKS, at: new Date(NOW).toISOString() });
    t.match(await page(), /The link works\. The hub last answered at 2026-03-01 11:59 UTC/);
    t.notMatch(await page(), /No courier/);

    const problem = "the hub at <b>hub.example</b> does not answer";
    await api.noteLink(linkNote({ ...WORKS, state: "unreachable", problem }, NOW));
    t.match(
      await page(),
      /since 2026-02-01 08:00 UTC: the hub at &lt;b&gt;hub\.example&lt;\/b&gt; does not answer/,
    );

    clock.now += 600_000;
    t.match(
      await page(),
      /No courier has spoken to the keeper since 2026-03-01 12:00 UTC: see cairn agent status/,
    );
    await t.rejects(api.noteLink({ ...linkNote(WORKS, NOW), state: "splendid" }), { code: "bad-request" });
  },
);

t.test("each state is told apart in words, with the next command to type", (t) => {
  const said = (change: Partial<LinkState>, around: Partial<typeof AROUND> = {}): string =>
    linkWords({ ...WORKS, ...change }, { ...AROUND, ...around }).join("\n");
  t.equal(said({}), "The link works. The hub last answered at 2026-03-01 11:59 UTC");
  t.equal(
    said({}, { courierRuns: false }),
    "The hub last answered at 2026-03-01 11:59 UTC; offline for the hub from 2026-03-01 12:59 UTC on, after 60 min without a word",
  );
  t.equal(
    said({ state: "unreachable", problem: "no answer", heard: "2026-02-28T09:00:00.000Z" }),
    "The hub last answered at 2026-02-28 09:00 UTC; since 2026-02-01 08:00 UTC: no answer; offline for the hub since 2026-02-28 10:00 UTC, after 60 min without a word",
  );
  t.match(said({ heard: "2026-02-28T09:00:00.000Z" }), /; offline for the hub since 2026-02-28 10:00 UTC/);
  t.notMatch(
    said({ offlineAfterSeconds: null, heard: "2020-01-01T00:00:00.000Z" }),
    /offline/,
    "an older hub",
  );
  t.equal(
    said({ state: "awaiting-admission", fingerprint: "AAAA-BBBB", problem: "waiting" }),
    "Enrolled, and not admitted yet: read the fingerprint AAAA-BBBB to the hub's operator, who gives cairn hub admit 'Alder Practice' --fingerprint AAAA-BBBB\nThe hub last answered at 2026-03-01 11:59 UTC",
  );
  t.match(
    said({ state: "unreachable", fingerprint: "AAAA-BBBB", problem: "no answer", heard: null }),
    /not admitted yet: read the fingerprint AAAA-BBBB[^]*\nThe hub has not answered yet; since .*: no answer$/,
  );
  const anew =
    "rm -r /var/lib/cairn/courier and cairn agent enrol --data /var/lib/cairn --hub hub.example:8443 --join CODE";
  t.match(
    said({ state: "revoked", problem: "x" }),
    /^The hub has locked this agent out \(revoked, since 2026-02-01 08:00 UTC\): ask/,
  );
  t.match(said({ state: "revoked", problem: "x" }), anew);
  t.match(said({ state: "cloned", problem: "x" }), /^The hub takes this agent for a copy \(cloned, since/);
  t.match(said({ state: "cloned", problem: "x" }), anew);
  t.match(said({ state: "forgotten", problem: "x" }), /^The hub has forgotten this agent.*enrol --data/);
  t.match(
    said({ state: "not-enrolled", hub: null }),
    /^Not enrolled: .* cairn agent enrol --data \S+ --hub HOST:PORT --join CODE/,
  );
  t.match(linkWords(null, { ...AROUND, practice: null })[0], /^Not enrolled: /);
  t.match(linkWords(null, AROUND)[0], /not known: no courier has reported it/);
  t.end();
});

t.test("two clocks that differ are said to, and which is whose", (t) => {
  const said = (hubAheadSeconds: number | null): string =>
    linkWords({ ...WORKS, hubAheadSeconds }, AROUND).join("\n");
  t.notMatch(said(4), /clock/);
  t.notMatch(said(null), /clock/);
  t.match(
    said(90),
    /^This machine's clock is 90 s behind the hub's: times here are by this machine's clock/m,
  );
  t.match(said(-7200), /^This machine's clock is 2 h ahead of the hub's/m);
  t.end();
});

t.test(
  "a keeper runs while its lock is held, and a command that looks keeps none from starting",
  async (t) => {
    const it = practice(t);
    t.equal(isRunning(it.folder), false);
    const running = await it.start();
    t.equal(isRunning(it.folder), true);
    await running.stop();
    t.equal(isRunning(it.folder), false);
    const lock = lockFolder(it.folder);
    t.throws(() => lockFolder(it.folder), { code: "running" });
    lock.close();
    t.equal(courierSpeaks(null, NOW), false);
  },
);
