/** A person's rights are those that the one table gives their role, each with commands that they may give. */
import t from "tap";
import {
  ACTIONS,
  HUB_ROLES,
  may,
  mayGive,
  PRACTICE_ROLES,
  rightsOf,
  type Action,
  type HubRole,
  type Person,
  type PracticeRole,
} from "@cairn/access";

const PEOPLE: readonly Person[] = [
  ...(Object.keys(HUB_ROLES) as HubRole[]).map(
    (role) => ({ at: "hub", name: "Ann", role, groups: "every" }) as const,
  ),
  ...(Object.keys(PRACTICE_ROLES) as PracticeRole[]).map(
    (role) => ({ at: "practice", name: "Ann", role, practice: "p" }) as const,
  ),
];
const ABOUT = { practice: "p", group: "g", charter: null };

t.test("each role is told what it may do, and nothing else", async (t) => {
  for (const person of PEOPLE) {
    const told = rightsOf(person);
    const allowed = (Object.keys(ACTIONS) as Action[]).filter(
      (action) =>
        may(person, action, ABOUT as never).allowed && !/^(open-hub|see-standing|keep-own)/.test(action),
    );
    const words = told?.rights.map((right) => right.words) ?? [];
    const byCharter = words.filter((each) => each.endsWith(", where the group's charter lets you"));
    t.same(
      words.filter((each) => !byCharter.includes(each)),
      allowed.map((action) => ACTIONS[action].words),
      person.role,
    );
    t.equal(
      byCharter.length,
      { "cluster-lead": 1, provider: 3, analyst: 3, supporter: 2 }[person.role as string] ?? 0,
    );
    t.ok(told && told.rights.length > 0, `a ${person.role} is told something`);
    if (person.role !== "hub-operator" && person.role !== "administrator")
      t.same(
        told?.rights.flatMap(({ commands }) => commands),
        [],
        "who has no terminal reads no command",
      );
    else t.ok(told?.rights.some(({ commands }) => commands.length > 0));
    for (const command of told?.rights.flatMap(({ commands }) => commands) ?? [])
      t.ok(mayGive(person, command, "g"), `a ${person.role} may give cairn ${command}`);
  }
  t.equal(rightsOf({ at: "hub", name: null, role: "visitor" }), null);
});
