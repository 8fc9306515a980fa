/**
 * A hub's issuer and root are replaced while it runs, with agents away: all get in, by what each courier believes itself. TLS
 * goes by this machine's clock, so the hub begins in the past and ends today.
 */
import "reflect-metadata";
import { createPrivateKey, generateKeyPairSync, webcrypto, X509Certificate } from "node:crypto";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import * as x509 from "@peculiar/x509";
import t, { type Test } from "tap";
import {
  addRoot,
  admit,
  authorityStatus,
  backupHub,
  dropRoot,
  invite,
  openHub,
  replaceIssuer,
  restoreHub,
  withHub,
  type Hub,
} from "@cairn/hub";
import { rawPublicKey, type HubApi, type RenewReply__Output } from "@cairn/wire";
import { Backoff } from "../../packages/courier/src/backoff.js";
import { enrol } from "../../packages/courier/src/enrolment/enrol.js";
import { keepRenewed, renew, type RenewalContext } from "../../packages/courier/src/enrolment/renew.js";
import { files } from "../../packages/courier/src/identity/folder.js";
import {
  keepCertificate,
  readIdentity,
  type Identity,
} from "../../packages/courier/src/identity/identity.js";
import { certificatesIn, ownKey, spkiOf } from "../../packages/courier/src/identity/keys.js";
import { believedRoots } from "../../packages/courier/src/identity/roots.js";
import { HubLink } from "../../packages/courier/src/link/hub-link.js";
import { lookAtHub } from "../../packages/courier/src/link/look.js";
import { openRoute } from "../../packages/courier/src/link/route.js";
import { isLockout } from "../../packages/courier/src/work/courier.js";
import {
  makeClientCertificate,
  makeIssuer,
  makeRoot,
  stateOfRoot,
  type CertifiedKey,
} from "../../packages/hub/src/keys/certificates.js";
import { GROUP, story, type Story } from "../../packages/hub/test/story.js";

x509.cryptoProvider.set(webcrypto as never);
const DAY = 86_400_000;
const BY = "Dr Ng";

/** A courier's folder with what the courier does in it; no keeper behind it. */
class Courier {
  readonly folder = mkdtempSync(join(tmpdir(), "cairn-ca-"));
  readonly #keeper = generateKeyPairSync("ed25519");

  readonly it: Story;
  readonly name: string;

  constructor(t: Pick<Test, "teardown">, it: Story, name: string) {
    [this.it, this.name] = [it, name];
    t.teardown(() => rmSync(this.folder, { recursive: true }));
  }

