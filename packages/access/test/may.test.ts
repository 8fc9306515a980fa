import t from "tap";
import {
  ACTIONS,
  HUB_ROLES,
  isSeenAtPractices,
  may,
  PRACTICE_ROLES,
  roleWords,
  namedTo,
  rolesWithNames,
  type Action,
  type CharterSight,
  type GroupCharter,
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

/** A charter that lets everybody see so much, and some roles something else. */
const charter = (
  all: CharterSight,
  other: Partial<GroupCharter["sees"]> = {},
  { peers = "unidentified", view = "strip" }: Partial<Pick<GroupCharter, "peers" | "view">> = {},
): GroupCharter => ({
  ...{ digest: "ab", peers, view },
  sees: {
    ...{ "practice-lead": all, clinician: all, "cluster-lead": all, supporter: all, analyst: all },
    ...{ provider: all, commissioner: all, officer: all },
    ...other,
  },
});

/** Decides without the types, as a fault of ours could. */
const decide = may as (person: Person, action: string, about: object) => ReturnType<typeof may>;
const allowed = (person: Person, action: Action, about: object): boolean =>
  decide(person, action, { charter: null, ...about }).allowed;

const names = Object.keys(ACTIONS) as Action[];
const mayOf = (person: Person, of: GroupCharter | null = null): string[] =>
  names.filter((action) => allowed(person, action, { group: "north", practice: "p1", charter: of }));

const COMPARED = ["see-group-figures", "see-own-comparison", "see-peers"] as const;

t.test("each role may exactly what the table of the design says", async (t) => {
  const all: Readonly<Record<HubRole, readonly Action[]>> = {
    "cluster-lead": [
      ...(["see-comparison", "see-dots", "write-notes", "choose-questions"] as const),
      ...(["see-schedules", "change-schedules", "propose-schedules"] as const),
    ],
    provider: [
      ...(["write-notes", "choose-questions", "see-schedules", "change-schedules"] as const),
      "propose-schedules",
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
      ...(["keep-practice-people", "see-practice-people", "consent-to-names"] as const),
    ],
    "quality-lead": [
      ...(["see-releases", "see-own-numbers", "open-worklist", "decide-queries"] as const),
      ...(["decide-releases", "write-own-notes", "consent-to-names", ...COMPARED] as const),
    ],
    clinician: ["see-own-numbers", "open-worklist", "write-own-notes", ...COMPARED],
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
  t.same(mayOf(visitor("practice")), ["see-standing", "see-releases", "see-own-numbers", ...COMPARED]);
});

/** Of a group with a charter: what each role may by how much it sees, where others see all. The one table of the matrix. */
const BY_SIGHT: Readonly<
  Record<
    "hub" | "practice",
    Readonly<Record<string, Readonly<Partial<Record<CharterSight, readonly string[]>>>>>
  >
> = (() => {
  const notes = ["write-notes", "choose-questions"];
  const leads = { nothing: [], decisions: [] };
  const group = ["see-comparison"];
  const dots = [...group, "see-dots"];
  const byName = [...dots, "see-names"];
  const lead = {
    ...leads,
    ...{ group: [...group, ...notes], own: [...dots, ...notes], named: [...byName, ...notes] },
  };
  const looker = { ...leads, group, own: dots, named: byName };
  const none = { nothing: [], decisions: [], group: [], own: [], named: [] };
  const here = { ...leads, group: ["see-group-figures"], own: [...COMPARED], named: [...COMPARED] };
  const officer = ["read-decisions"];
  return {
    hub: {
      ...{ "cluster-lead": lead, provider: lead, analyst: looker, supporter: looker },
      commissioner: { ...looker, own: group, named: group },
      "governance-officer": {
        ...{ nothing: [], decisions: officer, group: officer, own: officer, named: officer },
      },
      ...{ "library-signer": none, "hub-operator": none, visitor: none },
    },
    practice: { "quality-lead": here, clinician: here, administrator: none, officer: none, visitor: here },
  };
})();
const SIGHTS = ["nothing", "decisions", "group", "own", "named"] as const;

t.test("each role may of a group with a charter what the charter lets it see, cell by cell", async (t) => {
  const charters = names.filter((action) => "byCharter" in ACTIONS[action]);
  const tabled = new Set(
    Object.values(BY_SIGHT)
      .flatMap((roles) => Object.values(roles))
      .flatMap((by) => Object.values(by).flat()),
  );
  t.same([...tabled].sort(), [...charters].sort(), "an action without a cell is in no table");
  const roles = {
    hub: [...Object.keys(HUB_ROLES), "visitor"],
    practice: [...Object.keys(PRACTICE_ROLES), "visitor"],
  };
  for (const at of ["hub", "practice"] as const) {
    t.same(Object.keys(BY_SIGHT[at]).sort(), roles[at].sort(), `every role of a ${at} has its cells`);
    for (const role of roles[at]) {
      const person =
        role === "visitor" ? visitor(at) : at === "hub" ? hub(role as HubRole) : own(role as PracticeRole);
      const before = mayOf(person).filter((action) => !charters.includes(action as Action));
      for (const sight of SIGHTS) {
        const is = mayOf(person, charter(sight));
        const cells = [...before, ...BY_SIGHT[at][role]![sight]!];
        t.same(is.toSorted(), cells.toSorted(), `${role} at a ${at} with ${sight}`);
        const without = (...singles: readonly string[]) =>
          cells.filter((action) => !singles.includes(action)).toSorted();
        for (const apart of [{ peers: "none" }, { view: "group-only" }] as const)
          t.same(
            mayOf(person, charter(sight, {}, apart)).toSorted(),
            without("see-dots", "see-names", "see-peers"),
            `${role} with ${sight}, where practices show to nobody: ${JSON.stringify(apart)}`,
          );
        for (const view of ["deciles", "report"] as const)
          t.same(
            mayOf(person, charter(sight, {}, { view })).toSorted(),
            without("see-peers"),
            `${role} with ${sight}, where ${view} opens`,
          );
      }
    }
  }
});

t.test(
  "a role sees by its own line of the charter; whoever sits at a practice's machine, what both there see",
  async (t) => {
    const one = charter("nothing", { supporter: "group", "practice-lead": "own", clinician: "group" });
    t.ok(mayOf(hub("supporter"), one).includes("see-comparison"));
    t.notOk(mayOf(hub("commissioner"), one).includes("see-comparison"));
    t.ok(mayOf(own("quality-lead"), one).includes("see-peers"));
    t.notOk(mayOf(own("clinician"), one).includes("see-own-comparison"));
    t.ok(mayOf(visitor("practice"), one).includes("see-group-figures"));
    t.notOk(mayOf(visitor("practice"), one).includes("see-own-comparison"));
    t.ok(isSeenAtPractices("north", one));
    t.notOk(
      isSeenAtPractices("north", charter("named", { "practice-lead": "nothing", clinician: "decisions" })),
    );
    t.ok(isSeenAtPractices("north", null));
  },
);

t.test(
  "what is not said of a charter is refused, and names are for whom the charter lets see them",
  async (t) => {
    const about = { group: "north", practice: "p1" };
    for (const action of names.filter((each) => "byCharter" in ACTIONS[each]))
      for (const person of [
        hub("cluster-lead"),
        hub("governance-officer"),
        own("quality-lead"),
        visitor("hub"),
      ])
        t.notOk(decide(person, action, about).allowed, `${person.role} ${action}`);
    const of = (all: CharterSight, peers?: GroupCharter["peers"]) => ({
      group: "north",
      charter: charter(all, {}, { peers }),
    });
    t.equal(namedTo(hub("supporter"), of("named")), "supporter");
    t.equal(namedTo(hub("supporter"), of("own")), null);
    t.equal(namedTo(hub("supporter", ["south"]), of("named")), null);
    t.equal(namedTo(hub("commissioner"), of("named")), null, "a commissioner sees no single practice");
    t.equal(namedTo(hub("supporter"), { group: "north", charter: null }), null);
    t.same(rolesWithNames("north", of("named").charter), [
      "cluster-lead",
      "provider",
      "analyst",
      "supporter",
    ]);
    t.same(rolesWithNames("north", of("named", "none").charter), []);
    t.same(rolesWithNames("north", charter("own", { supporter: "named" })), ["supporter"]);
    t.same(rolesWithNames("north", charter("own", { "practice-lead": "named" })), [], "nobody at a practice");
  },
);

t.test("a role is for its own groups, its own practice and its own side", async (t) => {
  for (const action of names) {
    const { at, about } = ACTIONS[action];
    for (const role of Object.keys(HUB_ROLES) as HubRole[]) {
      if (about === "group" || about === "comparison") {
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
    const answer = decide(person, action, { charter: null, ...about });
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
  t.equal(
    why(hub("commissioner"), "see-comparison", { group: "north", charter: charter("nothing") }),
    "The charter of north lets commissioners see nothing of it. It was signed with the library, and nobody here can change it: its page says all that it holds, and who answers for it.",
  );
  t.match(
    why(hub("cluster-lead"), "see-dots", { group: "north", charter: charter("group") }),
    /^The charter of north lets the cluster lead see the group as a whole, and no practice of it\./,
  );
  t.match(
    why(hub("cluster-lead"), "see-dots", { group: "north", charter: charter("own", {}, { peers: "none" }) }),
    /^The charter of north shows no practice to another, not even as a dot\./,
  );
  t.match(
    why(own("clinician"), "see-peers", {
      ...{ group: "north", practice: "p1" },
      charter: charter("own", {}, { view: "deciles" }),
    }),
    /^The charter of north shows no other practice at a practice, not even as a dot\./,
  );
  t.match(
    why(visitor("hub"), "see-comparison", { group: "north", charter: charter("named") }),
    /^The charter of north says which roles see what, and whoever has no account has none\./,
  );
  t.equal(
    why(hub("cluster-lead"), "see-dots", { group: "south", charter: charter("named") }),
    "Your account is not for this group. The hub operator can change that.",
  );
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
