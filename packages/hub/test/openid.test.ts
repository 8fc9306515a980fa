/** Signing in with an OpenID Connect provider: a real one, in this process. */
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import Provider from "oidc-provider";
import t from "tap";
import { addPerson, disablePerson, linkPerson, setProvider } from "@cairn/hub";
import { decodeHub } from "@cairn/ledger";
import { GROUP, story, type Story } from "./story.js";
import { Visit } from "./visit.js";

const CLIENT = "cairn-hub-test";

interface RunningProvider {
  readonly issuer: string;
  close(): void;
}

/** A provider that knows one client by its public key, and lets anybody in under the name that they type. */
async function provider(back: string, key: KeyObject): Promise<RunningProvider> {
  let answer: ReturnType<Provider["callback"]> | null = null;
  const server: Server = createServer((request, reply) => void answer?.(request, reply));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { privateKey: signer } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const oidc = new Provider(issuer, {
    clients: [
      {
        client_id: CLIENT,
        token_endpoint_auth_method: "private_key_jwt",
        jwks: { keys: [{ ...key.export({ format: "jwk" }), kid: "k1", use: "sig", alg: "RS256" }] as never },
        redirect_uris: [back],
        response_types: ["code"],
        grant_types: ["authorization_code"],
      },
    ],
    jwks: { keys: [{ ...signer.export({ format: "jwk" }), kid: "s1", use: "sig", alg: "RS256" }] as never },
    cookies: { keys: ["only in this test"] },
    pkce: { required: () => true },
    claims: { openid: ["sub"], profile: ["name"] },
    findAccount: (_context, sub) => ({
      accountId: sub,
      claims: async () => ({ sub, name: `${sub} <b>there</b>` }),
    }),
  });
  answer = oidc.callback();
  return {
    issuer,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** Goes through the provider's own pages as somebody. @returns the address at the hub to which it leads back */
async function throughProvider(start: string, login: string): Promise<string> {
  const jar = new Map<string, string>();
  let at = start;
  let init: RequestInit = {};
  for (let step = 0; step < 12; step++) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const reply = await fetch(at, { ...init, headers: { cookie }, redirect: "manual" });
    for (const set of reply.headers.getSetCookie()) {
      const [pair] = set.split(";") as [string];
      const cut = pair.indexOf("=");
      jar.set(pair.slice(0, cut), pair.slice(cut + 1));
    }
    const location = reply.headers.get("location");
    init = {};
    if (location) {
      at = new URL(location, at).href;
      if (new URL(at).pathname === "/sign-in/elsewhere/back") return at;
      continue;
    }
    const html = await reply.text();
    const action = /action="([^"]+)"/.exec(html)?.[1];
    const prompt = /name="prompt" value="([^"]+)"/.exec(html)?.[1];
    if (!action || !prompt) throw new Error(`the provider shows ${reply.status}: ${html.slice(0, 300)}`);
    at = new URL(action, at).href;
    init = { method: "POST", body: new URLSearchParams({ prompt, login, password: "x" }) };
  }
  throw new Error("the provider leads nowhere");
}

interface Met extends Story {
  readonly oidc: RunningProvider;
  /** Goes to the provider and back. */
  come(visit: Visit, start: string, login: string): ReturnType<Visit["ask"]>;
}

async function met(): Promise<Met> {
  const it = await story();
  await it.member("A");
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const oidc = await provider(`${it.serving.pages}/sign-in/elsewhere/back`, publicKey);
  await setProvider(it.serving.hub, {
    ...{ issuer: oidc.issuer, name: "Care Login", clientId: CLIENT, keyId: "k1", algorithm: null },
    clientKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    pages: it.serving.pages,
  });
  it.clock.now = Date.now();
  return Object.assign(it, {
    oidc,
    async come(visit: Visit, start: string, login: string) {
      const { location } = await visit.ask(start);
      const back = new URL(await throughProvider(location as string, login));
      return visit.ask(back.pathname + back.search);
    },
    async end() {
      oidc.close();
      await it.serving.stop();
    },
  });
}

const CONFIRM = "/sign-in/elsewhere/confirm";

