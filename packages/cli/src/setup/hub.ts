/** `hub setup`: one command from an installed package to a hub that runs, with a first person who can sign in. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { HUB_ROLES } from "@cairn/access";
import { checkHost } from "@cairn/hub";
import { say } from "../say.js";
import { AnswerError, answersTo, type Question } from "./answers.js";
import { canStart, giveAll, printedBy, type Step, systemctl } from "./steps.js";

export interface HubFlags {
  readonly data?: string;
  readonly host: readonly string[];
  readonly port?: string;
  readonly grpcPort?: string;
  readonly person?: string;
  readonly role?: string;
  readonly group: readonly string[];
  readonly as?: string;
}

const INSTALLED = "/var/lib/cairn-hub";
const UNIT = "cairn-hub";
/** The ports that the service has; other ones are its own settings' to say. */
const PAGES_PORT = "8080";
const AGENTS_PORT = "8443";
const START_S = 20;

/** Sets a hub up, or goes on where it was left. @throws AnswerError; StepError */
export async function setUpHub(flags: HubFlags): Promise<void> {
  const data = flags.data ?? (existsSync(INSTALLED) ? INSTALLED : "cairn-hub");
  const hasUnit = resolve(data) === INSTALLED && canStart(UNIT);
  const isMade = existsSync(join(data, "hub.json"));
  say.result(isMade ? `The hub in ${data} stands. Its names stay as they are.` : `A new hub, in ${data}.`);
  const answers = await answersTo(questions(flags, { hasUnit, isMade }));
  const where = ["--data", data];
  if (!isMade && !(await giveAll([["hub", "init", ...where, ...namesOf(answers.host)]]))) return;
  if (answers.person !== null && !(await giveAll(personSteps(answers, flags, where)))) return;
  if (hasUnit) {
    systemctl("enable --now", UNIT);
    await untilItAnswers();
    say.result("The hub runs, now and after each start of this machine.");
  } else say.result(`Start the hub: ${serveLine(data, answers)}`);
  say.result(
    `Each practice then gives cairn agent setup, with this machine's name, port ${answers.grpcPort ?? AGENTS_PORT}, and the code of its own invitation.`,
  );
  await giveAll([["hub", "status", ...where]]);
}

type Asked = "host" | "grpcPort" | "port" | "person" | "role";
type Answers = Readonly<Record<Asked, string | null>>;

function questions(
  flags: HubFlags,
  { hasUnit, isMade }: { readonly hasUnit: boolean; readonly isMade: boolean },
): Record<Asked, Question> {
  const port = (usual: string, whose: string): Pick<Question, "stands" | "asks" | "check"> => ({
    stands: usual,
    asks: !hasUnit && !isMade,
    check: (answer) => portOf(answer, hasUnit ? usual : null, whose),
  });
  return {
    host: {
      flag: "--host",
      given: flags.host.length > 0 ? flags.host.join(" ") : undefined,
      asks: !isMade,
      words: "The name by which practices reach this machine (several with blanks between)",
      check: (answer) => {
        for (const host of answer.split(/\s+/)) checkHost(host);
        return answer;
      },
    },
    grpcPort: {
      ...{ flag: "--grpc-port", given: flags.grpcPort, ...port(AGENTS_PORT, "agents") },
      words: "The port that practices' agents reach",
    },
    port: {
      ...{ flag: "--port", given: flags.port, ...port(PAGES_PORT, "its pages") },
      words: "The port of the pages, on this machine alone",
    },
    person: {
      ...{ flag: "--person", given: flags.person, canBeNone: true },
      words: "The first person who signs in, such as the officer who answers for what leaves (a name)",
    },
    role: {
      ...{ flag: "--role", given: flags.role, stands: "governance-officer" },
      words: `Their role: ${Object.keys(HUB_ROLES).join(", ")}`,
      check: (answer) => {
        if (Object.hasOwn(HUB_ROLES, answer)) return answer;
        throw new AnswerError("answer-wrong", `choose one of ${Object.keys(HUB_ROLES).join(", ")}`);
      },
    },
  };
}

function portOf(answer: string, only: string | null, whose: string): string {
  if (!/^\d{1,5}$/.test(answer) || Number(answer) > 65_535)
    throw new AnswerError("answer-wrong", "write a port from 0 to 65535");
  if (only !== null && answer !== only)
    throw new AnswerError(
      "answer-wrong",
      `the service has ${only} for ${whose}: another is set by systemctl edit ${UNIT}`,
    );
  return answer;
}

function namesOf(host: string | null): string[] {
  return (host ?? "").split(/\s+/).flatMap((name) => (name === "" ? [] : ["--host", name]));
}

/** Adds the person where they have no account yet, and makes a link for a first visit that has not been. */
function personSteps({ person, role, port }: Answers, flags: HubFlags, where: Step): Step[] {
  const name = person ?? "";
  const listed = printedBy(["hub", "person", "list", ...where, "--json"]);
  if (listed === null) return [];
  const { people } = JSON.parse(listed) as { people: { name: string; standing: string }[] };
  const as = flags.as === undefined ? [] : ["--as", flags.as];
  const groups = flags.group.flatMap((group) => ["--group", group]);
  const before = people.find((one) => one.name === name);
  if (before?.standing === "active") {
    say.result(`${name} signs in already.`);
    return [];
  }
  const add = ["hub", "person", "add", name, "--role", role ?? "", ...groups, ...where, ...as];
  // Without a port that was said, the link leads where the pages are served, or were last.
  const pages = port === PAGES_PORT || port === "0" ? [] : ["--pages", `http://localhost:${port}`];
  return [...(before === undefined ? [add] : []), ["hub", "person", "link", name, ...pages, ...where, ...as]];
}

function serveLine(data: string, { port, grpcPort }: Answers): string {
  const other = (flag: string, value: string | null, usual: string): string =>
    value === null || value === usual ? "" : ` ${flag} ${value}`;
  const ports = `${other("--port", port, PAGES_PORT)}${other("--grpc-port", grpcPort, AGENTS_PORT)}`;
  return `cairn hub serve --data ${data} --grpc-host 0.0.0.0${ports}`;
}

async function untilItAnswers(): Promise<void> {
  for (let s = 0; s < START_S; s++) {
    if (await fetch(`http://127.0.0.1:${PAGES_PORT}/healthz`).catch(() => null)) return;
    await pause(1000);
  }
}
