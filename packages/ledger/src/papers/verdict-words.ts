/** Whether the logs hold, in words for the head of a paper: the result of the same check as `cairn audit verify`. */
import { minute } from "@cairn/text";
import { plural, problemLine } from "../cross-check/findings.js";
import type { GivenFiles } from "./given.js";
import { heading, list, text, type PaperItem } from "./paper.js";

/** Problems that are told here; `cairn audit verify --all` tells every one. */
const MOST_TOLD = 5;

/** The verdict first, then what it was made from, then what cannot be told from that. */
export function verdictBlocks(given: GivenFiles, more: readonly string[] = []): PaperItem[] {
  const { notes } = given.account;
  const untold = [...cannotTell(given), ...more, ...notes];
  return [
    heading(2, "Do the logs hold?"),
    ...verdict(given),
    text("It was made from:"),
    list(sources(given)),
    ...(untold.length > 0 ? [text("What could not be checked or told from these:"), list(untold)] : []),
  ];
}

function verdict({ account, hub, practices }: GivenFiles): PaperItem[] {
  const { problems, verified, releases, bytes } = account;
  if (!verified) {
    const rest = problems.length - MOST_TOLD;
    return [
      text(
        `They do not hold, or do not agree: ${plural(problems.length, "thing")}, below. What this paper says is what the logs claim; do not rely on it before that is explained.`,
      ),
      list(problems.slice(0, MOST_TOLD).map(problemLine)),
      ...(rest > 0 ? [text(`There are ${rest} more: cairn audit verify --all prints each.`)] : []),
    ];
  }
  if (hub && practices.length > 0) {
    const checked = bytes === null ? "" : ` The bytes of ${bytes} have their digests and signatures.`;
    return [
      text(
        `The logs hold, and agree with each other on ${plural(releases, "release")}. None of these lacks a signed library in date, an acceptance, a use or a receipt that should be there.${checked}`,
        "the check of cairn audit verify, made anew for this paper",
      ),
    ];
  }
  return [
    text(
      hub
        ? "The hub's log holds by itself. Nothing that a practice holds was compared with it."
        : `${practices.length === 1 ? "The practice's log holds" : "The practices' logs hold"} by ${practices.length === 1 ? "itself" : "themselves"}: everything that left had a signed library in date, an acceptance and a use in it. Nothing of the hub's was compared with it.`,
      "the checks of cairn audit verify that need one side alone",
    ),
  ];
}

function sources({ account, hub, practices, policy }: GivenFiles): string[] {
  const at = (iso: string | null): string => (iso === null ? "" : `, exported ${minute(iso)}`);
  const hubs = hub
    ? [`The hub's log (${hub.name}): ${plural(hub.entries.length, "entry", "entries")}${at(hub.exportedAt)}`]
    : [];
  const witnesses = hub
    ? [
        hub.witnesses.length === 0
          ? "No witness has countersigned the hub's log in this export"
          : `Countersignatures of these witnesses on the hub's log: ${hub.witnesses.join(", ")}${policy ? "" : ". Whether they are those of the signed policy was not asked (--policy FILE)"}`,
      ]
    : [];
  return [
    ...hubs,
    ...practices.map(
      ({ name, file, entries, exportedAt }) =>
        `The log of ${name} (${file}): ${plural(entries.length, "entry", "entries")}${at(exportedAt)}`,
    ),
    ...witnesses,
    ...(account.witnessed === null
      ? []
      : [`Entries of the hub's log under the quorum of the policy that was given: ${account.witnessed}`]),
  ];
}

function cannotTell({ hub, practices, policy }: GivenFiles): string[] {
  return [
    ...(hub
      ? []
      : [
          "The hub's log was not given: what it received, showed and to whom, and what witnesses countersigned.",
        ]),
    ...(practices.length === 0
      ? [
          "No practice's log was given: rules, who accepted, what was withheld, and why something did not come.",
          ...(policy
            ? []
            : [
                "Whose signature is on the hub's log: a practice's log or a policy (--policy FILE) says whose it has to be.",
              ]),
        ]
      : []),
    ...(hub?.isSealed
      ? ["The hub's export is sealed: entries that concern other practices are closed in it."]
      : []),
  ];
}
