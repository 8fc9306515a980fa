/** H12: a look at a comparison that the charter of that moment did not let is found, on either side. */
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { readFileSync } from "node:fs";
import { charterBytes, charterDigest, parseCharter, PRESETS_LOCATION, type Charter } from "@cairn/charters";
import t from "tap";
import { decodeHub } from "@cairn/ledger";
import { consentDigest, signConsent, signConsentReceipt } from "@cairn/wire";
import { consentOn } from "../src/consent.js";
import { consentWords, consentsIn, sealedConsentWords } from "../src/papers/named.js";
import { crossCheck, rootOf, Story, type Practice } from "./fixtures/two-logs.js";

const PRESET = "scottish-cluster";
const TEXT = `charter: glen
extends: ${PRESET}
purpose: Practices of the glen learn from one another.
controller: Each practice for what it releases.
lawful_basis: UK GDPR article 6(1)(e).
keep_for: 60 months
review: 2027-03-31
`;

function charterWith(sees = ""): Charter {
  const preset = readFileSync(new URL(`${PRESET}.yaml`, PRESETS_LOCATION), "utf8");
  const parsed = parseCharter(`${TEXT}${sees}`, { file: "glen.yaml", presets: { [PRESET]: preset } });
  if ("problems" in parsed) throw new Error(JSON.stringify(parsed.problems));
  return parsed.charter;
}
const FIRST = charterWith();
const NEXT = charterWith("sees: {cluster-lead: group, commissioner: nothing, clinician: group}\n");
const group = "glen";

/** Problems of the logs of a hub and a practice with both charters beside the hub's log. */
function problems(tell: (story: Story, alder: Practice) => void, charters = [FIRST, NEXT]): string[] {
  const story = new Story();
  const alder = story.practice("Alder", { uses: true });
  story.release(alder, "r1");
  story.use(alder, "r1");
  tell(story, alder);
  story.countersign(alder);
  const beside = charters.map((one) =>
    JSON.stringify({ charter: { group, bytes: Buffer.from(charterBytes(one)).toString("base64") } }),
  );
  const found = crossCheck(story.hub.exported("the hub", beside), [alder.exported()]).problems;
  return found.map(({ code, log, words }) => `${code} ${log}: ${words}`);
}

const comesIntoForce = ({ hub }: Story, one: Charter): void =>
  void hub.note("charter-published", { group, charter: charterDigest(one), library: "1" });
const adds = ({ hub }: { hub: Story["hub"] }, person: string, role: string, groups = group): void =>
  void hub.note("person-added", { person, role, groups, by: "Op" });
const looks = ({ hub }: Story, by: string | null, shown: string, under: Charter | null = FIRST): void =>
  void hub.note("comparison-viewed", {
    ...{ group, purpose: "learning", shown, by },
    charter: under === null ? "" : charterDigest(under),
  });

t.test(
  "looks that the charter in force lets are found right, as are those before there was one",
  async (t) => {
    t.same(
      problems((story) => {
        looks(story, null, "dots", null);
        looks(story, "root", "names", null);
        adds(story, "Lea", "cluster-lead");
        adds(story, "Col", "commissioner");
        looks(story, "Lea", "dots", null);
        comesIntoForce(story, FIRST);
        looks(story, "Lea", "dots");
        looks(story, "Col", "figures");
        comesIntoForce(story, NEXT);
        looks(story, "Lea", "figures", NEXT);
        story.hub.note("charter-ended", { group, library: "2" });
        looks(story, "Lea", "figures", NEXT); // the last that was in force
      }),
      [],
    );
  },
);

