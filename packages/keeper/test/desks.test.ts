/** H14: the practice's pages at its other desks: TLS that ends in the keeper, and nobody without one-time codes. */
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect as connectPlain } from "node:net";
import { networkInterfaces, tmpdir } from "node:os";
import { join } from "node:path";
import { connect } from "node:tls";
import { isPrivate } from "@cairn/pages/own-names";
import { codeAt, digestOf } from "@cairn/sign-in";
import t, { type Test } from "tap";
import { deskLines, deskStatus, desksHold } from "../src/desks.js";
import { readCertificate } from "../src/pages/certificate.js";
import { addPerson, linkPerson } from "../src/people/people.js";
import { KeeperSignInStore } from "../src/people/sign-in-store.js";
import { person } from "../src/store/person.js";
import { logOrigin, type KeeperStore } from "../src/store/store.js";
import { certified } from "../../courier/test/fixtures/certificates.js";
import { fromDesk, socketAt, type DeskRequest } from "./fixtures/desks.js";
import { ownPages } from "./fixtures/own-pages.js";
import { practice } from "./fixtures/practice.js";

t.setTimeout(300_000);
const NOW = Date.parse("2025-05-20T09:00:00Z");
const IT = person("practice IT");
const LIST = "/questions/asthma-review/people";
const dir = mkdtempSync(join(tmpdir(), "cairn-desks-"));
t.teardown(() => rmSync(dir, { recursive: true, force: true }));

/** A practice whose pages are open to other desks at 127.0.0.2, and to its own machine. */
async function opened(t: Test) {
  const files = await certified(dir, "practice", {
    names: [
      { type: "ip", value: "127.0.0.2" },
      { type: "dns", value: "Cairn.Practice.example" },
    ],
    until: "2025-12-31",
  });
  const desk = socketAt("127.0.0.2");
  const here = socketAt("127.0.0.1");
  const started = await ownPages(t, "visitor", {
    start: { desks: { ...files, fd: desk.fd }, pageFd: here.fd },
  });
  const { store } = started.keeper;
  const ask = (path: string, more: Partial<DeskRequest> = {}) => fromDesk({ port: desk.port, path, ...more });
  const atMachine = (path: string, cookie = "", form?: URLSearchParams) =>
    fetch(`http://127.0.0.1:${here.port}${path}`, {
      ...{ headers: { cookie }, redirect: "manual" },
      ...(form ? { method: "POST", body: form } : {}),
    });
  return { ...started, files, store, ask, atMachine, port: desk.port };
}

/** The cookie of a person's session, for a place. */
async function cookieOf(store: KeeperStore, account: number, prefix: "" | "__Host-"): Promise<string> {
  const data = JSON.stringify({ account, signedInAt: store.now(), provenAt: store.now() });
  const cookie = `${prefix}cairn-practice-${logOrigin(store.key).slice(-8)}=session-${account}`;
  await new KeeperSignInStore(store).keepSession(digestOf(cookie), data, account);
  return cookie;
}

t.test("TLS ends in the keeper, of version 1.2 or newer, and only under its own names", async (t) => {
  const { files, ask, port } = await opened(t);
  const page = await ask("/");
  t.equal(page.certificate, new X509Certificate(readFileSync(files.certificate)).fingerprint256);
  t.equal(page.protocol, "TLSv1.3");
  t.equal(page.headers["strict-transport-security"], undefined, "other services of the machine's name stay");
  const old = await new Promise<string>((resolve) => {
    const options = { host: "127.0.0.2", port, rejectUnauthorized: false, minVersion: "TLSv1" } as const;
    const socket = connect({ ...options, maxVersion: "TLSv1.1", ciphers: "DEFAULT:@SECLEVEL=0" });
    socket.once("secureConnect", () => resolve("connected"));
    socket.once("error", (error) => resolve((error as NodeJS.ErrnoException).code ?? ""));
  });
  t.match(old, /PROTOCOL_VERSION/);
  for (const [host, status] of [
    [`127.0.0.2:${port}`, 303],
    [`cairn.practice.example:${port}`, 303],
    ["127.0.0.2", 421],
    [`rebound.example:${port}`, 421],
    [`localhost:${port}`, 421],
    [`127.0.0.1:${port}`, 421],
  ] as const)
    t.equal((await ask("/", { headers: { host } })).status, status, host);
});

