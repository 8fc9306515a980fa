/** Consent to be named: given under an accepted charter in force, logged and signed, and ended with whatever it rests on. */
import t, { type Test } from "tap";
import { charterDigest, type Charter } from "@cairn/charters";
import {
  consentDigest,
  rawPublicKey,
  signConsentReceipt,
  verifyConsent,
  type Consent__Output,
} from "@cairn/wire";
import { consentLines, consentStandings, namedSentence } from "../src/consents/standing.js";
import { giveNamingConsent, withdrawConsent } from "../src/decisions/consent.js";
import { pin } from "../src/decisions/standing-decisions.js";
import { join, leave } from "../src/decisions/membership.js";
import { setting } from "../src/store/settings.js";
import { keeperStatus } from "../src/status.js";
import { standingLines } from "../src/status-words.js";
import { charterOf, withCharters } from "./fixtures/charters.js";
import { GROUP, hubLog, practice } from "./fixtures/practice.js";
import { people } from "./fixtures/released.js";

const { sees } = charterOf();
const named = (change: Partial<Charter> = {}): Charter =>
  charterOf({ sees: { ...sees, supporter: "named" }, supporter: "CEG facilitators", ...change });
const daysOn = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const UNTIL = daysOn(90);

async function started(t: Test, ...charters: Charter[]) {
  const home = practice(t, null, []);
  const running = await home.start();
  const store = people(t, home.folder);
  let version = 0;
  const publish = (...next: Charter[]) =>
    running.api.offerLibrary({ bundle: withCharters(++version, ...next) });
  await publish(...charters);
  join(store, GROUP);
  const told = async (): Promise<Consent__Output[]> => (await running.api.describe({})).consents;
  const logged = (): unknown[] =>
    [...store.log.entries()]
      .filter(({ kind }) => kind.startsWith("consent"))
      .map(({ kind, body }) => [kind, body["by"] ?? null]);
  const say = (): string[] => consentStandings(store).flatMap(consentLines);
  return { ...running, store, publish, told, logged, say };
}

t.test("a consent is logged with its person, signed for one charter, role and day, and told", async (t) => {
  const charter = named();
  const { store, api, told, logged, say } = await started(t, charter);
  t.match(
    say().join("\n"),
    /lets CEG facilitators \(supporters\) see practices by name, of each practice only with/,
  );
  t.match(say().join("\n"), "This practice has not consented");
  t.equal(
    giveNamingConsent(store, { group: GROUP, to: "CEG facilitators" }, UNTIL, "Dr Fell" as never),
    "supporter",
  );
  t.same(logged(), [["consent-given", "Dr Fell"]]);
  const [given, ...others] = await told();
  t.same(others, []);
  t.match(given, { group: GROUP, to: "supporter", until: UNTIL, ended: false });
  t.equal(given!.charterDigest.toString("hex"), charterDigest(charter));
  t.ok(verifyConsent(given!, rawPublicKey(store.key)));
  t.notOk(verifyConsent({ ...given!, until: daysOn(91) }, rawPublicKey(store.key)));
  t.match(say().join("\n"), /consents to be named until .* The hub has not confirmed that yet/);
  const receipt = (of: Consent__Output, key = hubLog.privateKey) =>
    signConsentReceipt({ consentDigest: consentDigest(of), hubLogIndex: 9 }, key);
  await t.rejects(api.acknowledge({ consents: [receipt(given!, store.key)] }), { code: "bad-signature" });
  await api.acknowledge({ consents: [receipt(given!)] });
  t.same(await told(), [given], "also once it is confirmed: a hub from a backup may have lost it");
  t.notMatch(say().join("\n"), "has not confirmed");
  t.match(
    standingLines(keeperStatus(store)).join("\n"),
    /CEG facilitators may see practices by name that consent; this one consents/,
  );
  t.match(
    namedSentence(store, GROUP),
    /CEG facilitators until .* may see its name and its whole per cent at the hub/,
  );
  t.same(withdrawConsent(store, { group: GROUP }, "Dr Fell" as never), ["supporter"]);
  t.equal(namedSentence(store, GROUP), null);
  t.match(
    say().join("\n"),
    /consent is ended: it shows as a dot.*The hub has not confirmed that yet/,
    "here at once",
  );
  const [ended] = await told();
  t.match(ended, { ended: true, to: "supporter" });
  await api.acknowledge({ consents: [receipt(given!), receipt(ended!)] });
  t.notMatch(say().join("\n"), "has not confirmed");
  t.same(logged(), [
    ["consent-given", "Dr Fell"],
    ["consent-receipt", null],
    ["consent-ended", "Dr Fell"],
    ["consent-receipt", null],
  ]);
});

