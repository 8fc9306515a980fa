/** cairn agent person add, disable, list and link: who signs in to the practice's own pages, and as what. */
import { PRACTICE_ROLES, roleWords, type PracticeRole } from "@cairn/access";
import { Option, type Command } from "commander";
import type * as practice from "@cairn/keeper/practice";
import { say } from "../say.js";

interface PersonFlags {
  data: string;
  as?: string;
  json?: boolean;
}

const DATA = ["--data <dir>", "the agent's folder", "cairn-agent"] as const;
const AS = ["--as <name>", "who decides, for the log: the system's user where it is not said"] as const;
const PAGES = [
  "--pages <address>",
  "where the person reaches the practice's own pages (default: where they are open to other desks, else on this machine)",
] as const;

/** Opens the keeper's store for one thing to be done. */
async function atKeeper<T>(
  data: string,
  work: (keeper: typeof practice, store: practice.KeeperStore) => T,
): Promise<T> {
  const keeper = await import("@cairn/keeper/practice");
  const store = keeper.KeeperStore.open(keeper.keeperFolder(data));
  try {
    return work(keeper, store);
  } finally {
    store.close();
  }
}

export function registerPeople(agent: Command): void {
  const people = agent.command("person").description("who signs in to the practice's own pages, and as what");
  people
    .command("add")
    .argument("<name>", "the person's name, as the log will have it")
    .requiredOption("--role <role>", Object.keys(PRACTICE_ROLES).join(", "))
    .description("add a person with a role; from the first one on everybody has to sign in")
    .option(...AS)
    .option(...DATA)
    .action(async (name: string, { data, role, as }: PersonFlags & { role: string }) => {
      await atKeeper(data, (keeper, store) =>
        keeper.addPerson(store, name, role, keeper.decider(store, as, "keep-practice-people")),
      );
      say.result(`${name} is added as ${roleWords(role as PracticeRole)}.`);
      say.note(`Next: cairn agent person link "${name}" prints the link for their first visit.`);
    });
  people
    .command("link")
    .argument("<name>", "the person's name")
    .description("print a one-time link with which a person sets how they sign in; good once, for 72 hours")
    .option(...PAGES)
    .option(...AS)
    .option(...DATA)
    .option("--json", "print JSON")
    .addOption(
      new Option("--look-around", "for the demo's invented practices: it signs in by itself").hideHelp(),
    )
    .action(async (name: string, flags: PersonFlags & { pages?: string; lookAround?: boolean }) => {
      const { data, as, json, lookAround } = flags;
      const { path, until, pages } = await atKeeper(data, (keeper, store) => {
        const desks = lookAround ? null : keeper.openDesks(store); // no such link is taken there
        const pages = flags.pages ?? (desks?.problem === null ? desks.address : keeper.ownPages(store));
        const by = keeper.decider(store, as, "keep-practice-people");
        return { ...keeper.linkPerson(store, name, by, lookAround), pages };
      });
      const link = `${pages.replace(/\/+$/, "")}${path}`;
      if (json) say.json({ person: name, link, until });
      else say.result(link);
      say.note(
        `This link is a secret: give it to ${name} alone. It is good once, until ${until}, and ends earlier ones.`,
      );
    });
  people
    .command("disable")
    .argument("<name>", "the person's name")
    .description("end a person's account: their next request is refused")
    .option(...AS)
    .option(...DATA)
    .action(async (name: string, { data, as }: PersonFlags) => {
      await atKeeper(data, (keeper, store) =>
        keeper.disablePerson(store, name, keeper.decider(store, as, "keep-practice-people")),
      );
      say.result(`${name} is disabled. cairn agent person add "${name}" --role ROLE lets them in again.`);
    });
  people
    .command("list")
    .description("list everybody who has or had an account")
    .option(...DATA)
    .option("--json", "print JSON")
    .action(async ({ data, json }: PersonFlags) => {
      const all = await atKeeper(data, (keeper, store) => keeper.listPeople(store));
      if (json) say.json({ people: all });
      else if (all.length === 0)
        say.result("Nobody has an account: whoever sits at this machine sees the practice's page.");
      else for (const one of all) say.result(personLine(one));
    });
}

const STANDING: Readonly<Record<practice.ListedPerson["standing"], string>> = {
  active: "",
  "waits-for-first-visit": "  has not been here yet",
  disabled: "  disabled",
};

function personLine({ name, role, standing }: practice.ListedPerson): string {
  return `${name}  ${roleWords(role)}${STANDING[standing]}`;
}
