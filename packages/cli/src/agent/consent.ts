/** `agent consent`: who could see this practice by name, what it has said of that, and how it says so. */
import {
  consentLines,
  consentStandings,
  giveNamingConsent,
  decider,
  endsOnTheirWay,
  keeperFolder,
  KeeperError,
  KeeperStore,
  withdrawConsent,
} from "@cairn/keeper/practice";
import { say } from "../say.js";

export interface ConsentFlags {
  readonly data: string;
  readonly as?: string;
  readonly group?: string;
  readonly to?: string;
  readonly until?: string;
  readonly json?: boolean;
}

/**
 * Shows how consents to be named stand; before that it gives one, or takes back what was given.
 * @throws KeeperError where there is no agent, this person may not, or it is not said for which group
 */
export function consentAt(what: "give" | "take-back" | undefined, flags: ConsentFlags): void {
  const store = KeeperStore.open(keeperFolder(flags.data));
  try {
    if (what !== undefined) decide(store, what, flags);
    const standings = consentStandings(store).filter(
      ({ group }) => what === undefined || group === flags.group,
    );
    if (flags.json) return say.json(standings);
    for (const line of [...standings.flatMap(consentLines), ...endsOnTheirWay(store)]) say.result(line);
    if (what === undefined && standings.length === 0)
      say.result("No charter in force, accepted here, lets anybody see practices by name.");
    if (what === undefined) return;
    say.result(
      what === "give"
        ? "What is shown of a named practice is its dot's whole per cent on the page of a question, to these people alone. It ends by itself with its last day, with the group and with its charter: under another it is asked again."
        : "Here it holds from this second, and at the hub as soon as it is told: within a minute while the link works.",
    );
  } finally {
    store.close();
  }
}

function decide(
  store: KeeperStore,
  what: "give" | "take-back",
  { group, to, until, as }: ConsentFlags,
): void {
  if (group === undefined)
    throw new KeeperError(
      "consent-not-asked",
      "say for which group: --group G (cairn agent consent shows them)",
    );
  const by = decider(store, as, "consent-to-names");
  if (what === "take-back") withdrawConsent(store, { group, to }, by);
  else giveNamingConsent(store, { group, to }, until ?? "", by);
}