t.test(
  "nothing is given where no accepted charter in force lets those people see names, or for such a day",
  async (t) => {
    const { store, publish, logged } = await started(t, charterOf());
    const give =
      (until = UNTIL, to?: string) =>
      (): unknown =>
        giveNamingConsent(store, { group: GROUP, to }, until);
    t.throws(give(), { code: "consent-not-asked" });
    await publish(named());
    t.throws(give(), { code: "consent-not-asked" }, "a charter that widens, before it is accepted");
    join(store, GROUP);
    t.throws(give(UNTIL, "analyst"), {
      code: "consent-whom-wrong",
      message: /CEG facilitators \(supporter\)/,
    });
    for (const day of [daysOn(-1), daysOn(370), "2026-02-30", ""])
      t.throws(give(day), { code: "consent-date-wrong" }, day);
    await publish(named({ sees: { ...sees, supporter: "named", analyst: "named" } }));
    join(store, GROUP);
    t.throws(give(), { code: "consent-whom-wrong", message: /say --to/ }, "several see names");
    t.same(logged(), []);
    t.equal(give(UNTIL, "supporter")(), "supporter");
    t.same(
      withdrawConsent(store, { group: GROUP }),
      ["analyst", "supporter"],
      "an end also of what is not known here",
    );
  },
);

t.test("an end is always signed and told, also of what a restored keeper does not know", async (t) => {
  const { store, told, logged } = await started(t, charterOf());
  const tellsEndsTo = async (): Promise<string[]> =>
    (await told()).flatMap(({ to, ended }) => (ended ? [to] : [])).sort();
  const all = ["analyst", "cluster-lead", "provider", "supporter"];
  t.same([...withdrawConsent(store, { group: GROUP })].sort(), all, "no charter here names anybody");
  t.same(await tellsEndsTo(), all);
  t.same(withdrawConsent(store, { group: GROUP, to: "provider" }), ["provider"]);
  t.equal(logged().length, 5);
  t.throws(() => withdrawConsent(store, { group: GROUP, to: "nobody" }), { code: "consent-whom-wrong" });
  const other = await started(t, named());
  leave(other.store, GROUP);
  t.match(await other.told(), [{ ended: true, to: "supporter" }], "leaving, without knowing of a consent");
});

t.test("a hub that takes another's place is told nothing of what was consented to before", async (t) => {
  const { store, told, logged, say } = await started(t, named());
  giveNamingConsent(store, { group: GROUP }, UNTIL);
  const at = (hubLogKey: Buffer) => ({
    ...{ practice: setting(store, "practice") ?? "Alder", libraryRoot: Buffer.alloc(0), hubLogKey },
    ...{ fingerprint: "AA", answeredBefore: false, isNewHub: true },
  });
  pin(store, at(Buffer.alloc(32, 7)));
  t.same(await told(), []);
  t.match(say().join(), "This practice has not consented");
  t.match(logged().at(-1), ["consent-ended", null]);
});

