/** The rows of migrations/, as Kysely sees them. */
import type { HubRole } from "@cairn/access";
import type { FigureState, RequestState, RunState } from "@cairn/comparisons";
import type { Generated, Selectable } from "kysely";

export interface Tables {
  setting: SettingTable;
  practice: { id: string; name: string; created_at: number; forgotten_at: Generated<number | null> };
  practice_group: { name: string; floor_k: number; floor_base: number; floor_midpoint: number };
  group_member: {
    group_name: string;
    practice: string;
    joined_at: number;
    /** The agent that was asked for the group's past dates. */
    offered_to: Generated<string | null>;
  };
  invitation: {
    code_hash: Buffer;
    practice: string;
    created_at: number;
    expires_at: number;
    agent: string | null;
    replaced_at: Generated<number | null>;
    invited_by: string | null;
  };
  agent: AgentTable;
  library: { version: string; number: number; content: Buffer; published_at: number };
  charter: { group_name: string; digest: Buffer; bytes: Buffer; library: string; in_force: number };
  library_file: { name: string; role: "root" | "metadata" | "target"; bytes: Buffer };
  schedule: ScheduleTable;
  schedule_firing: {
    schedule: number;
    due_at: number;
    outcome: "offered" | "skipped";
    reason: string | null;
    decided_at: number;
  };
  schedule_skip: { schedule: number; due_at: number; query: string; reason: string };
  run: RunTable;
  run_request: RequestTable;
  release: ReleaseRow;
  release_use: UseRow;
  withdrawal: WithdrawalRow;
  consent: ConsentRow;
  release_conflict: { run: string; digest: Buffer; received_at: number };
  opening: OpeningTable;
  collection: CollectionTable;
  collection_member: {
    collection: number;
    practice: string;
    run: string;
    joined_at: Generated<number | null>;
    late: Generated<number>;
    left_before: Generated<number>;
  };
  contributor_set: { id: Generated<number>; practices: string };
  group_figure: FigureTable;
  comparison_document: DocumentRow;
  cosignature: { agent: string; size: number; note: string; at: number };
  group_note: NoteTable;
  group_question: { group_name: string; query: string; position: number };
  published_reference: ReferenceTable;
  person: PersonTable;
  person_group: { person: number; group_name: string };
  one_time_link: {
    digest: Buffer;
    person: number;
    looks_around: number;
    expires_at: number;
    used_at: Generated<number | null>;
  };
  openid_provider: ProviderRow;
  session: { digest: Buffer; person: number | null; data: string; seen_at: number };
  idempotency: { agent: string; call: string; key: string; request: Buffer; reply: Buffer; at: number };
}

type AgentState =
  | "enrolled" // redeemed a join code; waits for a second person to compare fingerprints
  | "admitted" // may take part; at most one for each practice
  | "revoked"; // locked out for good: by the operator, or replaced by a later agent

export type AgentRow = Selectable<AgentTable>;
interface AgentTable {
  id: string;
  practice: string;
  state: AgentState;
  courier_key: Buffer;
  key_digest: string;
  keeper_key: Buffer;
  fingerprint: string;
  instance: string;
  version: string;
  generation: number;
  confirmed: number;
  certificate: string | null;
  enrolled_at: number;
  polled_at: number | null;
  covers_to: string | null;
  paused: Generated<number>;
  library_version: Generated<string>;
  decided_charters: string | null;
}

export type PeriodLength = "month" | "quarter" | "year";
export type CatchUpRule = "none" | "latest" | "all";

export type ScheduleRow = Selectable<ScheduleTable>;
interface ScheduleTable {
  id: Generated<number>;
  group_name: string;
  queries: string;
  every: PeriodLength;
  periods: number;
  until_date: string | null;
  cron: string | null;
  timezone: string;
  catch_up: CatchUpRule;
  catch_up_window: number;
  spread: number;
  collect_for: number;
  paused: Generated<number>;
  created_at: number;
  next_due: number | null;
  fault: Generated<string | null>;
  retry_at: Generated<number | null>;
}

export type RunRow = Selectable<RunTable>;
interface RunTable {
  id: string;
  practice: string;
  query: string;
  query_version: string;
  query_digest: string;
  reference_date: string;
  group_name: string;
  state: RunState;
  reason: string | null;
  attempt: Generated<number>;
  lease_until: number | null;
  not_before: number;
  lost: Generated<number>;
  backfill: number;
  changed_at: number;
  correction: Generated<number>;
}

export type RequestRow = Selectable<RequestTable>;
interface RequestTable {
  run: string;
  group_name: string;
  practice: string;
  state: RequestState;
  heard: Generated<number>;
  told: Generated<number>;
  tell_at: Generated<number>;
  newest_use: Generated<number | null>;
  without_use: Generated<number>;
  group_waits: Generated<number>;
}

