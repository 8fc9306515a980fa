import t from "tap";
import { createHash, X509Certificate } from "node:crypto";
import { once } from "node:events";
import { copyFile, readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { connect } from "node:tls";
import { makeJoinCode, parseJoinCode } from "@cairn/wire";
import { admit, HubError, invite, inviteAll, renamePractice, revoke, waitingForAdmission } from "@cairn/hub";
import { GROUP, story } from "./story.js";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

t.test("a practice enrols, is admitted by fingerprint, and only then may poll", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  const code = await invite(hub, "Rowan", [GROUP]);
  const agent = it.newAgent();
  const first = await agent.enrol(code, it.clock.now);
  t.equal(first.state, "ENROL_STATE_AWAITING_ADMISSION");
  t.equal(first.certificate.length, 0);
  await t.rejects(agent.poll(), { code: "not-enrolled" });

  const waiting = await waitingForAdmission(hub);
  t.equal(waiting[0]?.fingerprint, first.fingerprint);
  await t.rejects(admit(hub, "Rowan", "0000-0000-0000-0000-0000"), {
    code: "fingerprint-differs",
    kind: "refused",
  });
  await t.rejects(admit(hub, "Nobody", first.fingerprint), { code: "practice-unknown" });
  await admit(hub, "Rowan", first.fingerprint.toLowerCase());
  await admit(hub, "Rowan", first.fingerprint);

  const second = await agent.enrol(code);
  t.equal(second.state, "ENROL_STATE_ADMITTED");
  t.equal(second.practice, "Rowan");
  const third = await agent.enrol(code);
  t.same(third.certificate, second.certificate, "the same code and key get the same certificate");
  const days = (Date.parse(new X509Certificate(second.certificate).validTo) - it.clock.now) / DAY;
  t.equal(Math.round(days), 14);
  t.equal((await agent.poll()).libraryVersion, "1");
  t.same(await waitingForAdmission(hub), []);
});

t.test("a name that would not read the same everywhere invites nobody", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  const entries = (): number => [...hub.store.log.exportLines()].length;
  const before = entries();
  for (const name of ["", " ", " Rowan", "Rowan ", "Row\nan", "Row\u202ean", "R\u2028n", "x".repeat(101)]) {
    const refused = { code: "name-wrong", kind: "wrong-use" };
    await t.rejects(invite(hub, name, [GROUP]), refused, encodeURI(name));
    await t.rejects(invite(hub, "Rowan", [GROUP, name]), refused, encodeURI(name));
  }
  t.equal(entries(), before, "and nothing is written");
  for (const name of ["R", "Dr O'Neill & partners (Ardgour), Ysgol-y-Foel", "x".repeat(100), "山"])
    await invite(hub, name, [name]);
  t.equal(entries(), before + 4);
});

t.test(
  "one practice is one agent: a like name, and a keeper that is another here, are refused",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const { hub } = it.serving;
    const agent = await it.member("Rowan Surgery");
    for (const practice of ["rowan surgery", "The  Rowan Surgery", "Rowan-Surgery.", "R\u00f3wan Surgery"])
      await t.rejects(
        invite(hub, practice, [GROUP], undefined, true),
        { code: "name-like", kind: "refused", message: /reads like Rowan Surgery: .*two histories/ },
        practice,
      );
    const both = ["Elm", "elm "].map((practice) => ({ practice: practice.trim(), groups: [GROUP] }));
    await t.rejects(inviteAll(hub, both), { code: "name-like", problems: [{ at: 1 }] }, "in one list");
    await invite(hub, "Zzz", [GROUP]);
    await t.rejects(renamePractice(hub, "Zzz", "The Rowan Surgery"), { code: "name-like" }, "nor renamed so");
    await t.resolves(renamePractice(hub, "Rowan Surgery", "Rowan surgery"), "its own name is no other's");
    await renamePractice(hub, "Rowan surgery", "Rowan Surgery");
    const code = await invite(hub, "Rowan Surgery, Ardgour", [GROUP]);
    const second = Object.assign(it.newAgent(), { keeper: agent.keeper });
    await t.rejects(second.enrol(code), {
      code: "cloned",
      message: /admitted at this hub as another practice/,
    });
    await revoke(hub, "Rowan Surgery");
    const { fingerprint } = await second.enrol(code); // once the other is locked out
    const third = Object.assign(it.newAgent(), { keeper: agent.keeper });
    const again = await third.enrol(await invite(hub, "Rowan Surgery", [GROUP], undefined, true));
    await admit(hub, "Rowan Surgery", again.fingerprint);
    const refused = { code: "keeper-elsewhere", message: /admitted as Rowan Surgery already/ };
    await t.rejects(admit(hub, "Rowan Surgery, Ardgour", fingerprint), refused, "both waited, one is let in");
  },
);

