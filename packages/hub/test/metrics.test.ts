/** What a monitoring program reads of the hub: counts, times and sizes, and nobody's name. */
import t from "tap";
import { once } from "node:events";
import { get, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { backupHub, serveHubFolder } from "@cairn/hub";
import { GROUP, story } from "./story.js";

/** Values by name and labels, as the text format has them. */
function valuesOf(text: string): Map<string, number> {
  const lines = text.split("\n").filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(" ")), Number(line.split(" ").at(-1))]));
}

t.test(
  "metrics count calls, agents, runs and certificates' days, and hold no name of a practice",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    await it.serving.stop();
    const { now } = it.clock;
    it.serving = await serveHubFolder({
      folder: it.folder,
      host: "127.0.0.1",
      port: 0,
      grpcHost: "127.0.0.1",
      grpcPort: 0,
      metrics: { host: "127.0.0.1", port: 0 },
      settings: { now: () => it.clock.now, hold: 50 },
      logLevel: "silent",
    });
    const read = async (): Promise<string> => {
      const answer = await fetch(`${it.serving.metrics}/metrics`);
      t.match(answer.headers.get("content-type"), /^text\/plain; version=0\.0\.4/);
      return answer.text();
    };
    const before = valuesOf(await read());
    t.equal(before.get("cairn_hub_agents"), undefined, "nobody is there: no agent is counted");
    t.notOk(before.has("cairn_hub_backup_age_seconds"), "and no backup has an age");

    const agent = await it.member("Rowan Surgery");
    await agent.poll();
    await t.rejects(agent.api.claim({ runs: [], idempotencyKey: "" }));
    await backupHub(it.folder, join(it.folder, "..", "copy"));
    it.clock.now = now + 90_000;
    const text = await read();
    const values = valuesOf(text);
    for (const [name, value] of Object.entries({
      'cairn_hub_calls_total{call="enrol",outcome="ok"}': 2,
      'cairn_hub_call_seconds_count{call="enrol"}': 2,
      'cairn_hub_calls_total{call="poll",outcome="ok"}': 1,
      'cairn_hub_calls_total{call="claim",outcome="bad-request"}': 1,
      'cairn_hub_agents{state="admitted",version="0.1.0"}': 1,
      cairn_hub_ready: 1,
      cairn_hub_parked_polls: 0,
      cairn_hub_releases: 0,
      cairn_hub_conflicts: 0,
    }))
      t.equal(values.get(name), value, name);
    t.equal(Math.round(values.get('cairn_hub_certificate_days{certificate="server"}') ?? 0), 365);
    const age = values.get("cairn_hub_backup_age_seconds") ?? NaN; // the backup goes by the machine's own clock
    t.ok(age > 60 && age <= 90, `${age} s`);
    t.ok((values.get("cairn_hub_store_bytes") ?? 0) > 100_000);
    t.ok([...values.keys()].some((name) => name.startsWith("nodejs_eventloop_lag")));
    for (const name of ["Rowan", GROUP, "bp-control"]) t.notMatch(text, name);

    t.equal(values.get("cairn_hub_unread"), 0);
    const { schema } = it.serving.hub.store.db;
    await schema.alterTable("release_conflict").renameTo("gone").execute();
    const lacking = await read();
    t.notMatch(lacking, /^cairn_hub_conflicts |no such table/m, "what cannot be read is left out");
    const left = valuesOf(lacking);
    t.match([left.get("cairn_hub_unread"), left.get("cairn_hub_releases")], [1, 0], "the others are not");
    await schema.alterTable("gone").renameTo("release_conflict").execute();
    t.equal(valuesOf(await read()).get("cairn_hub_conflicts"), 0, "nor it, once it can be read again");

    t.equal((await fetch(`${it.serving.metrics}/`)).status, 404, "there is nothing else");
    const elsewhere = get(`${it.serving.metrics}/metrics`, { headers: { host: "elsewhere.example" } });
    const [answer] = (await once(elsewhere, "response")) as [IncomingMessage];
    t.equal(answer.resume().statusCode, 421, "asked for under another name, it does not answer");
  },
);
