/** Everybody follows every link that the hub's pages show them, and meets no refusal. */
import { HUB_ROLES, mayGive, type HubRole, type Person } from "@cairn/access";
import { addPerson, invite } from "@cairn/hub";
import { fastify } from "fastify";
import { pino } from "pino";
import t from "tap";
import { crawl } from "../../sign-in/test/fixtures/crawl.js";
import { siteOn } from "../src/pages/server.js";
import { sixOfEight } from "./cluster.js";
import { GROUP, story } from "./story.js";
import { session } from "./sessions.js";

const log = pino({ level: "silent" });

t.test(
  "no link or form of a page ends in a refusal, and no command is told to who may not give it",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const { hub } = it.serving;
    await sixOfEight(it);
    await invite(hub, "A", ["South board"]);
    const { app } = await siteOn(fastify(), hub, log);
    const walk = (cookie: string) =>
      crawl(
        async (url) => {
          const { statusCode, body } = await app.inject({ url, headers: { cookie } });
          return { status: statusCode, body };
        },
        async (url, fields) => {
          const headers = { cookie, "content-type": "application/x-www-form-urlencoded" };
          const payload = new URLSearchParams(fields).toString();
          const { statusCode, body } = await app.inject({ method: "POST", url, headers, payload });
          return { status: statusCode, body };
        },
      );
    const visitor = await walk("");
    t.same(visitor.deadEnds, [], "whoever sits at the machine");
    t.ok(visitor.visited.length >= 6);
    const pages: Record<string, number> = {};
    const sent: Record<string, readonly string[]> = {};
    for (const [i, role] of (Object.keys(HUB_ROLES) as HubRole[]).entries()) {
      const groups = HUB_ROLES[role].groups === "every" ? [] : [GROUP];
      await addPerson(hub, { name: role, role, groups });
      const person: Person = { at: "hub", name: role, role, groups: groups.length === 0 ? "every" : groups };
      const { cookie } = await session(hub, app, i + 1);
      const met = await walk(cookie);
      t.same(met.deadEnds, [], role);
      t.same(
        [...met.commands].filter((command) => !mayGive(person, command, GROUP)),
        [],
        `${role}: commands`,
      );
      pages[role] = met.visited.length;
      sent[role] = met.sent;
    }
    t.ok(pages["cluster-lead"]! > pages["analyst"]!, JSON.stringify(pages));
    t.ok(sent["cluster-lead"]!.includes(`/groups/${encodeURIComponent(GROUP)}/bp-control/notes`));
    t.same(sent["commissioner"], []);
  },
);
