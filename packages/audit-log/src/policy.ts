/**
 * Which logs are believed, and which witnesses have to have signed a checkpoint of theirs: C2SP tlog-policy.
 *
 * Reading is stricter than the specification in two points: the text is UTF-8 without any control character but tab and
 * newline, and it ends in a newline.
 */
import { openCheckpoint, signaturesOn, type Checkpoint } from "./note.js";
import { rawKey, readVkey, type KeyUse, type NoteKey } from "./vkey.js";

export interface Policy {
  readonly logs: readonly PolicyKey[];
  readonly witnesses: readonly Witness[];
  /** What has to have signed; null where nothing has to (`quorum none`). */
  readonly quorum: Signer | null;
}

export interface PolicyKey extends NoteKey {
  /** Where to reach it: a witness's submission prefix; null where the policy does not say. */
  readonly url: string | null;
}

/** `called`: its name in the policy; the key has its own. */
export interface Witness extends PolicyKey {
  readonly called: string;
}

interface Group {
  readonly called: string;
  /** How many of its members have to have signed. */
  readonly needed: number;
  readonly members: readonly Signer[];
}

type Signer = Witness | Group;

type ReadPolicy =
  { readonly ok: true; readonly policy: Policy } | { readonly ok: false; readonly problem: string };

/** The most lines that define something; the specification asks for 32 logs, witnesses and groups at least. */
const MOST_LINES = 200;

/** Reads a policy. @returns it, or which line is wrong, in words. */
export function readPolicy(text: string): ReadPolicy {
  if (/[^\P{Cc}\t\n]|\uFFFD/u.test(text)) return no("it holds a control character, or is not UTF-8");
  if (!text.endsWith("\n")) return no("its last line does not end");
  const reading = new Reading();
  const lines = text.split("\n").slice(0, -1);
  for (const [i, line] of lines.entries()) {
    const [what = "", ...items] = line.split(/[ \t]+/).filter((item) => item !== "");
    if (what === "" || what.startsWith("#")) continue;
    const problem = reading.take(what, items);
    if (problem !== null) return no(`line ${i + 1}: ${problem}`);
  }
  if (reading.quorum === undefined) return no("it has no quorum line");
  const { logs, witnesses, quorum: needed } = reading;
  return { ok: true, policy: { logs, witnesses, quorum: needed } };
}

/** What the lines so far define. Each `take...` returns what is wrong with a line, or null. */
class Reading {
  readonly logs: PolicyKey[] = [];
  readonly witnesses: Witness[] = [];
  quorum: Signer | null | undefined;
  readonly #named = new Map<string, Signer>();
  readonly #members = new Set<string>();
  readonly #keys = new Set<string>();
  #lines = 0;

  take(what: string, items: readonly string[]): string | null {
    this.#lines += 1;
    if (this.#lines > MOST_LINES) return `more than ${MOST_LINES} lines define something`;
    if (what === "log") return this.#takeLog(items);
    if (what === "witness") return this.#takeWitness(items);
    if (what === "group") return this.#takeGroup(items);
    if (what === "quorum") return this.#takeQuorum(items);
    return `${JSON.stringify(what)} is none of log, witness, group and quorum`;
  }

  #takeLog([vkey = "", url, ...more]: readonly string[]): string | null {
    const log = this.#keyOf(vkey, "log");
    if (typeof log === "string") return log;
    if (more.length > 0) return "a log has a key and an address";
    this.logs.push({ ...log, url: url ?? null });
    return null;
  }