t.test("a look that the charter of that moment does not let is named", async (t) => {
  const one = (tell: (story: Story) => void): string =>
    problems((story) => {
      comesIntoForce(story, FIRST);
      adds(story, "Lea", "cluster-lead");
      adds(story, "Col", "commissioner");
      adds(story, "Omar", "hub-operator", "");
      tell(story);
    }).join("\n");
  t.match(
    one((story) => looks(story, "Col", "dots")),
    /^look-not-allowed the hub: Col saw dots of glen\. Only /,
  );
  t.match(
    one((story) => looks(story, "Omar", "figures")),
    /^look-not-allowed the hub: Omar saw figures/,
  );
  t.match(
    one((story) => looks(story, null, "figures")),
    /somebody without an account saw figures of glen\. The charter/,
  );
  t.match(
    one((story) => looks(story, "root", "figures")),
    /^look-not-allowed the hub: root saw figures/,
  );
  t.match(
    one((story) => looks(story, "Lea", "names")),
    /^look-not-allowed the hub: Lea saw names/,
  );
  t.match(
    one((story) => looks(story, "Lea", "dots", NEXT)),
    /under the charter \S+, and what held then was/,
  );
  t.match(
    one((story) => looks(story, "Lea", "dots", null)),
    /was under no charter, and what held then was/,
  );
  t.match(
    one((story) => {
      comesIntoForce(story, NEXT);
      looks(story, "Lea", "dots", NEXT);
    }),
    /Lea saw dots of glen\. The charter of glen lets the cluster lead see the group as a whole/,
  );
  t.match(
    one((story) => {
      comesIntoForce(story, NEXT);
      looks(story, "Col", "figures", NEXT);
    }),
    /lets commissioners see nothing of it/,
  );
  t.match(
    one((story) => {
      adds(story, "Una", "cluster-lead", "elsewhere");
      looks(story, "Una", "figures");
    }),
    /Una saw figures of glen\. Your account is not for this group/,
  );
  const opens = (under: Charter): string =>
    problems(
      (story) => {
        comesIntoForce(story, under);
        adds(story, "Lea", "cluster-lead");
        looks(story, "Lea", "figures", under);
        looks(story, "Lea", "dots", under);
      },
      [under],
    ).join("\n");
  t.match(
    opens(ALONE),
    /^look-not-allowed the hub: Lea saw dots of glen\. The charter of glen shows no practice/,
  );
  t.equal(opens(DECILES), "", "the lead sees own by it, which is the dots");
  t.match(
    one((story) => {
      story.hub.note("person-disabled", { person: "Lea", by: "Op" });
      looks(story, "Lea", "figures");
    }),
    /Lea saw figures/,
  );
});

const NAMED = charterWith("sees: {supporter: named}\n");
const EVERY = charterWith("sees: {supporter: named}\npeers: named-by-consent\n");
/** What opens is signed to be the group alone, or its deciles. */
const ALONE = charterWith("view: group-only\n");
const DECILES = charterWith("view: deciles\ncontributors: 30\n");
const UNTIL = "2026-12-31";

/** What a practice signs of being named, in its log and in the hub's. */
class Consents {
  readonly #story: Story;
  readonly #charter: string;

  constructor(story: Story, under: Charter) {
    this.#story = story;
    this.#charter = charterDigest(under);
    comesIntoForce(story, under);
    adds(story, "Sue", "supporter");
  }

