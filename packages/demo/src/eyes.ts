/** People of the demo, one for each role, with links through which a newcomer sees what each of them sees. */
import { HUB_ROLES, roleWords, type HubRole, type PracticeRole } from "@cairn/access";
import { addPerson, linkPerson } from "@cairn/hub";
import type { Federation, Practice } from "./federation.js";

const HUB_NAMES: Readonly<Record<HubRole, string>> = {
  "cluster-lead": "Morag Lead",
  commissioner: "Col Commissioner",
  supporter: "Sue Supporter",
  provider: "Pat Provider",
  "governance-officer": "Gail Governance",
  "hub-operator": "Omar Operator",
  analyst: "Ana Analyst",
  "library-signer": "Sam Signer",
};

const PRACTICE_NAMES: Readonly<Record<PracticeRole, string>> = {
  "quality-lead": "Dr Quin Quality",
  clinician: "Dr Clio Clinician",
  administrator: "Adi Administrator",
  officer: "Olly Officer",
};

export interface LookLink {
  readonly role: string; // in words
  readonly link: string; // good once
}

/** Adds a person of each role at the hub. From then on its pages ask for signing in. @returns a link for each, the cluster lead's first */
export async function hubEyes(federation: Federation): Promise<LookLink[]> {
  return federation.atHub(async (hub) => {
    const links: LookLink[] = [];
    for (const [role, name] of Object.entries(HUB_NAMES) as [HubRole, string][]) {
      const groups = HUB_ROLES[role].groups === "named" ? [federation.options.group] : [];
      await addPerson(hub, { name, role, groups });
      const { path } = await linkPerson(hub, name, undefined, true);
      links.push({ role: roleWords(role), link: atSite(federation.addresses.pages, path) });
    }
    return links;
  });
}

/** The same at one practice, by its commands. */
export async function practiceEyes(practice: Practice): Promise<LookLink[]> {
  const links: LookLink[] = [];
  for (const role of Object.keys(PRACTICE_NAMES) as PracticeRole[]) {
    const name = PRACTICE_NAMES[role];
    await practice.must("agent", "person", "add", name, "--role", role);
    const asked = ["agent", "person", "link", name, "--look-around", "--pages", practice.page, "--json"];
    const { link } = JSON.parse(await practice.must(...asked)) as { link: string };
    links.push({ role: roleWords(role), link });
  }
  return links;
}

function atSite(pages: string, path: string): string {
  return `${pages.replace(/\/+$/, "")}${path}`;
}

/** The links in lines, the roles in one column. */
export function lookLines(links: readonly LookLink[]): string {
  const width = Math.max(...links.map(({ role }) => role.length));
  return links.map(({ role, link }) => `  ${role.padEnd(width)}  ${link}`).join("\n");
}
