/** The practice's decisions as commands, in one line each. They work whether the agent runs or not. */
import {
  acceptHubLog,
  allowCorrection,
  allRules,
  ANY_GROUP,
  approveNamed,
  bodyToPin,
  charteredRules,
  charterLines,
  decider,
  declineNamed,
  join,
  JOINING_WORDS,
  keeperFolder,
  keeperStatus,
  KeeperStore,
  leave,
  logLogView,
  parseRule,
  pause,
  person,
  pinnedFingerprint,
  practiceExportLines,
  resume,
  type Rule,
  ruleText,
  setFloor,
  setHold,
  setRule,
  wholeRunName,
  withdraw,
  withdrawUse,
} from "@cairn/keeper/practice";
import { shellWord } from "@cairn/text";
import { nearest } from "@cairn/query-library";
import { keyFingerprint } from "@cairn/signed-library";
import { isMeant } from "../confirm.js";
import { plural, say } from "../say.js";
import { entryWords } from "./log-words.js";

export interface RuleFlags {
  readonly data: string;
  readonly group?: string;
  readonly set?: string;
  readonly delegate?: string;
  readonly yes?: boolean;
  readonly hold?: "on" | "off";
  readonly floor?: string;
  readonly as?: string;
  readonly json?: boolean;
}

/** Opens the keeper's store for one thing to be said. */
function toKeeper<T>(data: string, work: (store: KeeperStore) => T): T {
  const store = KeeperStore.open(keeperFolder(data));
  try {
    return work(store);
  } finally {
    store.close();
  }
}

/** The folder for a decision, and the name that the person gives. */
export interface DecisionOptions {
  readonly data: string;
  readonly as?: string;
}

export function pauseAgent({ data, as }: DecisionOptions): void {
  toKeeper(data, (store) => pause(store, decider(store, as, "pause-practice")));
  say.result("paused: nothing runs and nothing leaves until cairn agent resume");
}

export function resumeAgent({ data, as }: DecisionOptions): void {
  toKeeper(data, (store) => resume(store, decider(store, as, "pause-practice")));
  say.result("not paused");
}

/** Approves each in turn; the first that cannot be approved ends it, and earlier ones stay approved. */
export function approveAt(
  { data, as, group }: DecisionOptions & { group?: string },
  what: readonly string[],
): void {
  toKeeper(data, (store) => {
    for (const each of what) say.result(approveNamed(store, each, { group: group ?? null, as }));
  });
}

export function declineAt({ data, as, group }: DecisionOptions & { group?: string }, what: string): void {
  const done = toKeeper(data, (store) => declineNamed(store, what, { group: group ?? null, as }));
  if (typeof done !== "string")
    return say.result(
      `${done.query} at ${done.referenceDate} is kept here for good: no version of it leaves for that date. What the hub has confirmed stays until cairn agent withdraw`,
    );
  const whom = group === undefined ? "" : ` for ${group}`;
  say.result(
    `${done} is declined${whom}, also where it was on its way; cairn agent approve ${done} reverses that. What the hub has confirmed stays until cairn agent withdraw`,
  );
}

/** Says what the group's charter is, where one waits, and accepts it with the group; or says it alone. */
export function joinAt({ data, as, show }: DecisionOptions & { show?: boolean }, group: string): void {
  const [isNew, unasked] = toKeeper(data, (store) => {
    const charter = charterLines(store, group);
    for (const line of charter) say.result(line);
    if (show) return [null, null];
    const isNew = join(store, group, decider(store, as, "decide-queries"));
    return [isNew, unaskedWords(store, group)];
  });
  if (isNew === null) return say.result(`nothing is accepted yet: cairn agent join without --show does that`);
  say.result(
    isNew
      ? `${group} is accepted: its rule decides what it may ask (cairn agent rules), and cairn agent leave ${shellWord(group)} reverses this${unasked === null ? "" : `. ${unasked}`}. ${JOINING_WORDS}`
      : `${group} was accepted already`,
  );
}

/** Words on a group name that may be mistyped, since nothing was asked under it; null where something was. */
function unaskedWords(store: KeeperStore, group: string): string | null {
  const asked = new Set(keeperStatus(store).queries.map((one) => one.group));
  if (asked.has(group)) return null;
  const those =
    asked.size === 0
      ? "compare it with what the hub calls it"
      : `those that have are ${nearest(group, asked).join(", ")}${asked.size > 5 ? ` and ${asked.size - 5} more` : ""}`;
  return `No group called ${group} has asked for anything here yet: ${those}`;
}

/** Leaves a group. What had left before stays, and the answer says so. */
export function leaveAt({ data, as }: DecisionOptions, group: string): void {
  const seen = toKeeper(data, (store) => leave(store, group, decider(store, as, "decide-queries")));
  const stays =
    seen === 0
      ? "it holds nothing of this practice"
      : `${plural(seen, "release")} that the hub had confirmed before ${seen === 1 ? "stays" : "stay"} with it: cairn agent withdraw RUN --group withdraws ${seen === 1 ? "it" : "each"}, and cairn agent status names ${seen === 1 ? "it" : "them"}`;
  say.result(`${group} is left: it gets nothing new from this second; ${stays}`);
}

