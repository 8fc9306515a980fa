/** H12: a look at a comparison that the charter of that moment did not let is found, on either side. */
import { readFileSync } from "node:fs";
import { charterBytes, charterDigest, parseCharter, PRESETS_LOCATION, type Charter } from "@cairn/charters";
import t from "tap";
import { decodeHub } from "@cairn/ledger";
import { crossCheck, Story, type Practice } from "./fixtures/two-logs.js";

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
  t.match(
    one((story) => {
      story.hub.note("person-disabled", { person: "Lea", by: "Op" });
      looks(story, "Lea", "figures");
    }),
    /Lea saw figures/,
  );
});

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
    problems((_story, alder) => {
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
    }).join("\n");
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