export interface UseRow {
  hub_log_index: number;
  run: string;
  correction: number;
  group_name: string;
  release_digest: Buffer;
  charter_digest: Buffer;
  ended: number;
  log_index: number;
  log_size: number;
  log_root: Buffer;
  signature: Buffer;
  received_at: number;
  receipt: Buffer;
}

export interface ConsentRow {
  hub_log_index: number;
  practice: string;
  group_name: string;
  to_role: string;
  charter_digest: Buffer;
  until: string;
  ended: number;
  log_index: number;
  log_size: number;
  log_root: Buffer;
  signature: Buffer;
  set_aside: number; // it counts no more: its practice left the group since, or another charter came into force
}

export interface WithdrawalRow {
  run: string;
  correction: number;
  release_digest: Buffer;
  correctable: number;
  log_index: number;
  log_size: number;
  log_root: Buffer;
  signature: Buffer;
  received_at: number;
  hub_log_index: number;
  receipt: Buffer;
}

export interface ReleaseRow {
  run: string;
  correction: number;
  digest: Buffer;
  bytes: Buffer;
  library_digest: Buffer;
  policy_k: number;
  policy_base: number;
  policy_midpoint: number;
  log_index: number;
  log_size: number;
  log_root: Buffer;
  signature: Buffer;
  record_basis: string;
  opt_outs: string;
  received_at: number;
  hub_log_index: number;
  receipt: Buffer;
}

export type OpeningRow = Selectable<OpeningTable>;
interface OpeningTable {
  id: Generated<number>;
  schedule: number;
  query: string;
  query_version: string;
  query_digest: string;
  reference_date: string;
  backfill: number;
  retires: number;
}

export type CollectionRow = Selectable<CollectionTable>;
interface CollectionTable {
  id: Generated<number>;
  group_name: string;
  query: string;
  query_version: string;
  query_digest: string;
  reference_date: string;
  opened_at: number;
  closes_at: number;
  closed_at: number | null;
  fault: Generated<string | null>;
  retry_at: Generated<number | null>;
  shown: Generated<number>;
  dots: Generated<"shown" | "too-close" | null>; // null while nothing is shown
  closed_index: Generated<number | null>;
  /** When to look whether it is to be closed, in ms since 1970; null where a change has to come first. */
  look_at: Generated<number | null>;
  /** 1 where what its document tells may have changed. */
  document_due: Generated<number>;
} // public list sizes would tell who is missing from it

export interface DocumentRow {
  collection: number;
  revision: number;
  group_name: string;
  digest: Buffer;
  bytes: Buffer | null;
  signature: Buffer;
  hub_log_index: number;
}

interface FigureTable {
  collection: number;
  query: string;
  reference_date: string;
  cell: string;
  position: number;
  state: FigureState;
  contributors: number;
  contributor_set: number | null;
  /** The set of members, of those above, whose numerator was released too. Null in figures of older hubs. */
  numerator_set: number | null;
  withheld: Generated<number>;
  carried: Generated<number>;
  numerator_low: number | null;
  numerator_high: number | null;
  denominator_low: number | null;
  denominator_high: number | null;
  median_low: number | null;
  median_high: number | null;
  withdrawn: Generated<number>;
}

interface NoteTable {
  id: Generated<number>;
  group_name: string;
  query: string;
  kind: "note" | "aim" | "test-of-change";
  date: string;
  text: string;
  share: number | null;
  measured_by: string | null;
  until: string | null;
  written_by: string;
  written_at: number;
  outcome: Generated<"kept" | "changed" | "dropped" | null>;
  outcome_date: Generated<string | null>;
  outcome_by: Generated<string | null>;
}

export interface ReferenceTable {
  query: string;
  date: string;
  source: string;
  practices: number;
  p10: number;
  p50: number;
  p90: number;
  tau2: number;
}

export type PersonRow = Selectable<PersonTable>;
interface PersonTable {
  id: Generated<number>;
  name: string;
  name_key: string;
  role: HubRole;
  every_group: number;
  added_at: number;
  disabled_at: Generated<number | null>;
  password: Generated<string | null>;
  code_key: Generated<string | null>;
  code_place: Generated<number>;
  issuer: Generated<string | null>;
  subject: Generated<string | null>;
}

export interface ProviderRow {
  id: 1;
  issuer: string;
  name: string;
  client_id: string;
  client_key: string;
  key_id: string | null;
  algorithm: "RS256" | "RS512" | "PS256" | "ES256";
  pages: string;
}

interface SettingTable {
  name: "offline_after";
  value: number;
}