  /** @param atHub how the hub's entry differs from what was signed */
  says(
    practice: Practice,
    what: "consent-given" | "consent-ended",
    more: object = {},
    atHub: object = {},
  ): string {
    const facts = { group, to: "supporter", until: UNTIL, charter: this.#charter, ...more };
    const position = practice.note(what, { ...facts, by: "Dr Fell" });
    const signed = signConsent(
      {
        ...{ group, to: facts.to, until: facts.until, charterDigest: Buffer.from(facts.charter, "hex") },
        ...{ ended: what === "consent-ended", logIndex: position.index, logSize: position.size },
        logRoot: position.root,
      },
      practice.key,
    );
    const kind = what === "consent-given" ? "consent-received" : what;
    const sent = { ...facts, ...rootOf(position), signature: signed.signature.toString("hex") };
    this.#story.hub.note(kind, { practice: practice.id, ...sent, ...atHub });
    return sent.signature;
  }

  /** @param count how many the look says it named */
  looks(
    named: readonly Pick<Practice, "id">[],
    { under = this.#charter, count = named.length }: { under?: string; count?: number } = {},
  ): void {
    const look = { group, purpose: "learning", shown: "names", by: "Sue", charter: under, named: count };
    this.#story.hub.note("comparison-viewed", look);
    for (const { id } of named) this.#story.hub.note("practice-named", { practice: id, group });
  }
}

const named = (under: Charter, tell: (consents: Consents, alder: Practice, story: Story) => void): string[] =>
  problems((story, alder) => tell(new Consents(story, under), alder, story), [FIRST, NEXT, NAMED, EVERY]);

t.test("a look with names rests on what each practice that it names had consented to by then", async (t) => {
  t.same(
    named(NAMED, (consents, alder) => {
      consents.says(alder, "consent-given");
      consents.looks([alder]);
    }),
    [],
  );
  const refused = (tell: Parameters<typeof named>[1], words: RegExp, what: string): void => {
    const [first = "", ...others] = named(NAMED, tell);
    t.match(first, words, what);
    t.same(others, [], what);
  };
  const NONE =
    /^look-not-allowed the hub: Sue saw names of glen\. A practice that it names had not consented .*p-alder/;
  refused((consents, alder) => consents.looks([alder]), NONE, "none was given");
  refused(
    (consents, alder) => {
      consents.says(alder, "consent-given");
      consents.says(alder, "consent-ended");
      consents.looks([alder]);
    },
    NONE,
    "taken back",
  );
  refused(
    (consents, alder, { hub }) => {
      consents.says(alder, "consent-given");
      hub.note("group-left", { practice: alder.id, name: "Alder", group, by: "Op" });
      consents.looks([alder]);
    },
    NONE,
    "it was out of the group",
  );
  refused(
    (consents, alder, { hub }) => {
      consents.says(alder, "consent-given");
      hub.note("practice-forgotten", { practice: alder.id, name: "Alder", groups: group, by: "Op" });
      consents.looks([alder]);
    },
    NONE,
    "it was forgotten",
  );
  refused(
    (consents, alder, { hub }) => {
      consents.says(alder, "consent-given");
      hub.note("agent-revoked", { agent: `a-${alder.raw}`, why: "revoked by the operator", by: "Op" });
      consents.looks([alder]);
    },
    NONE,
    "no agent of it was let in",
  );
  refused(
    (consents) => consents.looks([{ id: "p-nobody" }]),
    /had not consented .*p-nobody/,
    "it never enrolled",
  );
  refused(
    (consents, alder) => {
      consents.says(alder, "consent-given", { until: "2025-01-01" });
      consents.looks([alder]);
    },
    NONE,
    "its day over",
  );
  refused(
    (consents, alder) => {
      consents.says(alder, "consent-given", { charter: charterDigest(FIRST) });
      consents.looks([alder]);
    },
    NONE,
    "under another charter",
  );
  refused(
    (consents, alder) => {
      consents.says(alder, "consent-given", { to: "analyst" });
      consents.looks([alder]);
    },
    NONE,
    "to somebody else",
  );
  const UNSAID = /The log does not say whom it names/;
  refused((consents) => consents.looks([]), UNSAID, "it names nobody");
  refused(
    (consents, alder) => {
      consents.says(alder, "consent-given");
      consents.looks([alder], { count: 2 });
    },
    UNSAID,
    "it says that it names two",
  );
  refused(
    (consents, alder, { hub }) => {
      consents.says(alder, "consent-given");
      consents.looks([alder]);
      hub.note("practice-named", { practice: alder.id, group });
    },
    /^look-not-allowed the hub: it tells of a practice that was named, and in no look/,
    "it names one more",
  );
  refused(
    (consents, alder, { hub }) => {
      consents.says(alder, "consent-given");
      hub.note("charter-ended", { group, library: "2" });
      consents.looks([alder]);
    },
    /No charter of the group was in force/,
    "its charter gone",
  );
  for (const between of ["charter-published", "charter-ended"] as const)
    refused(
      (consents, alder, { hub }) => {
        const publishes = (one: Charter): void =>
          void hub.note("charter-published", { group, charter: charterDigest(one), library: "3" });
        consents.says(alder, "consent-given");
        publishes(NAMED);
        consents.looks([alder]); // a publication that changes nothing of it
        if (between === "charter-ended") hub.note(between, { group, library: "2" });
        else publishes(FIRST);
        publishes(NAMED);
        consents.looks([alder]);
      },
      NONE,
      `its charter back in force after ${between}`,
    );
});

t.test("a consent counts by the hub's order of ends and by its place above each of them", (t) => {
  const [charter, keeper, day] = ["aa", "k1", "2026-03-01"];
  const said = (logIndex: number, more: object = {}) => ({
    ...{ ended: false, charter, until: UNTIL, logIndex, keeper },
    ...more,
  });
  const end = (logIndex: number, more: object = {}) => said(logIndex, { ended: true, ...more });
  const counts = (...all: ReturnType<typeof said>[]): number | null =>
    consentOn(all, { charter, day, keeper })?.logIndex ?? null;
  t.equal(counts(said(5)), 5);
  t.equal(counts(said(500), end(400)), null, "an end at a lower place, of a restored keeper");
  t.equal(counts(said(500), end(400), said(390)), null, "one that was held back");
  t.equal(counts(said(500), end(400), said(410)), 410);
  t.equal(counts(end(600), said(500), end(400), said(410)), null, "below another end");
  t.equal(counts(said(20, { until: "2026-06-30" }), said(10)), 20, "an earlier one that comes late");
  t.equal(counts(said(500), said(10, { until: "2026-02-01" })), null, "one that ends sooner");
  t.equal(counts(said(5, { keeper: "k0" })), null, "of the keeper before");
  t.equal(counts(said(5), end(900, { keeper: "k0" }), said(6)), 6, "its ends bind it alone");
  t.equal(consentOn([said(5, { keeper: "" })], { charter, day, keeper: null }), null);
  t.end();
});

t.test("where the charter asks every member, a look names only while each consents", async (t) => {
  const both = (consents: Consents, alder: Practice, story: Story): Practice => {
    const birch = story.practice("Birch", { uses: true });
    story.hub.note("use-received", { practice: alder.id, group });
    story.hub.note("use-received", { practice: birch.id, group });
    consents.says(alder, "consent-given");
    return birch;
  };
  const about = (found: string[]): string[] => found.filter((line) => line.startsWith("look-not"));
  t.match(
    about(
      named(EVERY, (consents, alder, story) => {
        both(consents, alder, story);
        consents.looks([alder]);
      }),
    ),
    [/only while every member consents/],
  );
  t.match(
    about(
      named(EVERY, (consents, alder, story) => {
        const birch = story.practice("Birch", { uses: true });
        story.hub.note("group-joined", { practice: birch.id, name: "Birch", group, by: "Op" });
        consents.says(alder, "consent-given");
        consents.looks([alder]);
      }),
    ),
    [/only while every member consents, and not every one did/],
  );
  t.same(
    about(
      named(EVERY, (consents, alder, story) => {
        const birch = both(consents, alder, story);
        consents.says(birch, "consent-given");
        consents.looks([alder, birch]);
      }),
    ),
    [],
  );
});

t.test("a consent that its practice did not sign, or that only one side tells of, is named", async (t) => {
  const one = (tell: Parameters<typeof named>[1]): string => named(NAMED, tell).join("\n");
  t.match(
    one((consents, alder) => void consents.says(alder, "consent-given", {}, { until: "2027-12-31" })),
    /^consent-unknown the hub: it tells of a consent to be named in glen that its practice did not sign/,
    "altered at the hub",
  );
  t.match(
    one((consents, alder, { hub }) => {
      const digest = charterDigest(NAMED);
      const root = rootOf({ index: 1, size: 2, root: Buffer.alloc(32) });
      const invented = { group, to: "supporter", until: UNTIL, charter: digest, signature: "00".repeat(64) };
      hub.note("consent-received", { practice: alder.id, ...invented, ...root });
      consents.looks([alder]);
    }),
    /did not sign\nconsent-unknown the hub: .* that the log of Alder does not tell of/,
    "invented by the hub: the look is found by it",
  );
  const receipted = (isTold: boolean, key?: KeyObject) =>
    one((consents, alder, { hub }) => {
      const signature = consents.says(alder, "consent-given");
      const of = isTold ? signature : "11".repeat(64);
      const receipt = signConsentReceipt(
        { consentDigest: consentDigest({ signature: Buffer.from(of, "hex") }), hubLogIndex: 1 },
        key ?? hub.key,
      );
      alder.note("consent-receipt", {
        ...{ group, to: "supporter", ended: true, digest: receipt.consentDigest.toString("hex") },
        ...{ hubLogIndex: 1, hub_log_index: 1, signature: receipt.signature.toString("hex") },
      });
    });
  t.equal(receipted(true), "");
  t.match(
    receipted(true, generateKeyPairSync("ed25519").privateKey),
    /^receipt-unknown Alder: .*does not bear the hub's signature/,
  );
  t.match(
    receipted(false),
    /^consent-unknown the hub: it does not tell of that for which Alder holds the receipt for an end/,
  );
});

t.test(
  "papers say who consents to be named under the charter in force, to whom and until when",
  async (t) => {
    const story = new Story();
    const [alder, birch] = [story.practice("Alder"), story.practice("Birch")];
    const consents = new Consents(story, NAMED);
    consents.says(alder, "consent-given");
    consents.says(birch, "consent-given");
    consents.says(birch, "consent-ended");
    const named = (to: string | null = null, from: string | null = null, isSealed = false) => {
      const entries = [...story.hub.log.entries()].map(decodeHub);
      return consentsIn({ entries, isSealed } as never, group, { from, to });
    };
    const words = (...about: Parameters<typeof named>): string[] => named(...about).spans.map(consentWords);
    const day = "from 5 January 2026 to 5 January 2026";
    const [stands, over] = ["Alder, to supporters, until 31 December 2026", `Birch, to supporters, ${day}`];
    t.same(words(), [stands, over], "and who did within the period, from when to when");
    t.same(words(null, "2026-01-06"), [stands], "what was over before the period is none of it");
    t.same(words("2025-01-01"), [], "before anything was said");
    t.same(
      words("2027-01-01", "2026-12-31"),
      ["Alder, to supporters, from 5 January 2026 to 31 December 2026"],
      "after its last day, which is the last",
    );
    comesIntoForce(story, EVERY);
    t.same(words(), [`Alder, to supporters, ${day}`, over], "ended by another charter");
    t.equal(sealedConsentWords(named(), NAMED), null);
    t.match(
      sealedConsentWords(named(null, null, true), NAMED),
      /other practices .* is not known from this export/,
    );
    t.equal(
      sealedConsentWords(named(null, null, true), FIRST),
      null,
      "where nobody sees names nothing is missing",
    );
  },
);

t.test("a charter that is not beside the log, or is none, allows no look", async (t) => {
  const found = problems((story) => {
    comesIntoForce(story, FIRST);
    adds(story, "Lea", "cluster-lead");
    looks(story, "Lea", "figures");
  }, []);
  t.match(found, [
    /^look-not-allowed the hub: a look at glen was under the charter \S+, which is not beside/,
  ]);
});

t.test("a practice's looks are held to the charter that was accepted there", async (t) => {
  const at = (
    under: Charter,
    tell: (alder: Practice, look: (by: string | null, shown: string) => void) => void,
  ) =>
    problems(
      (_story, alder) => {
        alder.note("group-joined", { group, by: "Dr Fell" });
        alder.note("charter-accepted", { group, charter: charterDigest(under), rule: "ask", by: "Dr Fell" });
        alder.note("person-added", { person: "Clio", role: "clinician", groups: "", by: "Dr Fell" });
        alder.note("person-added", { person: "Adi", role: "administrator", groups: "", by: "Dr Fell" });
        tell(alder, (by, shown) => {
          const look = {
            group,
            query: "bp-control",
            version: "1.0.0",
            dates: "2025-12-31",
            purpose: "learning",
          };
          alder.note("comparison-viewed", { ...look, charter: charterDigest(under), shown, by });
        });
      },
      [FIRST, NEXT, ALONE, DECILES],
    ).join("\n");
  t.equal(
    at(FIRST, (_, look) => ["figures", "own", "dots"].forEach((shown) => look("Clio", shown))),
    "",
  );
  t.equal(
    at(NEXT, (_, look) => look("Clio", "figures")),
    "",
  );
  t.equal(
    at(FIRST, (_, look) => look(null, "dots")),
    "",
  );
  for (const under of [ALONE, DECILES]) {
    t.equal(
      at(under, (_, look) => ["figures", "own"].forEach((shown) => look("Clio", shown))),
      "",
    );
    t.match(
      at(under, (_, look) => look("Clio", "dots")),
      /^look-not-allowed Alder: Clio saw dots of glen\. The charter of glen shows no (other )?practice/,
    );
  }
  t.match(
    at(NEXT, (_, look) => look("Clio", "own")),
    /^look-not-allowed Alder: Clio saw own of glen\. The charter/,
  );
  t.match(
    at(NEXT, (_, look) => look(null, "dots")),
    /^look-not-allowed Alder: somebody without an account saw dots/,
  );
  t.match(
    at(FIRST, (_, look) => look("Adi", "figures")),
    /^look-not-allowed Alder: Adi saw figures/,
  );
  t.match(
    at(FIRST, (_, look) => look("Zoe", "figures")),
    /^look-not-allowed Alder: Zoe saw figures/,
  );
  t.match(
    at(FIRST, (alder, look) => {
      alder.note("group-left", { group, by: "Dr Fell" });
      look("Clio", "names");
    }),
    /^look-not-allowed Alder/,
  );
});

t.test("a look of before charters said who sees what is read, and nothing is said of it", async (t) => {
  const body = { v: 1, group, query: null, date: null, purpose: "improvement", by: null };
  const entry = {
    position: 0,
    time: "2026-01-05T09:00:00.000Z",
    kind: "comparison-viewed",
    body,
    salt: "00".repeat(16),
  };
  t.match(decodeHub(entry), { kind: "comparison-viewed", body: { ...body, charter: "", shown: "" } });
});
