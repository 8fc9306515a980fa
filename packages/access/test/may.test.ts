import t from "tap";
import {
  ACTIONS,
  HUB_ROLES,
  may,
  PRACTICE_ROLES,
  roleWords,
  type Action,
  type HubPerson,
  type HubRole,
  type Person,
  type PracticePerson,
  type PracticeRole,
} from "@cairn/access";

const hub = (role: HubRole, groups: HubPerson["groups"] = ["north"]): HubPerson => ({
  ...{ at: "hub", name: "Ada", role },
  groups,
});
const own = (role: PracticeRole): PracticePerson => ({ at: "practice", name: "Ada", role, practice: "p1" });
const visitor = (at: "hub" | "practice"): Person => ({ at, name: null, role: "visitor" });

/** Decides without the types, as a fault of ours could. */
const decide = may as (person: Person, action: string, about: object) => ReturnType<typeof may>;
const allowed = (person: Person, action: Action, about: object): boolean =>
  decide(person, action, about).allowed;

const names = Object.keys(ACTIONS) as Action[];
const mayOf = (person: Person): string[] =>
  names.filter((action) => allowed(person, action, { group: "north", practice: "p1" }));

t.test("each role may exactly what the table of the design says", async (t) => {
  const all: Readonly<Record<HubRole, readonly Action[]>> = {
    "cluster-lead": [
      ...(["see-comparison", "see-dots", "write-notes", "choose-questions"] as const),
      ...(["see-schedules", "change-schedules", "propose-schedules"] as const),
    ],
    analyst: ["see-schedules", "propose-schedules", "write-queries"],
    "library-signer": ["sign-library"],
    supporter: ["see-comparison"],
    commissioner: ["see-comparison"],
    "governance-officer": ["see-schedules", "see-people", "read-decisions", "export-log", "countersign-log"],
    "hub-operator": [
      ...(["see-schedules", "publish-library", "see-run-states", "invite-practices"] as const),
      ...(["admit-practices", "keep-people", "see-people", "operate-hub", "export-log"] as const),
    ],
  };
  for (const role of Object.keys(HUB_ROLES) as HubRole[]) {
    const everybody = ["open-hub", "keep-own-account", ...(role === "library-signer" ? [] : ["see-group"])];
    t.same(mayOf(hub(role)).toSorted(), [...everybody, ...all[role]].toSorted(), role);
  }
  const atPractice: Readonly<Record<PracticeRole, readonly Action[]>> = {
    administrator: [
      ...(["set-rules", "pause-practice", "keep-opt-outs", "import-records", "enrol-practice"] as const),
      ...(["keep-practice-people", "see-practice-people"] as const),
    ],
    "quality-lead": [
      ...(["see-releases", "see-own-comparison", "open-worklist", "decide-queries"] as const),
      ...(["decide-releases", "write-own-notes"] as const),
    ],
    clinician: ["see-own-comparison", "open-worklist", "write-own-notes"],
    officer: ["see-releases", "see-practice-people", "read-practice-log"],
  };
  for (const role of Object.keys(PRACTICE_ROLES) as PracticeRole[])
    t.same(
      mayOf(own(role)).toSorted(),
      ["see-standing", "keep-own-practice-account", ...atPractice[role]].toSorted(),
      role,
    );
});

t.test("whoever sits at the machine sees what needs no person in the log, and changes nothing", async (t) => {
  t.same(mayOf(visitor("hub")), ["open-hub", "see-group", "see-comparison", "see-dots"]);
  t.same(mayOf(visitor("practice")), ["see-standing", "see-releases", "see-own-comparison"]);
});

t.test("a role is for its own groups, its own practice and its own side", async (t) => {
  for (const action of names) {
    const { at, about } = ACTIONS[action];
    for (const role of Object.keys(HUB_ROLES) as HubRole[]) {
      if (about === "group") {
        t.notOk(allowed(hub(role), action, { group: "south" }), `${role} ${action} of another group`);
        t.notOk(allowed(hub(role), action, { group: null }), `${role} ${action} of every group`);
        t.notOk(allowed(hub(role), action, {}), `${role} ${action} of it is not said what`);
        t.equal(
          allowed(hub(role, "every"), action, { group: "south" }),
          allowed(hub(role), action, { group: "north" }),
        );
      }
      if (at === "practice") t.notOk(allowed(hub(role, "every"), action, { practice: "p1" }));
    }
    for (const role of Object.keys(PRACTICE_ROLES) as PracticeRole[])
      t.notOk(allowed(own(role), action, { practice: "p2", group: "north" }), `${role} ${action} elsewhere`);
  }
});

t.test("a refusal says why: who may, or that it is another's", async (t) => {
  const why = (person: Person, action: Action, about: object): string => {
    const answer = decide(person, action, about);
    return answer.allowed ? "" : answer.why;
  };
  t.equal(
    why(hub("commissioner"), "see-dots", { group: "north" }),
    "Only a cluster lead may do this: see a group's practices in a comparison, each as a dot without a name. Ask one of them; if it is your task, ask the hub operator, who gives people their roles.",
  );
  t.match(
    why(own("clinician"), "see-releases", { practice: "p1" }),
    /^Only a quality lead or a governance officer may do this: .* ask the practice administrator, who gives/,
  );
  t.match(why(hub("commissioner"), "write-queries", {}), /^Only an analyst may do this: write queries/);
  t.equal(
    why(hub("cluster-lead"), "write-notes", { group: "south" }),
    "Your account is not for this group. The hub operator can change that.",
  );
  t.equal(why(own("clinician"), "open-worklist", { practice: "p2" }), "This is another practice's.");
  t.match(why(hub("hub-operator"), "open-worklist", {}), "Nobody of a hub does this at a practice.");
});

t.test("an action is described in one line, and who matters signs in again", async (t) => {
  for (const action of names) t.match(ACTIONS[action].words, /^[A-Z][^.]{10,110}$/, action);
  for (const action of ["admit-practices", "keep-people", "sign-library", "set-rules"] as const)
    t.ok(ACTIONS[action].recent, action);
  t.equal(roleWords("officer"), "governance officer");
});

t.test("what is no action is refused", async (t) => {
  t.throws(() => decide(hub("hub-operator", "every"), "see-records", {}));
  t.notOk(allowed({ ...hub("analyst"), role: "toString" as HubRole }, "open-hub", {}));
});