/** The reason stays in the keeper: it may name a patient. */
export function withdrawAt(
  { data, as, group, why = "" }: DecisionOptions & { group?: string; why?: string },
  run: string,
): void {
  const { query, referenceDate } = toKeeper(data, (store) => {
    const by = decider(store, as, "decide-releases");
    const whole = wholeRunName(store, run);
    return group === undefined ? withdraw(store, whole, why, by) : withdrawUse(store, whole, group, why, by);
  });
  const told = "and the hub is told as soon as it can be reached";
  if (group !== undefined)
    return say.result(
      `${group} may no longer see ${query} at ${referenceDate}, ${told}; what other groups may see stays`,
    );
  say.result(`the release of ${query} at ${referenceDate} is withdrawn here, ${told}; the reason stays here`);
}

export function correctAt({ data, as }: DecisionOptions, run: string): void {
  const { query, referenceDate } = toKeeper(data, (store) =>
    allowCorrection(store, wholeRunName(store, run), decider(store, as, "decide-releases")),
  );
  say.result(`${query} at ${referenceDate} may be answered once more, as a correction that both logs record`);
}

export function acceptHubLogAt({ data, as }: DecisionOptions): void {
  say.result(toKeeper(data, (store) => acceptHubLog(store, decider(store, as, "enrol-practice"))));
}

/** Changes what the flags say, then shows all rules. */
export async function rulesAt(flags: RuleFlags): Promise<void> {
  const pinned = flags.delegate === undefined ? null : await confirmedKeys(flags, flags.delegate);
  if (flags.delegate !== undefined && pinned === null) return;
  toKeeper(flags.data, (store) => {
    const { group = ANY_GROUP } = flags;
    const rule = pinned ?? (flags.set === undefined ? null : parseRule(flags.set));
    const sets = rule !== null || flags.hold !== undefined || flags.floor !== undefined;
    const by = sets ? decider(store, flags.as, "set-rules") : person(flags.as);
    if (rule !== null) {
      setRule(store, group, rule, by);
      const isKnown = keeperStatus(store).groups.some((one) => one.group === group);
      const unasked = group === ANY_GROUP || isKnown ? null : unaskedWords(store, group);
      if (unasked !== null) say.note(unasked);
    }
    if (flags.hold !== undefined) setHold(store, flags.hold === "on", by);
    if (flags.floor !== undefined) setFloor(store, flags.floor, by);
    const { hold, floor } = keeperStatus(store);
    const rules = allRules(store).map(({ group, rule, problem }) => ({
      group,
      rule: ruleText(rule),
      problem,
    }));
    const inForce = charteredRules(store).map(({ group, rule }) => ({ group, rule: ruleText(rule) }));
    if (flags.json) return say.json({ rules, in_force: inForce, hold, floor });
    for (const { group, rule, problem } of rules)
      say.result(`${group}: ${rule}${problem === null ? "" : ` (${problem})`}`);
    if (!rules.some(({ group }) => group === "any"))
      say.result(
        `any: ask${inForce.length === 0 ? "" : " (nobody here has set it; where a group's charter has a rule, that holds)"}`,
      );
    for (const { group, rule } of inForce)
      say.result(`in force for ${group}, the stricter of its charter's rule and this practice's: ${rule}`);
    say.result(`hold: ${hold ? "on" : "off"}\nfloor: ${floor}`);
  });
}

/** The rule that leaves it to a body under the keys that it has now, once a person saw them; null where they say no. */
async function confirmedKeys({ data, yes, group, json }: RuleFlags, body: string): Promise<Rule | null> {
  const { keys, threshold, digest } = toKeeper(data, (store) => bodyToPin(store, body));
  const tell = json ? say.note : say.result;
  for (const key of keys) tell(`${key.name}: ${keyFingerprint(key)}`);
  tell(
    `${threshold} of these ${keys.length} people sign what ${body} accepts. The fingerprint of their keys: ${pinnedFingerprint({ keys: digest })}`,
  );
  const whose = group === undefined || group === ANY_GROUP ? "every group without a rule of its own" : group;
  const question = `Did ${body} read this fingerprint to you, and may it accept new questions of ${whose} for this practice?`;
  return (await isMeant(question, yes ?? false)) ? { rule: "delegate", body, keys: digest } : null;
}

/** The whole log, its signed head first: `cairn audit verify` reads it. */
export function printLog(flags: DecisionOptions & { readonly json?: boolean }): void {
  toKeeper(flags.data, (store) => {
    logLogView(store, flags.as, flags.json ? "export" : "log");
    if (flags.json) {
      for (const line of practiceExportLines(store)) say.data(line);
      return;
    }
    for (const entry of store.log.entries()) say.data(entryWords(entry));
  });
}