t.test("wrong, expired and used codes, a wrong clock and a bad request are each named", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const { hub } = it.serving;
  const agent = it.newAgent();
  const code = await invite(hub, "Rowan", [GROUP]);
  const unknown = makeJoinCode({ ...parseJoinCode(code), secret: Buffer.alloc(16) });
  await t.rejects(agent.enrol(unknown), { code: "join-code-unknown" });
  await t.rejects(agent.enrol(code.slice(0, -2)), { code: "join-code-unknown" });
  await t.rejects(agent.enrol(code, it.clock.now + HOUR), {
    code: "clock-skew",
    message: /60 minutes ahead/,
  });
  await t.rejects(agent.enrol(code, it.clock.now - 10 * DAY), {
    code: "clock-skew",
    message: /10 days behind/,
  });
  await t.rejects(
    agent.api.enrol({ joinCode: code, csr: Buffer.from("x"), keeperKey: Buffer.alloc(32), instance: "i" }),
    { code: "bad-csr" },
  );

  await agent.enrol(code);
  await t.rejects(it.newAgent().enrol(code), { code: "join-code-used" });
  it.clock.now += 73 * HOUR;
  t.ok(await agent.enrol(code), "who redeemed it in time may ask again");
  const late = await invite(hub, "Birch", [GROUP]);
  it.clock.now += 73 * HOUR;
  await t.rejects(it.newAgent().enrol(late), { code: "join-code-expired" });
});

t.test("a certificate renews, also after it expired, while its key is not revoked", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const today = it.clock.now;
  it.clock.now = today - 60 * DAY;
  const agent = await it.member("Rowan");
  it.clock.now = today;
  await t.rejects(agent.poll(), { code: "not-enrolled" }, "TLS hides an expired certificate from the hub");
  await agent.renew("one");
  t.equal(agent.generation, 1);
  await t.resolves(agent.poll());
  it.clock.now = today + 15 * DAY;
  await t.rejects(agent.poll(), { code: "certificate-expired" });
  it.clock.now = today;
  await revoke(it.serving.hub, "Rowan");
  await t.rejects(agent.poll(), { code: "revoked" });
  await t.rejects(agent.renew("two"), { code: "revoked" });
});

t.test("a renewal whose reply was lost is answered the same again", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const agent = await it.member("Rowan");
  const ask = async (): Promise<{ generation: number; certificate: Buffer }> =>
    agent.api.renew({ csr: await agent.csr(), generation: 0, instance: agent.instance, idempotencyKey: "k" });
  const first = await ask();
  const again = await ask();
  t.equal(again.generation, 1);
  t.same(again.certificate, first.certificate);
  await t.resolves(agent.poll(), "the old certificate goes on until the new one has spoken");
});

t.test("of a copied agent only the copy is locked", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const agent = await it.member("Rowan");
  const copy = agent.clone();
  t.teardown(() => copy.close());
  await agent.renew();
  await agent.poll();
  await t.rejects(copy.poll(), { code: "cloned" });
  await t.rejects(copy.renew(), { code: "cloned" });
  await t.resolves(agent.poll());
  const other = agent.clone();
  t.teardown(() => other.close());
  Object.assign(other, { instance: "another installation" });
  await t.rejects(other.poll(), { code: "cloned" });
});

t.test(
  "a courier's key enrols once; told what to remove, the same keeper enrols with the same code",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const agent = await it.member("Rowan");
    await agent.poll();
    const code = await invite(it.serving.hub, "Rowan", [GROUP], undefined, true);
    await t.rejects(agent.enrol(code), {
      code: "cloned",
      message: /remove the folder courier .* this join code; leave its folder keeper/,
    });
    await t.resolves(agent.poll(), "and the agent that is enrolled goes on");
    const anew = Object.assign(it.newAgent(), { keeper: agent.keeper });
    const { fingerprint, answeredBefore } = await anew.enrol(code);
    t.equal(answeredBefore, false, "it is the keeper that answered before: it has lost nothing");
    await admit(it.serving.hub, "Rowan", fingerprint);
    await anew.enrol(code);
    await t.resolves(anew.poll());
    await t.rejects(agent.poll(), { code: "revoked" });
  },
);

