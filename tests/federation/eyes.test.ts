/** The demo's links: a newcomer looks through everyone's eyes, at a hub and at a practice in processes of their own. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import t from "tap";
import { Federation, hubEyes, lookLines, practiceEyes, type LookLink } from "@cairn/demo";
import { command } from "../../packages/cli/test/fixtures/command.js";
import { through } from "./through.js";

const GROUP = "cluster";
const folder = mkdtempSync(join(tmpdir(), "cairn-eyes-"));
const federation = new Federation({ command, folder, group: GROUP, offlineAfter: 3600 });

t.teardown(async () => {
  await federation.stop();
  rmSync(folder, { recursive: true, force: true });
});

t.test("each link of the demo shows once what its role sees, without a password", async (t) => {
  await federation.initHub();
  await federation.startHub();
  const one = federation.addPractice({
    ...{ name: "Ash Surgery", patients: 150, eventsPerPatient: 50, seed: 21, until: "2026-07-31" },
  });
  await one.loadRecords();
  await federation.enrol(one);
  await one.start();
  const atHub = await hubEyes(federation);
  const atPractice = await practiceEyes(one);
  t.equal(atHub[0]?.role, "cluster lead", "what a cluster lead sees comes first");
  t.match(lookLines(atHub), /^ {2}cluster lead {8}http:.*\n {2}commissioner {8}http/);
  const groupPage: Record<string, number> = {};
  for (const { role, link } of [...atHub, ...atPractice]) {
    const eyes = await through(link);
    t.match(eyes.html, `, ${role} `, `${role}: ${link}`);
    if (atHub.some((each) => each.link === link)) groupPage[role] = await eyes.ask(`/groups/${GROUP}`);
    t.match((await through(link)).html, "no longer works", `${role}: once`);
  }
  t.same(groupPage, {
    ...{ "cluster lead": 200, commissioner: 200, supporter: 200 },
    ...{ "governance officer": 403, "hub operator": 403, analyst: 403, "library signer": 403 },
    provider: 403, // the demo's group has no charter, which would say what a provider sees
  });
  const pages = (links: LookLink[]): string => new URL("/", links[0]?.link).href;
  for (const site of [pages(atHub), pages(atPractice)])
    t.equal((await fetch(site, { redirect: "manual" })).status, 303, "nobody is a visitor any more");
});