/** Adds a person with a link. @returns the address from which the link leads to the provider */
async function linked(it: Met, name: string): Promise<string> {
  await addPerson(it.serving.hub, { name, role: "cluster-lead", groups: [GROUP] });
  const { path } = await linkPerson(it.serving.hub, name);
  const { html } = await new Visit(it.serving.pages).ask(path);
  return /href="(\/sign-in\/elsewhere\?link=[^"]+)"/.exec(html)?.[1] as string;
}

/** A person who has come once, as `login` there, and has said that it is theirs. */
async function bound(it: Met, name: string, login: string): Promise<Visit> {
  const visit = new Visit(it.serving.pages);
  const came = await it.come(visit, await linked(it, name), login);
  if (came.location !== CONFIRM) throw new Error(came.html);
  const done = await visit.send(CONFIRM, { _csrf: await visit.token(CONFIRM) });
  if (done.status !== 303) throw new Error(done.html);
  return visit;
}

function boundTo(it: Met, name: string): unknown {
  return it.serving.hub.store.file.prepare("SELECT subject FROM person WHERE name = ?").pluck().get(name);
}

function refusals(it: Story): unknown[] {
  return [...it.serving.hub.store.log.entries()]
    .map(decodeHub)
    .flatMap((entry) => (entry.kind === "sign-in-refused" ? [entry.body.reason] : []));
}

t.test(
  "a person binds an account elsewhere by the one-time link, and comes in with it from then on",
  async (t) => {
    const it = await met();
    t.teardown(() => it.end());
    const first = await bound(it, "Ada", "ada@elsewhere");
    t.match((await first.ask("/account")).html, "You are Ada");
    const visit = new Visit(it.serving.pages);
    t.match((await visit.ask("/sign-in?to=%2Faccount")).html, "Sign in with Care Login");
    const came = await it.come(visit, "/sign-in/elsewhere?to=%2Faccount", "ada@elsewhere");
    t.same([came.status, came.location], [303, "/account"]);
    t.match((await visit.ask("/account")).html, "You are Ada");
    const kinds = [...it.serving.hub.store.log.entries()]
      .map(decodeHub)
      .flatMap((entry) =>
        entry.kind === "signed-in" || entry.kind === "account-set" ? [[entry.kind, entry.body.how]] : [],
      );
    t.same(kinds, [
      ["account-set", "openid-connect"],
      ["signed-in", "openid-connect"],
      ["signed-in", "openid-connect"],
    ]);
  },
);

t.test("a link that somebody else opens binds nothing until they say that they are its person", async (t) => {
  const it = await met();
  t.teardown(() => it.end());
  const start = await linked(it, "Eve");
  const colleague = new Visit(it.serving.pages);
  const came = await it.come(colleague, start, "ada");
  t.same([came.status, came.location], [303, CONFIRM]);
  t.equal(boundTo(it, "Eve"), null, "opening it and being signed in there binds nothing");
  t.equal((await colleague.ask("/account")).status, 303, "nor is anybody signed in");
  const { html } = await colleague.ask(CONFIRM);
  const text = html.replaceAll(/<[^>]*>/g, "").replaceAll(/\s+/g, " ");
  t.match(
    text,
    "Sign in with Care Login’s account ada &lt;b&gt;there&lt;/b&gt; for Cairn’s account Eve, cluster lead. If you are not Eve, stop here.",
  );
  t.notMatch(html, "<b>there");
  for (const forged of [{}, { _csrf: "x" }, { _csrf: await new Visit(it.serving.pages).token("/sign-in") }])
    t.equal((await colleague.send(CONFIRM, forged as Record<string, string>)).status, 403);
  const other = new Visit(it.serving.pages);
  t.equal((await other.send(CONFIRM, { _csrf: await other.token("/sign-in") })).status, 403);
  t.equal((await other.ask(CONFIRM)).status, 403, "another browser has nothing to confirm");
  t.equal(boundTo(it, "Eve"), null);
  const _csrf = await colleague.token(CONFIRM);
  t.equal((await colleague.send(CONFIRM, { _csrf })).status, 303);
  t.equal(boundTo(it, "Eve"), "ada");
  t.equal((await colleague.send(CONFIRM, { _csrf })).status, 403, "and it is good once");
});

