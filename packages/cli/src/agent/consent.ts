/** `agent consent`: who could see this practice by name, what it has said of that, and how it says so. */
import {
  consentLines,
  consentStandings,
  giveNamingConsent,
  decider,
  endedConsents,
  endedLine,
  endsOnTheirWay,
  keeperFolder,
  KeeperError,
  KeeperStore,
  withdrawConsent,
} from "@cairn/keeper/practice";
import { isMeant } from "../confirm.js";
import { say } from "../say.js";

export interface ConsentFlags {
  readonly data: string;
  readonly as?: string;
  readonly group?: string;
  readonly to?: string;
  readonly until?: string;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/**
 * Shows how consents to be named stand; before that it gives one, or takes back what was given.
 * @throws ConfirmError needs-yes; KeeperError where there is no agent, this person may not, or it is not said for which group
 */
export async function consentAt(what: "give" | "take-back" | undefined, flags: ConsentFlags): Promise<void> {
  if (what === "give") {
    requireWhole(flags);
    for (const line of MEANS) (flags.json ? say.note : say.result)(line);
    if (!(await isMeant("Is this practice to be named to them?", flags.yes ?? false))) return;
  }
  const store = KeeperStore.open(keeperFolder(flags.data));
  try {
    if (what !== undefined) decide(store, what, flags);
    const standings = consentStandings(store).filter(
      ({ group }) => what === undefined || group === flags.group,
    );
    if (flags.json) return say.json(standings);
    const ended = what === undefined ? endedConsents(store).map(endedLine) : [];
    for (const line of [...standings.flatMap(consentLines), ...ended, ...endsOnTheirWay(store)])
      say.result(line);
    if (what === undefined && standings.length === 0)
      say.result("No charter in force, accepted here, lets anybody see practices by name.");
    if (what === undefined && standings.length > 0) for (const line of MEANS) say.result(line);
    if (what === "take-back")
      say.result(
        "Here it holds from this second, and at the hub as soon as it is told: within a minute while the link works.",
      );
  } finally {
    store.close();
  }
}

const MEANS = [
  "What is shown of a named practice, on the page of a question: its name, its dot's whole per cent, and the last day of its consent; of past dates too.",
  "Names show only while all consent, or while three dots or more, not all at one place, never had a name there. Where a practice has no dot, its name is not shown: whoever knows from elsewhere that it consents can tell that its number is withheld there, or did not come.",
  "Each look is written down for good, with who looked, what for and whom it named; what people wrote down for themselves nobody can take back.",
  "It ends by itself with its last day, with the group and with its charter: under another it is asked again.",
];

/** @throws KeeperError consent-date-wrong, consent-not-asked */
function requireWhole({ group, until }: ConsentFlags): void {
  requireGroup(group);
  if (until === undefined)
    throw new KeeperError(
      "consent-date-wrong",
      "--until is missing: say the last day as YYYY-MM-DD, at most a year away",
    );
}

function requireGroup(group: string | undefined): asserts group is string {
  if (group === undefined)
    throw new KeeperError(
      "consent-not-asked",
      "say for which group: --group G (cairn agent consent shows them)",
    );
}

function decide(
  store: KeeperStore,
  what: "give" | "take-back",
  { group, to, until, as }: ConsentFlags,
): void {
  requireGroup(group);
  const by = decider(store, as, "consent-to-names");
  if (what === "take-back") withdrawConsent(store, { group, to }, by);
  else giveNamingConsent(store, { group, to }, until ?? "", by);
}