t.test("it ends with the group, and with another charter as soon as that is in force", async (t) => {
  const { store, publish, told, logged, say } = await started(t, named());
  const give = (): unknown => giveNamingConsent(store, { group: GROUP }, UNTIL, "Dr Fell" as never);
  const ends = async (what: string): Promise<void> => {
    t.same(
      logged().slice(-2),
      [
        ["consent-given", "Dr Fell"],
        ["consent-ended", null],
      ],
      what,
    );
    t.match(await told(), [{ ended: true }], `${what}: the hub is told`);
  };
  give();
  leave(store, GROUP);
  await ends("left");
  t.same(say(), [], "nothing is shown of a group that is left");
  join(store, GROUP);
  t.match(say().join(), "consent is ended", "joining again gives nothing back");
  give();
  await publish(named({ contributors: 6 }));
  await ends("a charter that only narrows, which a rule accepts");
  give();
  await publish(named({ contributors: 6, purpose: "Something else too." }));
  await ends("a charter that widens, before anybody accepts it");
  join(store, GROUP);
  give();
  await publish();
  await ends("no charter in force");
});

t.test("where a newer charter ended a consent, status says so, and what to do", async (t) => {
  const { store, publish, logged } = await started(t, named());
  const status = (): string => standingLines(keeperStatus(store)).join("\n");
  const ENDED = "ended with the charter under which it was given";
  const give = (): unknown => giveNamingConsent(store, { group: GROUP }, UNTIL);
  give();
  t.notMatch(status(), ENDED);
  const wider = named({ purpose: "Something else too." });
  await publish(wider);
  t.match(
    status(),
    /the consent to be named to CEG facilitators ended with the charter .*: to consent under the newer one, cairn agent join \S.*, and then cairn agent consent give --group /,
  );
  join(store, GROUP);
  t.match(
    status(),
    /this one's consent ended with the charter .*: to consent under this one, cairn agent consent give/,
  );
  t.match(consentStandings(store), [{ said: "ended-with-charter" }]);
  give();
  t.notMatch(status(), ENDED, "given anew");
  withdrawConsent(store, { group: GROUP });
  t.notMatch(status(), ENDED, "a person took it back");
  give();
  await publish(charterOf({ purpose: "Something else too." }));
  t.match(status(), /ended with the charter .*, and none that is in force lets them see practices by name/);
  leave(store, GROUP);
  t.notMatch(status(), ENDED, "in a group that was left");
  t.equal(logged().length, 7);
});

t.test("what the hub has set aside ends here too, once, and is given anew", async (t) => {
  const { store, api, told, logged } = await started(t, named());
  giveNamingConsent(store, { group: GROUP }, UNTIL, "Dr Fell" as never);
  const [given] = await told();
  const aside = (of: Consent__Output) => ({
    consentDigest: consentDigest(of),
    hubLogIndex: 9,
    setAside: true,
  });
  const receipt = signConsentReceipt(aside(given!), hubLog.privateKey);
  await t.rejects(api.acknowledge({ consents: [{ ...receipt, setAside: false }] }), {
    code: "bad-signature",
  });
  await api.acknowledge({ consents: [receipt] });
  await api.acknowledge({ consents: [receipt] });
  t.same(logged(), [
    ["consent-given", "Dr Fell"],
    ["consent-ended", null],
  ]);
  t.match(await told(), [{ ended: true }]);
  t.match(consentStandings(store), [{ said: "ended-with-charter" }]);
  giveNamingConsent(store, { group: GROUP }, UNTIL);
  await api.acknowledge({ consents: [receipt] });
  t.match(await told(), [{ ended: false }], "a word about the one before ends nothing");
});

t.test("of which charters it is decided here is told by their digests, and of no other", async (t) => {
  const { store, api, publish } = await started(t, named());
  const decided = async (): Promise<unknown> =>
    (await api.describe({})).decidedCharters?.digests.map((digest) => digest.toString("hex"));
  t.same(await decided(), [charterDigest(named())]);
  const wider = named({ purpose: "Something else too." });
  await publish(wider);
  t.same(await decided(), [], "a newer one, which waits");
  leave(store, GROUP);
  t.same(await decided(), [charterDigest(wider)], "to leave is a decision, too");
});