t.test("what was proven waits ten minutes for its person, and ends with the link", async (t) => {
  const it = await met();
  t.teardown(() => it.end());
  const start = await linked(it, "Ada");
  const late = new Visit(it.serving.pages);
  await it.come(late, start, "ada");
  const token = await late.token(CONFIRM);
  it.clock.now += 10 * 60_000 + 1;
  t.equal((await late.ask(CONFIRM)).status, 403);
  t.equal((await late.send(CONFIRM, { _csrf: token })).status, 403);
  it.clock.now -= 10 * 60_000;
  const visit = new Visit(it.serving.pages);
  await it.come(visit, start, "ada");
  const _csrf = await visit.token(CONFIRM);
  await linkPerson(it.serving.hub, "Ada");
  t.equal((await visit.ask(CONFIRM)).status, 403, "a newer link ended it");
  t.equal((await visit.send(CONFIRM, { _csrf })).status, 403);
  t.equal(boundTo(it, "Ada"), null);
});

t.test(
  "what a disabled person signed in with can be another's, in the log, and nobody else's can",
  async (t) => {
    const it = await met();
    t.teardown(() => it.end());
    await bound(it, "Ada", "ada");
    await t.rejects(bound(it, "Bob", "ada"), /one-time link/, "Ada is here");
    await disablePerson(it.serving.hub, "Ada");
    await bound(it, "Ada Byron", "ada");
    t.same([boundTo(it, "Ada"), boundTo(it, "Ada Byron"), boundTo(it, "Bob")], [null, "ada", null]);
    const passed = [...it.serving.hub.store.log.entries()]
      .map(decodeHub)
      .flatMap((entry) => (entry.kind === "account-passed-on" ? [[entry.body.from, entry.body.to]] : []));
    t.same(passed, [["Ada", "Ada Byron"]]);
    const visit = new Visit(it.serving.pages);
    await it.come(visit, "/sign-in/elsewhere?to=%2Faccount", "ada");
    t.match((await visit.ask("/account")).html, "You are Ada Byron");
  },
);

t.test("signing in again asks the provider anew", async (t) => {
  const it = await met();
  t.teardown(() => it.end());
  await bound(it, "Ada", "ada");
  const { location } = await new Visit(it.serving.pages).ask("/sign-in/elsewhere?again=yes");
  const asked = new URL(location as string).searchParams;
  t.same([asked.get("prompt"), asked.get("max_age")], ["login", "60"]);
  t.same([asked.get("code_challenge_method"), asked.get("scope")], ["S256", "openid"]);
  const came = await it.come(new Visit(it.serving.pages), "/sign-in/elsewhere?again=yes", "ada");
  t.equal(came.status, 303);
});

t.test("coming back without signing in anew there is not recent, however new the session is", async (t) => {
  const it = await met();
  t.teardown(() => it.end());
  const visit = await bound(it, "Ada", "ada");
  const facts = (): { signedInAt?: number; provenAt?: number | null } => {
    const row = it.serving.hub.store.file
      .prepare<[], { data: string }>("SELECT data FROM session WHERE person IS NOT NULL")
      .get();
    return JSON.parse(row?.data ?? "{}");
  };
  await it.come(visit, "/sign-in/elsewhere?to=%2Faccount", "ada");
  t.equal(facts().provenAt, null, "somebody else may sit where Ada is signed in there");
  await it.come(visit, "/sign-in/elsewhere?to=%2Faccount&again=yes", "ada");
  t.equal(facts().provenAt, facts().signedInAt);
});

t.test("whom nobody has bound is let in by no name and no e-mail address", async (t) => {
  const it = await met();
  t.teardown(() => it.end());
  await bound(it, "Ada", "ada");
  await addPerson(it.serving.hub, { name: "eve@practice.example", role: "analyst", groups: [] });
  const visit = new Visit(it.serving.pages);
  const came = await it.come(visit, "/sign-in/elsewhere", "eve@practice.example");
  t.equal(came.status, 403);
  t.match(came.html, "Open the one-time link");
  t.equal((await visit.ask("/account")).status, 303);
  t.same(refusals(it), ["elsewhere-unknown"]);
});

