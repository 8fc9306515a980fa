/** Who gets in, for how long, and what is written down of it. */
import { decodeHub } from "@cairn/ledger";
import { addPerson, disablePerson, linkPerson, listPeople, openHub } from "@cairn/hub";
import { codeAt } from "@cairn/sign-in";
import t from "tap";
import { GROUP, story, type Story } from "./story.js";
import { arrive, PASSWORD, signIn, tokenIn, Visit } from "./visit.js";

const MINUTE = 60_000;

/** The entries of the hub's log on people, as kind and body without version. */
function peopleIn(it: Story): [string, Record<string, unknown>][] {
  return [...it.serving.hub.store.log.entries()].flatMap((entry) => {
    const { kind, body } = decodeHub(entry) as { kind: string; body: Record<string, unknown> };
    const { v: _v, ...facts } = body;
    return /^(person|account|sign)/.test(kind) ? [[kind, facts] as [string, Record<string, unknown>]] : [];
  });
}

async function led(): Promise<Story & { group: string }> {
  const it = await story();
  await it.member("A");
  return Object.assign(it, { group: `/groups/${encodeURIComponent(GROUP)}` });
}

t.test(
  "until somebody has an account whoever sits at the machine sees the groups; then nobody does",
  async (t) => {
    const it = await led();
    t.teardown(() => it.end());
    const visit = new Visit(it.serving.pages);
    t.equal((await visit.ask(it.group)).status, 200);
    t.equal((await visit.ask("/account")).status, 403, "there is no account to see");
    await addPerson(it.serving.hub, { name: "Ada", role: "hub-operator", groups: [] });
    const refused = await visit.ask(it.group);
    t.same([refused.status, refused.location], [303, `/sign-in?to=${encodeURIComponent(it.group)}`]);
    t.equal((await visit.ask("/")).status, 303);
    await disablePerson(it.serving.hub, "Ada");
    t.equal((await visit.ask("/")).status, 303, "nor when the only account is disabled");
    t.equal((await visit.ask("/healthz")).status, 200);
  },
);

