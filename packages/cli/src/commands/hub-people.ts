/** cairn hub person add, disable, list and link: who signs in to the hub's pages, and as what. */
import { joinNames } from "@cairn/ledger";
import { readFileSync } from "node:fs";
import { HUB_ROLES, roleWords } from "@cairn/access";
import type { Command } from "commander";
import * as hub from "@cairn/hub";
import { say } from "../say.js";
import { AS, DATA, many } from "./hub-options.js";

interface SignInFlags {
  data: string;
  issuer: string;
  clientId: string;
  key: string;
  keyId?: string;
  algorithm?: string;
  name: string;
  pages?: string;
  as?: string;
}

interface PersonFlags {
  data: string;
  as?: string;
  json?: boolean;
}

const PAGES = [
  "--pages <address>",
  "where people reach the hub's pages (default: where they are served, or were last)",
] as const;

export function registerPeople(command: Command): void {
  command
    .command("sign-in")
    .description("where people sign in elsewhere")
    .command("oidc")
    .description("let people sign in with an OpenID Connect provider: NHS CIS2, Entra ID, Keycloak")
    .requiredOption("--issuer <url>", "the provider's address, as it calls itself")
    .requiredOption("--client-id <id>", "the name under which the provider knows this hub")
    .requiredOption("--key <file>", "this hub's private key (PEM), whose public half the provider has")
    .option("--key-id <id>", "the name under which the provider knows that key")
    .option("--algorithm <name>", "RS256, RS512, PS256 or ES256; RS256 for an RSA key where absent")
    .option("--name <name>", "what the sign-in page calls it", "your organisation")
    .option(...PAGES)
    .option(...AS)
    .option(...DATA)
    .action(async ({ data, key, keyId, algorithm, as, pages, ...wanted }: SignInFlags) => {
      const clientKey = readFileSync(key, "utf8");
      const given = { ...wanted, clientKey, keyId: keyId ?? null, algorithm: algorithm ?? null };
      const back = await hub.withHub(data, async (open) => {
        await hub.requireMay(open, as, "operate-hub", {});
        return hub.setProvider(open, { ...given, pages: pages ?? hub.pagesAddress(open) }, as);
      });
      say.result(`People can sign in with ${wanted.name}, once each has come by a one-time link.`);
      say.note(`Give the provider this redirect address: ${back}`);
    });
  const person = command.command("person").description("who signs in to the hub's pages, and as what");
  person
    .command("add")
    .argument("<name>", "the person's name, as the log will have it")
    .requiredOption("--role <role>", Object.keys(HUB_ROLES).join(", "))
    .option("--group <name>", "a group that they are here for (repeat for more)", many, [])
    .description("add a person with a role; from the first one on everybody has to sign in")
    .option(...AS)
    .option(...DATA)
    .action(async (name: string, flags: PersonFlags & { role: string; group: string[] }) => {
      const { data, role, group: groups, as } = flags;
      await hub.withHub(data, async (open) => {
        await hub.requireMay(open, as, "keep-people", {});
        return hub.addPerson(open, { name, role, groups }, as);
      });
      const where = groups.length === 0 ? "every group" : joinNames(groups);
      say.result(`${name} is added as ${roleWords(role as keyof typeof HUB_ROLES)} for ${where}.`);
      say.note(`Next: cairn hub person link "${name}" prints the link for their first visit.`);
    });
  person
    .command("link")
    .argument("<name>", "the person's name")
    .description("print a one-time link with which a person sets how they sign in; good once, for 72 hours")
    .option(...PAGES)
    .option(...AS)
    .option(...DATA)
    .option("--json", "print JSON")
    .action(async (name: string, { data, as, json, ...flags }: PersonFlags & { pages?: string }) => {
      const { path, until, pages } = await hub.withHub(data, async (open) => {
        await hub.requireMay(open, as, "keep-people", {});
        const pages = flags.pages ?? hub.pagesAddress(open);
        return { ...(await hub.linkPerson(open, name, as)), pages };
      });
      const link = `${pages.replace(/\/+$/, "")}${path}`;
      if (json) say.json({ person: name, link, until });
      else say.result(link);
      say.note(
        `This link is a secret: give it to ${name} alone. It is good once, until ${until}, and ends earlier ones.`,
      );
    });
  person
    .command("disable")
    .argument("<name>", "the person's name")
    .description("end a person's account: their next request is refused")
    .option(...AS)
    .option(...DATA)
    .action(async (name: string, { data, as }: PersonFlags) => {
      await hub.withHub(data, async (open) => {
        await hub.requireMay(open, as, "keep-people", {});
        return hub.disablePerson(open, name, as);
      });
      say.result(`${name} is disabled. cairn hub person add "${name}" --role ROLE lets them in again.`);
    });
  person
    .command("list")
    .description("list everybody who has or had an account")
    .option(...DATA)
    .option("--json", "print JSON")
    .action(async ({ data, json }: PersonFlags) => {
      const people = await hub.withHub(data, (open) => hub.listPeople(open));
      if (json) say.json({ people });
      else if (people.length === 0)
        say.result("Nobody has an account: whoever sits at the hub's machine sees its pages.");
      else for (const one of people) say.result(personLine(one));
    });
}

const STANDING: Readonly<Record<hub.ListedPerson["standing"], string>> = {
  active: "",
  "waits-for-first-visit": "  has not been here yet",
  disabled: "  disabled",
};

function personLine({ name, role, groups, standing }: hub.ListedPerson): string {
  const where = groups === "every" ? "every group" : joinNames(groups);
  return `${name}  ${roleWords(role)}  ${where}${STANDING[standing]}`;
}
