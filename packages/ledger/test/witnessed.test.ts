/** The hub's log stands under checkpoints that the witnesses of a policy signed, or that is named. */
import { generateKeyPairSync } from "node:crypto";
import t from "tap";
import { cosign, readPolicy, vkeyOf, type NoteKey, type Policy } from "@cairn/audit-log";
import type { Account } from "@cairn/ledger";
import { crossCheck, DAY, Story } from "./fixtures/two-logs.js";

const keyCalled = (name: string): NoteKey => ({ name, key: generateKeyPairSync("ed25519").privateKey });
const [ann, bob] = [keyCalled("ann.example/w"), keyCalled("bob.example/w")];

function told(tell: (story: Story, sign: (...witnesses: NoteKey[]) => void) => void): Account {
  const story = new Story();
  const alder = story.practice("Alder", { uses: true });
  story.release(alder, "r1");
  story.use(alder, "r1");
  const { hub } = story;
  tell(story, (...witnesses) => {
    const note = witnesses.reduce((text, who) => cosign(text, who, story.clock.tick()), hub.log.checkpoint());
    hub.log.keepCosigned("witnesses", note, hub.log.size);
  });
  return crossCheck(hub.exported("the hub"), [alder.exported()], policyOf(hub));
}

function policyOf(hub: Story["hub"]): Policy {
  const log = vkeyOf({ name: hub.origin, key: hub.key }, "log");
  const witnesses = [ann, bob].map((key, i) => `witness ${"AB"[i]} ${vkeyOf(key, "witness")}\n`).join("");
  const read = readPolicy(`log ${log}\n${witnesses}group both all A B\nquorum both\n`);
  if (!read.ok) throw new Error(read.problem);
  return read.policy;
}

t.test("a log that the quorum signed holds, with entries of the last seven days after it", async (t) => {
  const account = told((story, sign) => {
    story.clock.now += 30 * DAY;
    sign(ann, bob);
    story.hub.note("agent-renewed", { agent: "a" });
    story.clock.now += 6 * DAY;
  });
  t.match(account, { verified: true, witnessed: 7, notes: [/quorum countersigned 7 of the 8 entries/] });
});

t.test("what no quorum signed in seven days is named, with who is missing", async (t) => {
  const missing = (words: RegExp, tell: Parameters<typeof told>[0]): void =>
    void t.match(told(tell), {
      verified: false,
      problems: [{ code: "witness-missing", log: "the hub", words }],
    });
  missing(/^no checkpoint that it keeps has the policy's quorum: it keeps none/, () => undefined);
  missing(/no checkpoint.*the quorum both is not reached: B did not sign/, (_, sign) => sign(ann));
  missing(/^7 entries written more than seven days before.*B did not sign/, (story, sign) => {
    sign(ann, keyCalled(bob.name));
    story.clock.now += 8 * DAY;
  });
  missing(/^1 entry written more than seven days .*: the quorum signed its first 7/, (story, sign) => {
    sign(ann, bob);
    story.hub.note("agent-renewed", { agent: "a" });
    story.clock.now += 8 * DAY;
  });
});

t.test(
  "without a policy witnesses are not asked for, and a kept checkpoint is held against the log all the same",
  async (t) => {
    const story = new Story();
    const alder = story.practice("Alder", { uses: true });
    story.hub.log.keepCosigned(
      "w",
      cosign(story.hub.log.checkpoint(), ann, story.clock.tick()),
      story.hub.log.size,
    );
    const practice = alder.exported();
    t.match(crossCheck(story.hub.exported("the hub"), [practice]), { verified: true, witnessed: null });
    story.hub.cut(story.hub.log.size - 1);
    t.match(
      crossCheck(story.hub.exported("the hub"), [practice]).problem,
      /keeps a countersigned checkpoint of 5 entries/,
    );
  },
);