  async enrol(joinCode: string): Promise<void> {
    const { hub, grpc } = this.it.serving;
    const keeperKey = rawPublicKey(this.#keeper.publicKey);
    const about = { joinCode, hub: grpc, proxy: null, keeperKey, agentVersion: "0.1.0", now: this.#now };
    const { fingerprint } = await enrol(this.folder, about);
    await admit(hub, this.name, fingerprint, BY);
    await enrol(this.folder, about);
  }

  /** Renews as the courier does when its moment has come. */
  async renew(): Promise<void> {
    await this.linked(async (_link, context) => void (await renew(this.identity, context)));
  }

  async poll(): Promise<void> {
    await this.linked((link) => this.pollBy(link));
  }

  async pollBy(link: HubLink): Promise<void> {
    const { generation, instance } = this.identity.settings;
    await link.call((api) => api.poll({ holdSeconds: 0, libraryVersion: "1", generation, instance }));
  }

  async linked(work: (link: HubLink, context: RenewalContext) => Promise<void>): Promise<void> {
    const route = await openRoute(this.it.serving.grpc, null, this.folder);
    const link = new HubLink({ route, identity: this.identity });
    const context = { folder: this.folder, route, link, now: this.#now, random: () => 0.5 };
    const idle = { backoff: new Backoff(), say: () => undefined, signal: new AbortController().signal };
    try {
      await work(link, { ...context, ...idle });
    } finally {
      link.close();
      route.close();
    }
  }

  get identity(): Identity {
    const identity = readIdentity(this.folder);
    if (!identity) throw new Error(`${this.name} has no certificate`);
    return identity;
  }

  /** Names of the roots that it trusts. */
  get roots(): string[] {
    return certificatesIn(this.identity.caBundle).map((pem) => new X509Certificate(pem).subject);
  }

  readonly #now = (): number => this.it.clock.now;
}

/** Does what a command does: opens the folder beside the hub that runs, which sees it at its next round. */
async function command<T>(it: Story, work: (hub: Hub) => Promise<T>): Promise<T> {
  const done = await withHub(it.folder, work, { now: () => it.clock.now });
  const said = readFileSync(join(it.folder, "keys/authority.json"), "utf8");
  const { authority } = it.serving.hub;
  const end = Date.now() + 10_000;
  while (JSON.stringify(authority.file) !== JSON.stringify(JSON.parse(said)) && Date.now() < end)
    await pause(50);
  await pause(700); // the round in which it saw that shows it
  return done;
}

const ROOT = "CN=cairn-hub/localhost root";

t.test("issuer and root are replaced with half of the agents away, and all get in", async (t) => {
  const it = await story({}, undefined, undefined, Date.now() - 100 * DAY);
  t.teardown(() => it.end());
  const rootKey = (): string => readFileSync(join(it.folder, "keys/root.key"), "utf8");
  const next = join(it.folder, "../next-root.key");
  const here = new Courier(t, it, "Rowan");
  const away = new Courier(t, it, "Hazel");
  const printed = new Courier(t, it, "Birch");
  for (const courier of [here, away])
    await courier.enrol(await invite(it.serving.hub, courier.name, [GROUP]));
  const code = await invite(it.serving.hub, printed.name, [GROUP]);

  await t.rejects(
    command(it, (hub) => addRoot(hub, { rootKeys: [], out: next, by: BY })),
    { code: "root-key-wrong", message: /the key of cairn-hub\/localhost root is needed/ },
  );
  await command(it, (hub) => addRoot(hub, { rootKeys: [rootKey()], out: next, by: BY }));
  const nextKey = readFileSync(next, "utf8");
  const years = async (n: number): Promise<string[]> => {
    const now = (): number => it.clock.now + n * 365 * DAY;
    const { todo } = await withHub(it.folder, authorityStatus, { now });
    return todo.map(({ what }) => what);
  };
  t.match(await years(4), [/^Hazel.*Rowan.*: not known yet/, /^Move keys\/root\.key/]);
  t.match(await years(4.6), [/^What signs the agents' certificates ends on/, /^Hazel/, /^Move/]);
  t.match((await years(19.1))[1], /^The root by which agents know this hub ends on/);
  const ended = await withHub(it.folder, async ({ authority }) => new X509Certificate(authority.root), {
    now: () => it.clock.now + 20 * 365 * DAY,
  });
  t.equal(ended.subject, `${ROOT} 2`, "a root that ends lets the next one in its place by itself");
  await t.rejects(
    command(it, (hub) => replaceIssuer(hub, { rootKeys: [rootKey()], isStolen: false, by: BY })),
    { code: "root-key-wrong", message: /root 2 is needed/ },
    "an issuer stands below both roots, or agents would be left out",
  );
  await t.rejects(
    command(it, (hub) => addRoot(hub, { rootKeys: [rootKey()], out: next, by: BY })),
    { code: "root-waits" },
  );
  await printed.enrol(code);
  t.same(
    printed.roots,
    [ROOT, `${ROOT} 2`],
    "a code from before lets in, and the next root is learnt at once",
  );

  it.clock.now += 10 * DAY;
  await here.renew();
  t.same(here.roots, [ROOT, `${ROOT} 2`]);
  t.same(away.roots, [ROOT]);
  await command(it, (hub) => replaceIssuer(hub, { rootKeys: [rootKey(), nextKey], isStolen: false, by: BY }));

  it.clock.now = Date.now();
  const who = async (): Promise<unknown> => (await authorityStatus(it.serving.hub)).leftOut;
  for (const courier of [here, printed]) {
    await courier.renew();
    await courier.poll();
  }
  t.same(await who(), ["Hazel"]);
  await t.rejects(
    command(it, (hub) => dropRoot(hub, { rootKeys: [nextKey], mayLeaveOut: false, by: BY })),
    { code: "left-out", message: /^Hazel would be left out/ },
  );
  const stayed = readFileSync(join(away.folder, "ca.pem"), "utf8");
  await away.renew();
  await away.poll();
  t.same(away.roots, [ROOT, `${ROOT} 2`], "who was away over all of it comes in by the root that it knows");
  t.same(await who(), []);

  const late = await invite(it.serving.hub, "Ash", [GROUP]);
  t.same(await who(), ["Ash"], "a join code pins the older root, too");
  t.same(await command(it, (hub) => dropRoot(hub, { rootKeys: [nextKey], mayLeaveOut: true, by: BY })), [
    "Ash",
  ]);
  for (const courier of [here, away, printed]) await courier.poll();
  t.match(await lookAtHub(here.folder), { admitted: true, refusal: null });
  await t.rejects(new Courier(t, it, "Ash").enrol(late), { code: "ca-differs", message: /ask its operator/ });
  for (const courier of [here, away, printed]) {
    await courier.renew();
    await courier.poll();
    t.same(courier.roots, [`${ROOT} 2`]);
  }
  const ash = new Courier(t, it, "Ash");
  await ash.enrol(await invite(it.serving.hub, "Ash", [GROUP]));
  await ash.poll();
  await it.restart();
  for (const courier of [here, away, printed, ash]) await courier.poll();

  const copy = join(it.folder, "../copy");
  await backupHub(it.folder, copy);
  const held = openHub(copy);
  t.same(held.authority.file, it.serving.hub.authority.file, "a backup holds the authority as it is now");
  await held.store.close();

  const leftOut = { ...away.identity, caBundle: stayed };
  const route = await openRoute(it.serving.grpc, null, away.folder);
  const link = new HubLink({ route, identity: leftOut });
  await t.rejects(away.pollBy(link), { code: "intercepted" }, "the older root lets in nobody any more");
  link.close();

  t.equal(existsSync(join(it.folder, "keys/issuer.key")), false, "no key is left of the issuer of before");
  t.equal(
    (JSON.parse(readFileSync(join(it.folder, "keys/authority.json"), "utf8")) as never)["issuers"][0]["key"],
    null,
  );
  const entries = [...it.serving.hub.store.log.entries()].filter(({ body }) => body["by"] === BY);
  t.same(
    entries.map(({ kind }) => kind).filter((kind) => kind.startsWith("hub-")),
    ["hub-root-added", "hub-issuer-replaced", "hub-root-dropped"],
  );
});

t.test("of a stolen issuer nothing counts, and its agents renew by their own keys", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const rootKeys = [readFileSync(join(it.folder, "keys/root.key"), "utf8")];
  const courier = new Courier(t, it, "Rowan");
  await courier.enrol(await invite(it.serving.hub, "Rowan", [GROUP]));
  await courier.poll();
  const stolen = it.serving.hub.authority.issuer;
  await command(it, (hub) => replaceIssuer(hub, { rootKeys, isStolen: false, by: BY }));
  await courier.poll();
  t.equal(
    it.serving.hub.authority.file.issuers.length,
    2,
    "what the one before signed counts while it lasts",
  );
  it.clock.now += 15 * DAY;
  const forged = new X509Certificate(
    await makeClientCertificate(stolen, { id: "0011223344556677", generation: 0 }, spki(), it.clock.now),
  );
  t.equal(it.serving.hub.authority.signerOf(forged), "replaced", "and no longer");
  it.clock.now -= 15 * DAY;
  t.equal(it.serving.hub.authority.signerOf(forged), "counts");

  await command(it, (hub) => replaceIssuer(hub, { rootKeys, isStolen: true, by: BY }));
  t.equal(it.serving.hub.authority.signerOf(forged), "replaced");
  await refusedThenRenewed(t, courier, "certificate-expired");
});

t.test("who has the issuer's key speaks for no agent", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const rootKeys = [readFileSync(join(it.folder, "keys/root.key"), "utf8")];
  const courier = new Courier(t, it, "Rowan");
  await courier.enrol(await invite(it.serving.hub, "Rowan", [GROUP]));
  await courier.poll();
  const { hub } = it.serving;
  const { id } = await hub.store.db.selectFrom("agent").select("id").executeTakeFirstOrThrow();
  const thief = new Courier(t, it, "thief");
  cpSync(courier.folder, thief.folder, { recursive: true });
  rmSync(files.key(thief.folder));
  const key = spkiOf(ownKey(thief.folder));
  const { issuer } = hub.authority;
  const minted = await makeClientCertificate(issuer, { id, generation: 5 }, key, it.clock.now);
  const { settings, caBundle } = courier.identity;
  keepCertificate(
    thief.folder,
    { ...settings, generation: 5 },
    { certificate: minted + "\n" + issuer.certificate, caBundle },
  );
  await t.rejects(thief.poll(), { code: "not-enrolled" }, "a generation ahead over another key");
  await t.rejects(thief.renew(), { code: "not-enrolled" });
  await courier.poll();

  const copy = join(it.folder, "../before");
  await backupHub(it.folder, copy);
  await command(it, (open) => replaceIssuer(open, { rootKeys, isStolen: true, by: BY }));
  await t.rejects(thief.poll(), { code: "certificate-expired" });
  await t.rejects(thief.renew(), { code: "not-enrolled" });
  await refusedThenRenewed(t, courier, "certificate-expired");
  await courier.poll();

  await it.serving.stop();
  rmSync(it.folder, { recursive: true });
  await restoreHub(copy, it.folder);
  await it.restart();
  t.same(
    it.serving.hub.authority.counting,
    ["cairn-hub/localhost issuer"],
    "a backup from before brings it back",
  );
  await refusedThenRenewed(t, courier, "not-enrolled");
  await courier.poll();
});

/** The hub refuses the courier's certificate, and the courier's loop renews it by its key, though it is not due. */
async function refusedThenRenewed(t: Test, courier: Courier, code: string): Promise<void> {
  await courier.linked(async (link, context) => {
    await t.rejects(courier.pollBy(link), { code });
    t.equal(link.isCertificateRefused, true);
    const done = new AbortController();
    const said: string[] = [];
    const say = (words: string): void => {
      said.push(words);
      done.abort();
    };
    await keepRenewed(courier.identity, { ...context, say, signal: done.signal }, isLockout);
    t.match(said, [/^the certificate is renewed until/]);
    await courier.pollBy(link);
  });
}

t.test("no root is forgotten at the hub's word, and one that a newer has ended is", async (t) => {
  const now = Date.now();
  const [first, next, third] = [
    await makeRoot("hub", now),
    await makeRoot("hub", now + DAY, 2),
    await makeRoot("hub", now + 2 * DAY, 3),
  ];
  const [one, two] = [first.certificate, next.certificate];
  const names = (pem: string): string[] =>
    certificatesIn(pem).map((each) => new X509Certificate(each).subject);
  const both = believedRoots(one, one + two + (await stateOfRoot(first, "next-root", two, now)));
  const [older, newer] = ["CN=hub root", "CN=hub root 2"];
  t.same(names(both), [older, newer]);
  for (const bundle of [one, two, ""]) t.same(names(believedRoots(both, bundle)), [older, newer]);
  const end = async (by: CertifiedKey, of: string): Promise<string> =>
    believedRoots(both, two + (await stateOfRoot(by, "ended-root", of, now)));
  t.same(names(await end(next, one)), [newer], "the newer ends the older");
  t.same(names(await end(first, two)), [older, newer], "the older does not end the newer");
  t.same(names(await end(next, two)), [older, newer], "none ends itself");
  t.same(names(await end(third, one)), [older, newer], "a root that is not trusted ends none");
});

t.test(
  "while two roots stand, the hub speaks of the issuer's certificate that agents are shown",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const rootKeys = [readFileSync(join(it.folder, "keys/root.key"), "utf8")];
    const later = (years: number) => ({ now: () => it.clock.now + years * 365 * DAY });
    const out = join(it.folder, "../later-root.key");
    await withHub(it.folder, (hub) => addRoot(hub, { rootKeys, out, by: BY }), later(4.4));
    const said = await withHub(
      it.folder,
      async (hub) => {
        hub.readiness.shows(readFileSync(join(it.folder, "keys/server.crt"), "utf8"));
        const { certificates, todo } = await authorityStatus(hub);
        const shown = new X509Certificate(hub.authority.issuer.certificate).validTo;
        const until = certificates.find(({ what }) => what === "issuer")?.until;
        const end = hub.readiness.certificates.find(({ name }) => name === "issuer")?.end;
        return { shown: Date.parse(shown), until: Date.parse(until ?? ""), end, todo };
      },
      later(4.98),
    );
    t.equal(said.until, said.shown);
    t.equal(said.end, said.shown);
    t.match(said.todo[0], {
      what: /^What signs the agents' certificates ends on .* Bring the keys of both roots/,
      command: ["hub", "ca", "next", "--issuer", "--root-key", "FILE", "--root-key", "NEW-FILE"],
    });
  },
);

t.test("who has the hub's online keys gives agents no other root", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const courier = new Courier(t, it, "Rowan");
  await courier.enrol(await invite(it.serving.hub, "Rowan", [GROUP]));
  const now = it.clock.now;
  const { issuer, root } = it.serving.hub.authority;
  const theirs = await makeRoot("attacker", now);
  const theirIssuer = await makeIssuer(theirs, "attacker", now);
  const ofIssuersKey = await selfSigned(issuer, now);
  const key = new X509Certificate(courier.identity.certificate).publicKey;
  const own = await makeClientCertificate(
    theirIssuer,
    { id: "00", generation: 1 },
    key.export({ type: "spki", format: "der" }),
    now,
  );
  const bundles: Record<string, readonly string[]> = {
    "a root beside the true one": [root, theirs.certificate],
    "a statement that the issuer has signed": [
      root,
      theirs.certificate,
      await stateOfRoot(issuer, "next-root", theirs.certificate, now),
    ],
    "a statement that their own root has signed": [
      root,
      theirs.certificate,
      await stateOfRoot(theirs, "next-root", theirs.certificate, now),
    ],
    "an end that the issuer has signed": [await stateOfRoot(issuer, "ended-root", root, now)],
    "a root over the issuer's key, whose certificate the true root has signed": [
      root,
      ofIssuersKey,
      issuer.certificate,
    ],
    "another root alone": [theirs.certificate],
    nothing: [],
  };
  for (const [what, bundle] of Object.entries(bundles)) {
    await renewLied(courier, (true_) => ({ ...true_, caBundle: Buffer.from(bundle.join("\n")) }));
    t.same(courier.roots, [ROOT], what);
  }
  const before = courier.identity;
  await t.rejects(
    renewLied(courier, (true_) => ({
      ...true_,
      certificate: Buffer.from(own + theirIssuer.certificate),
      caBundle: Buffer.from(theirs.certificate),
    })),
    { code: "certificate-unusable" },
  );
  t.equal(
    courier.identity.certificate,
    before.certificate,
    "and a certificate below another root is not taken over",
  );
});

/** Renews at the hub, whose answer somebody in its place changes. */
async function renewLied(
  courier: Courier,
  lie: (true_: RenewReply__Output) => RenewReply__Output,
): Promise<void> {
  await courier.linked(async (link, context) => {
    const lying = {
      isCertificateRefused: false,
      use: () => undefined,
      call: (ask: (hub: HubApi) => Promise<RenewReply__Output>) =>
        link.call(async (api) => ask({ ...api, renew: async (request) => lie(await api.renew(request)) })),
    };
    await renew(courier.identity, { ...context, link: lying as unknown as HubLink });
  });
}

/** A root of its own over the issuer's key, under the issuer's name; PEM. */
async function selfSigned(issuer: CertifiedKey, now: number): Promise<string> {
  const algorithm = { name: "ECDSA", namedCurve: "P-256" };
  const der = createPrivateKey(issuer.key).export({ type: "pkcs8", format: "der" });
  const { subject, publicKey } = new x509.X509Certificate(issuer.certificate);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...{
      serialNumber: "41",
      name: subject,
      notBefore: new Date(now - DAY),
      notAfter: new Date(now + 900 * DAY),
    },
    signingAlgorithm: { name: "ECDSA", hash: "SHA-256" },
    keys: {
      privateKey: await webcrypto.subtle.importKey("pkcs8", der, algorithm, false, ["sign"]),
      publicKey: await publicKey.export(algorithm, ["verify"]),
    } as never,
    extensions: [new x509.BasicConstraintsExtension(true, 1, true)],
  });
  return certificate.toString("pem");
}

function spki(): Buffer {
  return generateKeyPairSync("ec", { namedCurve: "prime256v1" }).publicKey.export({
    type: "spki",
    format: "der",
  });
}
