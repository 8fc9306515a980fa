/**
 * Bounds of a call's content, checked before any of it is parsed, verified or asked of the database, and before the
 * caller is known. The form of text that is stored is checked too.
 */
import { tryDayNumber } from "@cairn/query-library";
import {
  WireRefusal,
  type ClaimRequest__Output,
  type EnrolRequest__Output,
  type FetchComparisonsRequest__Output,
  type FetchLibraryRequest__Output,
  type GiveBackRequest__Output,
  type HubHandlers,
  type PollRequest__Output,
  type RenewRequest__Output,
  type ReportRequest__Output,
  type SubmitRequest__Output,
  type WitnessRequest__Output,
} from "@cairn/wire";

/** Most bytes of a certificate request; one for a P-256 key has some 250. */
const CSR_BYTES = 2048;
/** Most characters of a join code; one has 118. */
const JOIN_CODE = 200;
const RUNS = 1000;
/** Most runs that an agent may name as known, declined ones too: eight years of a library of 200 queries a month. */
const KNOWN_RUNS = 20_000;
const USES = 4000;
const GROUPS = 64;
/** Most consents to be named, and ends, in one call. */
const CONSENTS = 64;
/** Most charters that an agent may say are decided. */
const CHARTERS = 64;
/** Most targets of a library that an agent may name as held. */
const TARGETS = 1000;
const NAME = 400; // a group's name is at most 100 characters
const RUN_ID = 64;
/** Most places whose proof an agent may ask for in one call. */
const PROOFS = 64;
const NOTE = 16_384; // a countersigned checkpoint is some 400 characters

const checks: { readonly [Call in keyof HubHandlers]: (request: never) => void } = {
  enrol: (request: EnrolRequest__Output) => {
    size("a join code", request.joinCode, JOIN_CODE);
    size("a certificate request", request.csr, CSR_BYTES);
    exactly("a keeper's key", request.keeperKey, 32);
    printable("the installation's name", request.instance, 1);
    agentVersion(request.agentVersion);
  },
  renew: (request: RenewRequest__Output) => {
    size("a certificate request", request.csr, CSR_BYTES);
    printable("the installation's name", request.instance, 1);
    size("an idempotency key", request.idempotencyKey, 100);
  },
  poll: (request: PollRequest__Output) => {
    printable("the library's version", request.libraryVersion, 0);
    printable("the library's edition", request.libraryEdition, 0);
    whole("a place in the log", request.comparisonsFrom);
    printable("the installation's name", request.instance, 1);
    agentVersion(request.agentVersion);
    count("charters", request.decidedCharters?.digests ?? [], CHARTERS);
    for (const digest of request.decidedCharters?.digests ?? [])
      exactly("the digest of a charter", digest, 32);
    count("runs", request.knownRuns, KNOWN_RUNS);
    for (const run of request.knownRuns) size("a run's name", run, RUN_ID);
    if (request.coversTo !== "" && tryDayNumber(request.coversTo) === null)
      throw tooMuch("the day that the records reach is a date");
  },
  fetchLibrary: (request: FetchLibraryRequest__Output) => {
    printable("the library's version", request.version, 1);
    whole("a place in the library", request.offset);
    count("targets held", request.held, TARGETS);
    for (const digest of request.held) exactly("the digest of a target", digest, 32);
  },
  claim: (request: ClaimRequest__Output) => {
    size("an idempotency key", request.idempotencyKey, 100);
    count("runs", request.runs, RUNS);
    for (const run of request.runs) size("a run's name", run, RUN_ID);
  },
  report: (request: ReportRequest__Output) => {
    size("an idempotency key", request.idempotencyKey, 100);
    count("runs", request.runs, RUNS);
    count(
      "groups",
      request.runs.flatMap(({ groups }) => groups),
      USES,
    );
    count("consents", request.consents, CONSENTS);
    for (const { group, to, until } of request.consents) {
      size("a group's name", group, NAME);
      printable("a role", to, 1);
      printable("a day", until, 1);
    }
    if (new Set(request.runs.map(({ run }) => run)).size < request.runs.length)
      throw tooMuch("a report names each run once");
    for (const { run, groups, refusal } of request.runs) {
      size("a run's name", run, RUN_ID);
      size("a refusal's code", refusal?.code ?? "", 100);
      count("groups of a run", groups, GROUPS);
      for (const { group } of groups) size("a group's name", group, NAME);
    }
  },
  submit: (request: SubmitRequest__Output) => {
    size("an idempotency key", request.idempotencyKey, 100);
    count("releases", request.releases, RUNS);
    count("uses", request.uses, USES);
    for (const { run } of request.releases) size("a run's name", run, RUN_ID);
    for (const { run, group } of request.uses) {
      size("a run's name", run, RUN_ID);
      size("a group's name", group, NAME);
    }
  },
  giveBack: (request: GiveBackRequest__Output) => whole("a place in the log", request.after),
  witness: (request: WitnessRequest__Output) => {
    whole("a size of the log", request.seenSize);
    size("a countersigned checkpoint", request.cosigned, NOTE);
    count("places to be proved", request.unproved, PROOFS);
    for (const place of request.unproved) whole("a place in the log", place);
    printable("the library's version", request.unprovedLibrary, 0);
  },
  fetchComparisons: (request: FetchComparisonsRequest__Output) => {
    whole("a place in the log", request.from);
    whole("a size of the log", request.seenSize);
  },
};

/** Checks a request's bounds. @throws WireRefusal bad-request */
export function checkBounds(call: keyof HubHandlers, request: unknown): void {
  checks[call](request as never);
}

function size(what: string, held: string | Uint8Array, most: number): void {
  const unit = typeof held === "string" ? "characters" : "bytes";
  if (held.length > most) throw tooMuch(`${what} has at most ${most} ${unit}`);
}

function exactly(what: string, held: Uint8Array, bytes: number): void {
  if (held.length !== bytes) throw tooMuch(`${what} has ${bytes} bytes`);
}

function count(what: string, held: readonly unknown[], most: number): void {
  if (held.length > most) throw tooMuch(`there are at most ${most} ${what} in one call`);
}

function printable(what: string, held: string, least: number): void {
  if (held.length < least || !/^[\x20-\x7e]{0,100}$/.test(held))
    throw tooMuch(`${what} has ${least} to 100 printable characters`);
}

/** Checks an agent's version: semantic versioning 2.0, or "" where the agent gives none. */
function agentVersion(held: string): void {
  if (!/^(\d{1,5}\.\d{1,5}\.\d{1,5}(-[0-9A-Za-z.-]{1,32})?(\+[0-9A-Za-z.-]{1,32})?)?$/.test(held))
    throw tooMuch("the agent's version is written as 1.2.3 or 1.2.3-beta.1");
}

function whole(what: string, held: number): void {
  if (!Number.isSafeInteger(held) || held < 0) throw tooMuch(`${what} is a whole number`);
}

function tooMuch(words: string): WireRefusal {
  return new WireRefusal("bad-request", words);
}