t.test("from another desk nobody is a visitor, and nobody without one-time codes sees a list", async (t) => {
  const { store, ask, atMachine, looks } = await opened(t);
  t.equal((await atMachine("/")).status, 200, "on the machine, while nobody has an account");
  t.equal((await ask("/")).headers["location"], "/sign-in?to=%2F");
  addPerson(store, "Ada", "clinician", IT);
  const here = await atMachine(LIST, await cookieOf(store, 1, ""));
  t.equal(here.status, 200, "a session without codes, as a demo's link gives it, is good on the machine");
  const cookie = await cookieOf(store, 1, "__Host-");
  const refused = await ask(LIST, { headers: { cookie } });
  t.equal(refused.headers["location"], `/sign-in?to=${encodeURIComponent(LIST)}`);
  const form = await ask("/sign-in", { headers: { cookie } });
  t.match(form.body, /no way to sign in any more\? Ask .* for a one-time link/);
  t.equal(looks().length, 1);
  store.unheard(({ db }) => db.prepare("UPDATE person SET password = 'x', code_key = 'y'").run());
  const list = await ask(LIST, { headers: { cookie } });
  t.match(list, { status: 200, body: "patient-5" });
  t.match(looks().at(-1), { by: "Ada" }, "a look from there is in the log as any other");
  t.equal((await ask(LIST, { headers: { cookie: cookie.slice("__Host-".length) } })).status, 303);
});

t.test(
  "a session that was begun on the machine is none at a desk, whatever cookie it is sent in",
  async (t) => {
    const { store, ask, atMachine } = await opened(t);
    addPerson(store, "Ada", "clinician", IT);
    store.unheard(({ db }) => db.prepare("UPDATE setting SET value = 'yes' WHERE name = 'invented'").run());
    const { path } = linkPerson(store, "Ada", IT, true);
    const shown = await atMachine(path);
    const _csrf = /name="_csrf" value="([^"]+)"/.exec(await shown.text())?.[1] ?? "";
    const before = shown.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    const come = await atMachine(path, before, new URLSearchParams({ _csrf }));
    const cookie = come.headers.getSetCookie()[0]?.split(";")[0] ?? "";
    store.unheard(({ db }) => db.prepare("UPDATE person SET password = 'x', code_key = 'y'").run());
    for (const to of ["/", LIST]) {
      t.equal((await atMachine(to, cookie)).status, 200, `${to} on the machine`);
      t.equal((await ask(to, { headers: { cookie: `__Host-${cookie}` } })).status, 303, `${to} at a desk`);
    }
  },
);

t.test(
  "a one-time link sets password and codes there; one that signs in by itself is none there",
  async (t) => {
    const { store, ask, atMachine } = await opened(t);
    addPerson(store, "Ada", "clinician", IT);
    store.unheard(({ db }) => db.prepare("UPDATE setting SET value = 'yes' WHERE name = 'invented'").run());
    const around = linkPerson(store, "Ada", IT, true).path;
    t.equal((await ask(around)).status, 404);
    t.match(await (await atMachine(around)).text(), /Look around as Ada/);
    const { path } = linkPerson(store, "Ada", IT);
    const shown = await ask(path);
    const [set = ""] = [shown.headers["set-cookie"]].flat();
    t.match(set, /^__Host-cairn-practice-[0-9a-f]{8}=\S+; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
    const key = (/<code class="cairn-key">([^<]+)</.exec(shown.body)?.[1] ?? "").replaceAll(" ", "");
    const _csrf = /name="_csrf" value="([^"]+)"/.exec(shown.body)?.[1] ?? "";
    const password = "four words make one";
    const fields = { _csrf, password, repeated: password, code: codeAt(key, NOW) };
    const come = await ask(path, { fields, headers: { cookie: set.split(";")[0] ?? "" } });
    t.match(come, { status: 303, headers: { location: "/" } });
    const [own = ""] = [come.headers["set-cookie"]].flat();
    const cookie = own.split(";")[0] ?? "";
    t.match(await ask("/account", { headers: { cookie } }), { body: "You are Ada" });
    const onMachine = await atMachine("/account", cookie.slice("__Host-".length));
    t.equal(onMachine.status, 303, "and its session is none on the machine");
  },
);

t.test("tries to sign in are counted by the desk that they come from, whatever a header says", async (t) => {
  const { ask } = await opened(t);
  const form = await ask("/sign-in");
  const cookie = [form.headers["set-cookie"]].flat()[0]?.split(";")[0] ?? "";
  const _csrf = /name="_csrf" value="([^"]+)"/.exec(form.body)?.[1] ?? "";
  const attempt = async (from: string, i: number): Promise<number> => {
    const headers = { cookie, "x-forwarded-for": `10.0.0.${i}` };
    const fields = { _csrf, name: `nobody ${i}`, password: "not the password", code: "123456" };
    return (await ask("/sign-in", { from, headers, fields })).status;
  };
  for (let i = 0; i < 30; i++) t.equal(await attempt("127.0.0.3", i), 422);
  t.equal(await attempt("127.0.0.3", 30), 429);
  t.equal(await attempt("127.0.0.4", 31), 422, "another desk may");
});

const outside = Object.values(networkInterfaces())
  .flatMap((each) => each ?? [])
  .find(({ family, address }) => family === "IPv4" && !isPrivate(address));