t.test("a revocation reaches a parked poll, and a new code brings a new agent", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const agent = await it.member("Rowan");
  const parked = agent.poll([], { holdSeconds: 25 });
  await new Promise((resolve) => setTimeout(resolve, 50));
  await revoke(it.serving.hub, "Rowan");
  await t.rejects(parked, { code: "revoked" });
  const next = await it.member("Rowan");
  await t.resolves(next.poll());
});

t.test(
  "the server shows its root, so that a join code's digest can be checked at the first call",
  async (t) => {
    const it = await story();
    t.teardown(() => it.end());
    const { caDigest } = parseJoinCode(await invite(it.serving.hub, "Rowan", [GROUP]));
    const [host, port] = it.serving.grpc.split(":") as [string, string];
    const socket = connect({ host, port: Number(port), rejectUnauthorized: false, ALPNProtocols: ["h2"] });
    await new Promise<void>((resolve) => socket.once("secureConnect", resolve));
    let shown = socket.getPeerCertificate(true);
    while (shown.issuerCertificate && shown.issuerCertificate !== shown) shown = shown.issuerCertificate;
    socket.destroy();
    t.same(createHash("sha256").update(shown.raw).digest(), caDigest);
  },
);

t.test("a hub that runs for two years shows agents a certificate that has not ended", async (t) => {
  // TLS itself goes by this machine's clock: the hub's, moved day by day, ends where that is.
  const it = await story({}, undefined, undefined, Date.now() - 671 * DAY);
  t.teardown(() => it.end());
  const [host, port] = it.serving.grpc.split(":") as [string, string];
  const shown = async (): Promise<X509Certificate> => {
    const socket = connect({ host, port: Number(port), rejectUnauthorized: false, ALPNProtocols: ["h2"] });
    await once(socket, "secureConnect");
    const certificate = socket.getPeerX509Certificate() as X509Certificate;
    socket.destroy();
    return certificate;
  };
  const daysLeft = async (): Promise<number> => (Date.parse((await shown()).validTo) - it.clock.now) / DAY;
  const lasts = async (days: number): Promise<void> => {
    for (const end = Date.now() + 10_000; (await daysLeft()) < days && Date.now() < end;) await pause(100);
    t.ok((await daysLeft()) >= days, `${Math.round(await daysLeft())} days left`);
  };
  t.equal(Math.round(await daysLeft()), 365);
  const begun = it.clock.now;
  for (const day of [100, 300, 336, 400, 660]) {
    it.clock.now = begun + day * DAY;
    await lasts(30);
  }
  it.clock.now = Date.now() - 2 * DAY;
  await lasts(30);
  const agent = await it.member("Rowan");
  await t.resolves(agent.poll(), "an agent comes in, whose TLS looks at the dates");
  const before = await shown();
  const parked = agent.poll([], { holdSeconds: 25 });
  it.clock.now = Date.now();
  await lasts(360);
  const after = await shown();
  t.not(after.serialNumber, before.serialNumber);
  await t.resolves((await it.member("Hazel")).poll(), "and another one with the next certificate");
  await revoke(it.serving.hub, "Rowan");
  await t.rejects(
    parked,
    { code: "revoked" },
    "a poll that was parked meanwhile is still heard and answered",
  );
  const kept = new X509Certificate(await readFile(`${it.folder}/keys/server.crt`));
  t.equal(kept.serialNumber, after.serialNumber, "what is shown is what is kept");
  await copyFile(`${it.folder}/keys/issuer.key`, `${it.folder}/keys/server.key`);
  await it.restart();
  await t.resolves((await it.member("Ash")).poll(), "a pair that was half written is made anew");
});

t.test("parked polls are answered before the hub stops", async (t) => {
  const it = await story();
  const agent = await it.member("Rowan");
  const parked = agent.poll([], { holdSeconds: 25 });
  await new Promise((resolve) => setTimeout(resolve, 400));
  await it.end();
  t.match(await parked, { libraryVersion: "1" }, "answered, not cut");
});

t.test("two hubs cannot be made in one folder, and a folder without one says so", async (t) => {
  const it = await story();
  t.teardown(() => it.end());
  const hub = await import("@cairn/hub");
  await t.rejects(hub.initHub(it.folder, ["x"]), { code: "exists", kind: "wrong-use" });
  t.throws(() => hub.openHub("/nowhere/at/all"), HubError);
});