  #takeWitness([called = "", vkey = "", url, ...more]: readonly string[]): string | null {
    const witness = this.#keyOf(vkey, "witness");
    if (typeof witness === "string") return witness;
    if (more.length > 0) return "a witness has a name, a key and an address";
    return this.#name({ ...witness, called, url: url ?? null }, (each) => this.witnesses.push(each));
  }

  #takeGroup([called = "", count = "", ...names]: readonly string[]): string | null {
    const members = names.flatMap((name) => this.#named.get(name) ?? []);
    if (members.length === 0 || members.length < names.length)
      return "a group has members, each named on a line before it";
    const twice = names.find((name, i) => this.#members.has(name) || names.indexOf(name) !== i);
    if (twice !== undefined) return `${twice} is a member twice`;
    const needed = count === "any" ? 1 : count === "all" ? members.length : Number(count);
    if (!/^(any|all|[1-9][0-9]{0,2})$/.test(count) || needed > members.length)
      return `a group needs any, all or a number from 1 to ${members.length} of its members`;
    return this.#name({ called, needed, members }, () => {
      for (const name of names) this.#members.add(name);
    });
  }

  #takeQuorum([called = "", ...more]: readonly string[]): string | null {
    if (this.quorum !== undefined) return "there is a quorum line before it";
    const signer = called === "none" ? null : this.#named.get(called);
    if (signer === undefined || more.length > 0)
      return "a quorum is none, or one witness or group named on a line before it";
    this.quorum = signer;
    return null;
  }

  #keyOf(vkey: string, use: KeyUse): NoteKey | string {
    const key = readVkey(vkey, use);
    if (!key) return `there is no key of a ${use} (name+id+key)`;
    const known = `${use} ${rawKey(key.key).toString("hex")}`;
    if (this.#keys.has(known)) return `the key of this ${use} is there twice`;
    this.#keys.add(known);
    return key;
  }

  #name<S extends Signer>(signer: S, take: (signer: S) => void): string | null {
    const { called } = signer;
    if (called === "none" || this.#named.has(called)) return `the name ${called} is taken`;
    this.#named.set(called, signer);
    take(signer);
    return null;
  }
}

/**
 * Why a policy asks for no signature but the log's own, in words: nobody has to sign, or a log is its own witness. Null
 * where it asks others.
 */
export function asksNobodyElse({ logs, witnesses, quorum: needed }: Policy): string | null {
  if (needed === null) return "its quorum is none, so nobody has to sign";
  const own = new Set(logs.map(({ key }) => rawKey(key).toString("hex")));
  const same = witnesses.find(({ key }) => own.has(rawKey(key).toString("hex")));
  return same ? `the witness ${same.called} has the key of a log, which cannot be its own witness` : null;
}

/** The verdict of a policy on a checkpoint. */
export type PolicyVerdict =
  | {
      /** Signed by a log of the policy, and by as many witnesses as it needs. */
      readonly ok: true;
      readonly checkpoint: Checkpoint;
      /** The witnesses that signed, by their names in the policy. */
      readonly by: readonly string[];
    }
  | {
      readonly ok: false;
      readonly why: "not-a-checkpoint" | "log-unknown" | "signature-bad" | "quorum-missing";
      readonly words: string;
      readonly by: readonly string[];
      /** The witnesses of the quorum that did not sign. */
      readonly missing: readonly string[];
    };

/**
 * Holds a checkpoint against a policy. A bad signature of a key that the policy names refuses it whole; signatures of
 * other keys count for nothing.
 * @param note the checkpoint with its signatures
 */
export function quorum(policy: Policy, note: string): PolicyVerdict {
  const signed = new Map<string, boolean>();
  const refused = (
    why: "not-a-checkpoint" | "log-unknown" | "signature-bad",
    words: string,
  ): PolicyVerdict => {
    return { ok: false, why, words, by: [], missing: [] };
  };
  for (const key of [...policy.logs, ...policy.witnesses]) {
    const on = signaturesOn(note, key);
    if (on === "no-note") return refused("not-a-checkpoint", "it is not a checkpoint");
    if (on === "bad") return refused("signature-bad", `it bears a bad signature of ${key.name}`);
    if ("called" in key) signed.set((key as Witness).called, on.seconds !== null);
  }
  const opened = policy.logs.map((log) => ({ log, checkpoint: openCheckpoint(note, log) }));
  const { checkpoint } = opened.find((each) => each.checkpoint?.origin === each.log.name) ?? {};
  if (!checkpoint) return refused("log-unknown", "no log of the policy signed it");
  const by = policy.witnesses.filter(({ called }) => signed.get(called)).map(({ called }) => called);
  if (policy.quorum === null || hasSigned(policy.quorum, by)) return { ok: true, checkpoint, by };
  const missing = witnessesOf(policy.quorum).filter((called) => !by.includes(called));
  const words = `the quorum ${policy.quorum.called} is not reached: ${missing.join(", ")} did not sign`;
  return { ok: false, why: "quorum-missing", words, by, missing };
}

function hasSigned(signer: Signer, by: readonly string[]): boolean {
  if (!("members" in signer)) return by.includes(signer.called);
  return signer.members.filter((member) => hasSigned(member, by)).length >= signer.needed;
}

function witnessesOf(signer: Signer): string[] {
  return "members" in signer ? signer.members.flatMap(witnessesOf) : [signer.called];
}

function no(problem: string): { ok: false; problem: string } {
  return { ok: false, problem };
}
