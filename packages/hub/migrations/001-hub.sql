-- Times are milliseconds since 1970 on the hub's clock; dates are YYYY-MM-DD; digests in hex where they are keys.

CREATE TABLE practice (
  id TEXT PRIMARY KEY,               -- random, made at the first invitation
  name TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL
) STRICT;

-- A set of practices that compare. The floor is the weakest policy that its releases may have.
CREATE TABLE practice_group (
  name TEXT PRIMARY KEY,
  floor_k INTEGER NOT NULL,
  floor_base INTEGER NOT NULL,
  floor_midpoint INTEGER NOT NULL
) STRICT;

CREATE TABLE group_member (
  group_name TEXT NOT NULL REFERENCES practice_group (name),
  practice TEXT NOT NULL REFERENCES practice (id),
  joined_at INTEGER NOT NULL,
  PRIMARY KEY (group_name, practice)
) STRICT;

CREATE TABLE invitation (
  code_hash BLOB PRIMARY KEY,        -- SHA-256 of the join code's secret; the code itself is not kept
  practice TEXT NOT NULL REFERENCES practice (id),
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  agent TEXT REFERENCES agent (id)   -- who redeemed it, null before
) STRICT;

CREATE TABLE agent (
  id TEXT PRIMARY KEY,
  practice TEXT NOT NULL REFERENCES practice (id),
  state TEXT NOT NULL CHECK (state IN ('enrolled', 'admitted', 'revoked')),
  courier_key BLOB NOT NULL,         -- SubjectPublicKeyInfo, DER; changes with a renewal
  key_digest TEXT NOT NULL UNIQUE,   -- SHA-256 of courier_key
  keeper_key BLOB NOT NULL,          -- raw Ed25519; never changes
  fingerprint TEXT NOT NULL,
  instance TEXT NOT NULL,
  version TEXT NOT NULL,
  generation INTEGER NOT NULL,       -- of the newest certificate
  confirmed INTEGER NOT NULL,        -- highest generation that has spoken since it was issued
  certificate TEXT,                  -- newest, PEM
  enrolled_at INTEGER NOT NULL,
  polled_at INTEGER,
  covers_to TEXT,
  paused INTEGER NOT NULL DEFAULT 0,
  library_version TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX one_admitted_agent ON agent (practice) WHERE state = 'admitted';

CREATE TABLE library (
  version TEXT PRIMARY KEY,
  number INTEGER NOT NULL UNIQUE,    -- rises by one
  bundle BLOB NOT NULL,
  digest BLOB NOT NULL,
  published_at INTEGER NOT NULL
) STRICT;

CREATE TABLE schedule (
  id INTEGER PRIMARY KEY,
  group_name TEXT NOT NULL REFERENCES practice_group (name),
  queries TEXT NOT NULL,             -- JSON array of query names
  every TEXT NOT NULL CHECK (every IN ('month', 'quarter', 'year')),
  periods INTEGER NOT NULL,
  until_date TEXT,                   -- the first batch ends here; null: at the newest period that has ended
  cron TEXT,                         -- null: the first batch and no more
  timezone TEXT NOT NULL,
  catch_up TEXT NOT NULL CHECK (catch_up IN ('none', 'latest', 'all')),
  catch_up_window INTEGER NOT NULL,
  spread INTEGER NOT NULL,
  collect_for INTEGER NOT NULL,
  paused INTEGER NOT NULL DEFAULT 0,
  created_at INTEGER NOT NULL,
  next_due INTEGER                   -- null: nothing more to do
) STRICT;

CREATE TABLE schedule_firing (
  schedule INTEGER NOT NULL REFERENCES schedule (id),
  due_at INTEGER NOT NULL,
  outcome TEXT NOT NULL CHECK (outcome IN ('offered', 'skipped')),
  reason TEXT,                       -- of a skip
  decided_at INTEGER NOT NULL,
  PRIMARY KEY (schedule, due_at)
) STRICT;

CREATE TABLE run (
  id TEXT PRIMARY KEY,               -- derived from the three of the UNIQUE below: the same after a restore
  practice TEXT NOT NULL REFERENCES practice (id),
  query TEXT NOT NULL,
  query_version TEXT NOT NULL,
  query_digest TEXT NOT NULL,
  reference_date TEXT NOT NULL,
  group_name TEXT NOT NULL,          -- that asked first
  state TEXT NOT NULL,
  reason TEXT,                       -- refusal code, or why it expired
  attempt INTEGER NOT NULL DEFAULT 0,
  lease_until INTEGER,
  not_before INTEGER NOT NULL,       -- the practice's own moment within the spread
  lost INTEGER NOT NULL DEFAULT 0,   -- the agent was given a receipt, and these bytes are not here
  backfill INTEGER NOT NULL,         -- of a schedule's first batch: no catch-up rule ends it
  changed_at INTEGER NOT NULL,
  UNIQUE (practice, query_digest, reference_date)
) STRICT;
CREATE INDEX run_open ON run (practice, state, reference_date);
CREATE INDEX run_leased ON run (lease_until) WHERE lease_until IS NOT NULL;

-- Exactly one counted result for a run.
CREATE TABLE release (
  run TEXT PRIMARY KEY REFERENCES run (id),
  digest BLOB NOT NULL,
  bytes BLOB NOT NULL,
  library_digest BLOB NOT NULL,
  policy_k INTEGER NOT NULL,
  policy_base INTEGER NOT NULL,
  policy_midpoint INTEGER NOT NULL,
  log_index INTEGER NOT NULL,
  log_size INTEGER NOT NULL,
  log_root BLOB NOT NULL,
  signature BLOB NOT NULL,
  record_basis TEXT NOT NULL,
  received_at INTEGER NOT NULL,
  hub_log_index INTEGER NOT NULL,
  receipt BLOB NOT NULL              -- the receipt's signature
) STRICT;

-- A second, different release for a run that has one: kept as an alarm, never counted.
CREATE TABLE release_conflict (
  run TEXT NOT NULL REFERENCES run (id),
  digest BLOB NOT NULL,
  received_at INTEGER NOT NULL,
  PRIMARY KEY (run, digest)
) STRICT;

-- One query version for one group and reference date. Its members are frozen when it opens.
CREATE TABLE collection (
  id INTEGER PRIMARY KEY,
  group_name TEXT NOT NULL REFERENCES practice_group (name),
  query TEXT NOT NULL,
  query_version TEXT NOT NULL,
  query_digest TEXT NOT NULL,
  reference_date TEXT NOT NULL,
  opened_at INTEGER NOT NULL,
  closes_at INTEGER NOT NULL,
  closed_at INTEGER,
  UNIQUE (group_name, query_digest, reference_date)
) STRICT;
CREATE INDEX collection_open ON collection (closes_at) WHERE closed_at IS NULL;

CREATE TABLE collection_member (
  collection INTEGER NOT NULL REFERENCES collection (id),
  practice TEXT NOT NULL REFERENCES practice (id),
  run TEXT NOT NULL REFERENCES run (id),
  PRIMARY KEY (collection, practice)
) STRICT, WITHOUT ROWID;
CREATE INDEX collection_of_run ON collection_member (run);

CREATE TABLE contributor_set (
  id INTEGER PRIMARY KEY,
  practices TEXT NOT NULL UNIQUE     -- JSON array, sorted
) STRICT;

-- Made once, when the collection closes.
CREATE TABLE group_figure (
  collection INTEGER NOT NULL REFERENCES collection (id),
  query TEXT NOT NULL,
  reference_date TEXT NOT NULL,
  cell TEXT NOT NULL,                -- the split's keys and values as canonical JSON; {} is the total
  position INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('made', 'too-few', 'dominated', 'too-close')),
  contributors INTEGER NOT NULL,
  contributor_set INTEGER REFERENCES contributor_set (id),
  numerator_low INTEGER,
  numerator_high INTEGER,
  denominator_low INTEGER,
  denominator_high INTEGER,
  median_low REAL,                   -- of the practices' proportions
  median_high REAL,
  withdrawn INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (collection, position)
) STRICT, WITHOUT ROWID;
CREATE INDEX figure_of_cell ON group_figure (query, reference_date, cell);

-- Each practice's newest countersigned checkpoint of the hub's log.
CREATE TABLE cosignature (
  agent TEXT PRIMARY KEY REFERENCES agent (id),
  size INTEGER NOT NULL,
  note TEXT NOT NULL,
  at INTEGER NOT NULL
) STRICT;

-- The reply to a call that changed something, for the same call again.
CREATE TABLE idempotency (
  agent TEXT NOT NULL REFERENCES agent (id),
  call TEXT NOT NULL,
  key TEXT NOT NULL,
  request BLOB NOT NULL,             -- SHA-256
  reply BLOB NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (agent, call, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_age ON idempotency (at);