t.test("an account elsewhere is one person's, and a disabled one is let in no more", async (t) => {
  const it = await met();
  t.teardown(() => it.end());
  await bound(it, "Ada", "ada");
  await t.rejects(bound(it, "Bob", "ada"), /one-time link/, "another's link does not take it over");
  await disablePerson(it.serving.hub, "Ada");
  t.equal((await it.come(new Visit(it.serving.pages), "/sign-in/elsewhere", "ada")).status, 403);
});

t.test("what was begun in another browser, twice, or for another issuer or nonce is refused", async (t) => {
  const it = await met();
  t.teardown(() => it.end());
  await bound(it, "Ada", "ada");
  const { pages, hub } = it.serving;
  const start = async (visit: Visit): Promise<URL> => {
    const { location } = await visit.ask("/sign-in/elsewhere");
    return new URL(await throughProvider(location as string, "ada"));
  };
  const status = async (visit: Visit, { pathname, search }: URL): Promise<number> =>
    (await visit.ask(pathname + search)).status;

  const visit = new Visit(pages);
  const back = await start(visit);
  t.equal(await status(new Visit(pages), back), 403, "another browser has no session of it");
  const victim = new Visit(pages);
  await victim.ask("/sign-in/elsewhere");
  t.equal(await status(victim, back), 403, "nor the state of this one");
  const elsewhere = new URL(back);
  elsewhere.searchParams.set("iss", "http://127.0.0.1:1");
  t.equal(await status(visit, elsewhere), 403, "another issuer");
  t.equal(await status(visit, back), 403, "a state is good for one try");

  const again = new Visit(pages);
  const second = await start(again);
  t.equal(await status(again, second), 303);
  t.equal(await status(again, second), 403, "a code is good once");

  const nonce = new Visit(pages);
  const third = await start(nonce);
  hub.store.file
    .prepare(
      "UPDATE session SET data = json_set(data, '$.elsewhere.nonce', 'another') WHERE data LIKE '%nonce%'",
    )
    .run();
  t.equal(await status(nonce, third), 403, "a token for another nonce");
  t.ok(refusals(it).every((reason) => reason === "elsewhere-not-proven"));

  const failed = new Visit(pages);
  await failed.ask("/sign-in/elsewhere");
  t.equal((await failed.ask("/sign-in/elsewhere/back?error=access_denied&state=x")).status, 403);
});

t.test("a provider that is not there is said to be so, and none is no page", async (t) => {
  const it = await met();
  t.teardown(() => it.end());
  it.oidc.close();
  const gone = await new Visit(it.serving.pages).ask("/sign-in/elsewhere");
  t.equal(gone.status, 503);
  t.match(gone.html, "cannot be reached now");
  it.serving.hub.store.file.exec("DELETE FROM openid_provider");
  for (const path of ["/sign-in/elsewhere", "/sign-in/elsewhere/back?code=x"])
    t.not((await new Visit(it.serving.pages).ask(path)).status, 200, path);
  t.notMatch((await new Visit(it.serving.pages).ask("/sign-in")).html, "Care Login");
});

t.test("a provider is set with an address over TLS and a key that signs", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const good = {
    ...{
      issuer: "https://login.example",
      name: "Care Login",
      clientId: CLIENT,
      keyId: null,
      algorithm: null,
    },
    clientKey: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    pages: "https://hub.example",
  };
  const set = (more: object): Promise<string> => setProvider(it.serving.hub, { ...good, ...more });
  t.equal(await set({}), "https://hub.example/sign-in/elsewhere/back");
  for (const wrong of [
    { issuer: "http://login.example" },
    { issuer: "login.example" },
    { pages: "http://hub.example" },
    { clientKey: "x" },
    { algorithm: "RS256" },
    { algorithm: "none" },
  ])
    await t.rejects(set(wrong), { code: "provider-wrong" }, JSON.stringify(wrong));
});