t.test(
  "a desk from outside of private networks, as by a port that a router passes on, gets no TLS",
  { skip: outside ? false : "every address of this machine is private" },
  async (t) => {
    const { ask } = await opened(t);
    await t.rejects(ask("/", { from: outside?.address ?? "" }), { code: "ECONNRESET" });
    t.equal((await ask("/")).status, 303);
  },
);

t.test("a keeper stops at once though a desk has begun to connect and goes no further", async (t) => {
  const { stop, port } = await opened(t);
  const open = connectPlain({ host: "127.0.0.2", port });
  const closed = new Promise((resolve) => open.once("close", resolve));
  open.on("error", () => undefined);
  await new Promise((resolve) => open.once("connect", resolve));
  await new Promise((resolve) => setTimeout(resolve, 100));
  await stop();
  await closed;
});

t.test("a socket on an address that is not private is refused", async (t) => {
  const files = await certified(dir, "wide");
  const wide = socketAt("0.0.0.0");
  await t.rejects(practice(t).start({ desks: { ...files, fd: wide.fd } }), {
    code: "socket-unusable",
    message: /listens on 0\.0\.0\.0: hand in one on a private address/,
  });
});

t.test("with a certificate that ended the practice goes on answering, without these pages", async (t) => {
  const files = await certified(dir, "ended", { until: "2025-05-01" });
  const desk = socketAt("127.0.0.2");
  const { api, keeper, desks, stop } = await practice(t).start({
    now: () => NOW,
    desks: { ...files, fd: desk.fd },
  });
  t.match(
    desks?.problem,
    /ended\.pem ended at May +1 .*2025 GMT: have it renewed, then start the agent again/,
  );
  t.ok((await api.describe({})).network);
  const status = deskStatus(keeper.store);
  t.match(status && deskLines(status, NOW), [/^Pages are not open to other desks: the certificate/]);
  await t.rejects(fromDesk({ port: desk.port }), { code: "ECONNREFUSED" });
  await stop();
});

t.test("what is wrong with certificate and key is said in one line", async (t) => {
  const own = await certified(dir, "own");
  const other = await certified(dir, "other");
  const early = await certified(dir, "early", { from: "2025-06-01" });
  const nobody = await certified(dir, "nobody", { names: [{ type: "dns", value: "*.practice.example" }] });
  const text = join(dir, "text.pem");
  writeFileSync(text, "no PEM");
  const problem = (certificate: string, key: string): string => {
    try {
      readCertificate({ certificate, key }, NOW);
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };
  const chain = (name: string, second: string): string => {
    const path = join(dir, name);
    writeFileSync(path, `${readFileSync(own.certificate, "utf8")}\n${second}\n`);
    return path;
  };
  const damaged = "-----BEGIN CERTIFICATE-----\nMIIB!!damaged\n-----END CERTIFICATE-----";
  t.equal(problem(own.certificate, own.key), "");
  t.equal(problem(chain("whole.pem", readFileSync(other.certificate, "utf8")), own.key), "");
  t.match(
    problem(chain("damaged.pem", damaged), own.key),
    /damaged\.pem cannot be used for TLS \(.+\): look at the certificates after the first/,
  );
  t.match(problem(own.certificate, `${dir}/none.pem`), /the key .*none\.pem, is not there/);
  t.match(problem(dir, own.key), /the certificate .*cannot be read \(EISDIR\)/);
  t.match(problem(own.certificate, other.key), /other-key\.pem is not the key of .*own\.pem/);
  t.match(problem(text, own.key), /holds no certificate/);
  t.match(problem(own.certificate, text), /holds no private key/);
  t.match(problem(early.certificate, early.key), /begins at Jun .*look at this machine's clock/);
  t.match(problem(nobody.certificate, nobody.key), /made out to no machine/);
});

t.test(
  "how the pages stand is said with address, end of the certificate and who is not let in",
  async (t) => {
    const { store, port } = await opened(t);
    const lines = (now = NOW): string[] => {
      const status = deskStatus(store);
      return status ? deskLines(status, now) : [];
    };
    t.same(lines(), [
      `Pages are open to other desks at https://127.0.0.2:${port}; their certificate ends on 31 December 2025`,
      "Nobody can sign in from other desks: cairn agent person add NAME --role ROLE adds the first",
    ]);
    addPerson(store, "Ada", "clinician", IT);
    t.equal(
      lines()[1],
      `Without one-time codes yet, and so not let in from there: Ada (cairn agent person link "Ada")`,
    );
    const late = Date.parse("2025-12-02");
    t.match(
      lines(late)[0],
      /ends on 31 December 2025: have .*practice\.pem renewed, then start the agent again$/,
    );
    t.match(lines(Date.parse("2026-01-01"))[0], /their certificate ended on 31 December 2025: have/);
    const status = deskStatus(store)!;
    t.same([desksHold(status, NOW), desksHold(status, late)], [true, false]);
  },
);
