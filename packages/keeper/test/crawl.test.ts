/** Everybody follows every link that the practice's pages show them, and meets no refusal. */
import { mayGive, PRACTICE_ROLES, type Person, type PracticeRole } from "@cairn/access";
import t, { type Test } from "tap";
import { crawl } from "../../sign-in/test/fixtures/crawl.js";
import { setHold } from "../src/decisions/standing-decisions.js";
import { logOrigin } from "../src/store/store.js";
import { ownPages } from "./fixtures/own-pages.js";
import { assignment, until, runOn } from "./fixtures/practice.js";
import { lease } from "./fixtures/released.js";

const RUN = runOn("review");
/** Commands that decide something of the practice's. */
const DECIDES = /^agent (approve|decline|withdraw|correct|join|leave|retry|pause|resume|rules|import|enrol)$/;

/** A practice at which a release waits for a look, and a group for its acceptance. */
async function walked(t: Test, role: PracticeRole | "visitor") {
  const { api, keeper, query, get, post } = await ownPages(t, role, { people: role !== "visitor" });
  setHold(keeper.store, true);
  await api.execute({ leases: [lease(RUN)] });
  await until(api, RUN, "ON_HOLD");
  await api.offerRuns({
    assignments: [assignment("2024-12-31", { run: runOn("other"), group: "elsewhere" }, query)],
  });
  const asked = async (reply: ReturnType<typeof get>) => {
    const { status, body } = await reply;
    return { status, body };
  };
  const met = await crawl(
    (url) => asked(get(url)),
    (url, fields) => asked(post(url, fields)),
  );
  const practice = logOrigin(keeper.store.key);
  const person: Person =
    role === "visitor"
      ? { at: "practice", name: null, role }
      : { at: "practice", name: "Ann", role, practice };
  return { ...met, person };
}

t.test(
  "no link or form of a page ends in a refusal, and no command is told to who may not give it",
  async (t) => {
    const seen: Record<string, Awaited<ReturnType<typeof walked>>> = {};
    for (const role of [...(Object.keys(PRACTICE_ROLES) as PracticeRole[]), "visitor"] as const) {
      const met = await walked(t, role);
      t.same(met.deadEnds, [], role);
      t.same(
        [...met.commands].filter((command) => !mayGive(met.person, command)),
        [],
        `${role}: commands`,
      );
      seen[role] = met;
    }
    const decides = (role: string) => [...seen[role]!.commands].filter((command) => DECIDES.test(command));
    t.same(decides("clinician"), []);
    t.same(decides("officer"), []);
    t.ok(decides("visitor").length >= 3, "whoever sits at the machine has its commands");
    for (const form of ["/join", "/questions/asthma-review/decide", `/runs/${RUN}/decide`])
      t.ok(seen["quality-lead"]!.sent.includes(form), form);
    t.ok(seen["quality-lead"]!.visited.includes("/questions/asthma-review/people"));
    t.ok(seen["officer"]!.visited.includes(`/runs/${RUN}`));
    t.notOk(seen["clinician"]!.visited.includes(`/runs/${RUN}`));
    t.same(
      seen["clinician"]!.sent.filter((action) => !action.startsWith("/questions/asthma-review/people")),
      ["/questions/asthma-review/notes"],
    );
  },
);