t.test("a person comes by a one-time link, sets password and codes, and is signed in", async (t) => {
  const it = await led();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  await addPerson(hub, { name: "Ada Byron", role: "cluster-lead", groups: [GROUP] }, "sys");
  const { path, until } = await linkPerson(hub, "ada byron", "sys");
  t.match(until, /T/);
  const visit = new Visit(it.serving.pages);
  const shown = await visit.ask(path);
  t.match(shown.html, "Welcome, Ada Byron");
  t.match(shown.html, "as cluster lead");
  t.match(shown.html, /<svg class="cairn-qr"/);
  const key = (/<code class="cairn-key">([^<]+)</.exec(shown.html)?.[1] ?? "").replaceAll(" ", "");
  t.match((await visit.ask(path)).html, key.slice(0, 4), "the same key when it is loaded again");
  const code = codeAt(key, it.clock.now);
  const good = { _csrf: tokenIn(shown.html), password: PASSWORD, repeated: PASSWORD, code };
  for (const [wrong, words] of [
    [{ password: "short", repeated: "short" }, "12 characters or more"],
    [{ password: "aaaaaaaaaaaaaaaa", repeated: "aaaaaaaaaaaaaaaa" }, "few different characters"],
    [{ password: "my name is ADA BYRON", repeated: "my name is ADA BYRON" }, "without your own name"],
    [{ repeated: `${PASSWORD}!` }, "not the same"],
    [{ code: "000000" }, "The code is not right"],
    [{ code: "" }, "The code is not right"],
  ] as const) {
    const refused = await visit.send(path, { ...good, ...wrong });
    t.equal(refused.status, 422, words);
    t.match(refused.html, words);
    t.notMatch(refused.html, PASSWORD, "a password is never written into a page");
  }
  const before = visit.cookie;
  const done = await visit.send(path, good);
  t.same([done.status, done.location], [303, "/"]);
  t.not(visit.cookie, before, "the session has another id from now on");
  const first = (await visit.ask("/")).html;
  t.match(first, GROUP);
  t.notMatch(first, "cairn hub", "who has no terminal reads no command");
  t.match((await visit.ask("/account")).html, `You are Ada Byron, cluster lead for ${GROUP}.`);
  t.equal((await visit.ask(path)).status, 404, "a link is good once");
  t.match((await new Visit(it.serving.pages).ask(path)).html, "no longer works");
  t.same(peopleIn(it), [
    ["person-added", { person: "Ada Byron", role: "cluster-lead", groups: GROUP, by: "sys" }],
    ["person-linked", { person: "Ada Byron", expires: Date.parse(until), by: "sys" }],
    ["account-set", { person: "Ada Byron", how: "password" }],
    ["signed-in", { person: "Ada Byron", how: "password" }],
  ]);
  const kept = hub.store.file.prepare("SELECT password FROM person").pluck().get() as string;
  t.match(kept, /^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  const secrets = [path.split("/").at(-1) as string, visit.cookie.split("=")[1] as string];
  const dump = JSON.stringify(
    ["person", "one_time_link", "session"].map((table) =>
      hub.store.file.prepare(`SELECT * FROM ${table}`).all(),
    ),
  );
  for (const secret of [...secrets, PASSWORD]) t.notOk(dump.includes(secret), "only digests are kept");
  t.match(await listPeople(hub), [{ name: "Ada Byron", standing: "active", groups: [GROUP] }]);
});

t.test("a link ends with its time, with a newer one, with its use and with its person", async (t) => {
  const it = await led();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  await addPerson(hub, { name: "Ada", role: "analyst", groups: [] });
  const visit = new Visit(it.serving.pages);
  const status = async (path: string): Promise<number> => (await visit.ask(path)).status;
  const first = await linkPerson(hub, "Ada");
  t.equal(await status(first.path), 200);
  const second = await linkPerson(hub, "Ada");
  t.same([await status(first.path), await status(second.path)], [404, 200]);
  const token = await visit.token(second.path);
  it.clock.now += 72 * 60 * MINUTE + 1;
  t.equal(await status(second.path), 404);
  t.equal((await visit.send(second.path, { _csrf: token })).status, 403, "its page's session is gone too");
  const third = await linkPerson(hub, "Ada", "sys", true);
  hub.store.file.exec("UPDATE person SET subject = 'ada', issuer = 'https://login.example'");
  await t.rejects(linkPerson(hub, "Ada", "sys", true), { code: "may-not" }, "nobody acts as her unseen");
  await disablePerson(hub, "Ada");
  t.equal(await status(third.path), 404);
  t.equal(await status("/first-visit/%3Cb%3E"), 404);
  await t.rejects(linkPerson(hub, "Ada"), { code: "person-unknown" });
  await t.rejects(linkPerson(hub, "Eve"), { code: "person-unknown" });
});

t.test(
  "an unknown name, a wrong password, a wrong code and a disabled person are answered in the same words",
  async (t) => {
    const it = await led();
    t.teardown(() => it.end());
    const { known } = await arrive(it, "Ada", "analyst");
    const { known: gone } = await arrive(it, "Bob", "analyst");
    await disablePerson(it.serving.hub, "Bob");
    const visit = new Visit(it.serving.pages);
    const pages = new Set<string>();
    for (const [who, more] of [
      [known, { password: "not the password" }],
      [known, { code: "123456" }],
      [known, { code: "" }],
      [{ ...known, name: "Eve" }, {}],
      [gone, {}],
    ] as const) {
      it.clock.now += 20 * MINUTE;
      const refused = await signIn(it, visit, who, more);
      t.equal(refused.status, 422);
      pages.add(
        refused.html.replaceAll(/name="_csrf" value="[^"]+"/g, "").replaceAll(/value="(Ada|Eve|Bob)"/g, ""),
      );
    }
    t.equal(pages.size, 1);
    t.match([...pages][0], "The name, the password or the code is not right.");
    const reasons = peopleIn(it).filter(([kind]) => kind === "sign-in-refused");
    t.same(
      reasons.map(([, { person, reason }]) => [person, reason]),
      [
        ["Ada", "not-right"],
        ["Ada", "not-right"],
        ["Ada", "not-right"],
        [null, "not-right"],
        ["Bob", "disabled"],
      ],
      "what was typed for nobody's name is not written down",
    );
  },
);

t.test("a code is good once, and the way in leads back to the page that was asked for", async (t) => {
  const it = await led();
  t.teardown(() => it.end());
  const { known } = await arrive(it, "Ada", "cluster-lead", [GROUP]);
  const visit = new Visit(it.serving.pages);
  const done = await signIn(it, visit, known, { to: it.group });
  t.same([done.status, done.location], [303, it.group]);
  const again = { _csrf: await visit.token("/sign-in"), name: "ADA", password: PASSWORD };
  const replayed = await visit.send("/sign-in", { ...again, code: codeAt(known.key, it.clock.now) });
  t.equal(replayed.status, 422, "a code that was seen over a shoulder");
  for (const to of ["//evil.example", "/\\evil.example", "https://evil.example", "/a b", "javascript:1", ""])
    t.equal((await signIn(it, visit, known, { to })).location, "/", to);
});

t.test(
  "wrong tries at one account wait longer and longer, from whatever address, and only there",
  async (t) => {
    const it = await led();
    t.teardown(() => it.end());
    const { known } = await arrive(it, "Ada", "analyst");
    const { known: other } = await arrive(it, "Bob", "analyst");
    const visit = new Visit(it.serving.pages);
    const tried = async (name: string, code = "123456"): Promise<number> => {
      const token = await visit.token("/sign-in");
      return (await visit.send("/sign-in", { _csrf: token, name, password: PASSWORD, code })).status;
    };
    t.same([await tried("Ada"), await tried("Ada"), await tried("Ada")], [422, 422, 422]);
    t.equal(await tried("aDA"), 429, "whatever the capitals");
    t.equal(await tried("Ada", codeAt(known.key, it.clock.now)), 429, "right ones wait too");
    const waits: number[] = [];
    for (let i = 0; i < 11; i++) {
      let waited = 0;
      for (; (await tried("Ada")) === 429 && waited < 2_000; waited += 1 + waited)
        it.clock.now += 1_000 * (1 + waited);
      waits.push(waited);
      if (i === 4) break;
    }
    t.same(
      waits,
      waits.toSorted((a, b) => a - b),
      `${waits.join(" ")}: each at least as long as the one before`,
    );
    t.ok((waits.at(-1) as number) >= 15);
    t.equal((await signIn(it, visit, other)).status, 303, "another account does not wait");
  },
);

t.test("many tries from one address are stopped, whatever the names", async (t) => {
  const it = await led();
  t.teardown(() => it.end());
  const { known } = await arrive(it, "Ada", "analyst");
  const visit = new Visit(it.serving.pages);
  const token = await visit.token("/sign-in");
  const statuses: number[] = [];
  for (let i = 0; i < 31; i++)
    statuses.push(
      (await visit.send("/sign-in", { _csrf: token, name: `n${i}`, password: "x", code: "1" })).status,
    );
  t.same([statuses.slice(0, 30).every((one) => one === 422), statuses[30]], [true, 429]);
  t.equal((await signIn(it, visit, known)).status, 429);
});

t.test("a session ends after 30 minutes idle and after 12 hours at most", async (t) => {
  const it = await led();
  t.teardown(() => it.end());
  const { visit, known } = await arrive(it, "Ada", "cluster-lead", [GROUP]);
  it.clock.now += 29 * MINUTE;
  t.equal((await visit.ask("/")).status, 200);
  it.clock.now += 29 * MINUTE;
  t.equal((await visit.ask("/")).status, 200, "a page begins the half hour anew");
  it.clock.now += 30 * MINUTE + 1;
  t.equal((await visit.ask("/")).status, 303);
  it.clock.now += 1;
  t.equal((await visit.ask("/")).status, 303, "asking does not bring it back");
  await signIn(it, visit, known);
  const start = it.clock.now;
  for (let i = 0; i < 24 * 2 - 1; i++) {
    it.clock.now += 15 * MINUTE;
    t.equal((await visit.ask("/")).status, 200);
  }
  it.clock.now = start + 12 * 60 * MINUTE + 1;
  t.equal((await visit.ask("/")).status, 303, "12 hours, however busy");
});

t.test(
  "a disabled person's next request is refused, and so is one who is there for another group now",
  async (t) => {
    const it = await led();
    t.teardown(() => it.end());
    const { visit } = await arrive(it, "Ada", "cluster-lead", [GROUP]);
    const beside = openHub(it.folder, { now: () => it.clock.now }); // as a command opens it
    t.teardown(() => beside.store.close());
    t.equal((await visit.ask(it.group)).status, 200);
    await disablePerson(beside, "Ada");
    t.equal((await visit.ask(it.group)).status, 303);
    await addPerson(beside, { name: "Ada", role: "commissioner", groups: [GROUP] });
    t.equal((await visit.ask(it.group)).status, 303, "nor with the old session once she is back");
    const row = beside.store.file.prepare("SELECT password, code_key FROM person").get();
    t.same(row, { password: null, code_key: null }, "and not with the old password");
  },
);

t.test("signing out ends the session on the server", async (t) => {
  const it = await led();
  t.teardown(() => it.end());
  const { visit } = await arrive(it, "Ada", "analyst");
  const { cookie } = visit;
  t.equal((await visit.send("/sign-out", {})).status, 403, "a page elsewhere cannot sign anybody out");
  const left = await visit.send("/sign-out", { _csrf: await visit.token("/account") });
  t.same([left.status, left.location], [303, "/sign-in"]);
  visit.cookie = cookie;
  t.equal((await visit.ask("/account")).status, 303, "the old cookie is worth nothing");
  t.same(peopleIn(it).at(-1), ["signed-out", { person: "Ada" }]);
});

t.test("a session id that somebody planted is not signed in", async (t) => {
  const it = await led();
  t.teardown(() => it.end());
  const { known } = await arrive(it, "Ada", "analyst");
  const attacker = new Visit(it.serving.pages);
  await attacker.ask("/sign-in");
  t.not(attacker.cookie, "");
  const visit = new Visit(it.serving.pages);
  visit.cookie = attacker.cookie;
  t.equal((await signIn(it, visit, known)).status, 303);
  t.equal((await visit.ask("/account")).status, 200);
  t.equal((await attacker.ask("/account")).status, 303);
  attacker.cookie = "cairn-hub=planted";
  await attacker.ask("/sign-in");
  t.not(attacker.cookie, "cairn-hub=planted", "an id that the hub did not make is never taken up");
});

t.test("cookies are for the server alone, and no page holds a script", async (t) => {
  const it = await led();
  t.teardown(() => it.end());
  const visit = new Visit(it.serving.pages);
  const { headers, html } = await visit.ask("/sign-in");
  t.match(headers.getSetCookie()[0], /^cairn-hub=[\w-]{32}; Path=\/; HttpOnly; SameSite=Lax$/);
  t.notMatch(html, "<script");
  t.match(headers.get("content-security-policy"), "default-src 'none'");
  t.match(headers.get("cache-control"), "no-store");
});

t.test("markup in every field comes back as text", async (t) => {
  const it = await led();
  t.teardown(() => it.end());
  const nasty = `"><script>alert(1)</script>'&<b>`;
  const visit = new Visit(it.serving.pages);
  const token = await visit.token("/sign-in");
  for (const reply of [
    await visit.send("/sign-in", {
      _csrf: token,
      name: nasty,
      password: nasty,
      code: nasty,
      to: nasty,
      again: nasty,
    }),
    await visit.ask(
      `/sign-in?to=${encodeURIComponent(nasty)}&name=${encodeURIComponent(nasty)}&again=${encodeURIComponent(nasty)}`,
    ),
    await visit.ask(`/first-visit/${encodeURIComponent(nasty)}`),
  ])
    t.notMatch(reply.html, /<script|<b>|"">/);
  const { visit: ada } = await arrive(it, nasty, "analyst");
  t.match((await ada.ask("/account")).html, "&lt;script&gt;");
  t.notMatch((await ada.ask("/account")).html, "<script");
});

t.test("a foreign Host is not answered, on the way in neither", async (t) => {
  const it = await led();
  t.teardown(() => it.end());
  const { request } = await import("node:http");
  const { port } = new URL(it.serving.pages);
  for (const path of ["/sign-in", "/first-visit/x", "/account"]) {
    const status = await new Promise((resolve, reject) => {
      const asked = request({ host: "127.0.0.1", port, path, headers: { host: `evil.example:${port}` } });
      asked
        .on("response", (reply) => resolve(reply.resume().statusCode))
        .on("error", reject)
        .end();
    });
    t.equal(status, 421, path);
  }
});

t.test("who is added has a role of a hub, and groups as the role asks", async (t) => {
  const it = await led();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  const add = (name: string, role: string, groups: readonly string[] = []) =>
    addPerson(hub, { name, role, groups });
  await t.rejects(add("Ada", "clinician"), {
    code: "role-wrong",
    message: /one of cluster-lead, provider, analyst/,
  });
  await t.rejects(add("Ada", "toString"), { code: "role-wrong" });
  await t.rejects(add("Ada", "cluster-lead"), { code: "role-wrong", message: /say --group/ });
  await t.rejects(add("Ada", "analyst", [GROUP]), { code: "role-wrong", message: /leave --group out/ });
  await t.rejects(add("Ada", "cluster-lead", ["south"]), { code: "group-unknown" });
  await t.rejects(add(" Ada", "analyst"), { code: "name-wrong" });
  t.same(await listPeople(hub), [], "and nothing stays of it");
  await add("Ada", "governance-officer");
  await t.rejects(add("ADA", "analyst"), { code: "name-taken" });
});
