-- People at the practice with accounts, their one-time links and their sessions: of a link and a session only the digest of the secret.

CREATE TABLE person (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL UNIQUE,       -- the name in lower case: two people are never told apart by that
  role TEXT NOT NULL,
  added_at INTEGER NOT NULL,
  disabled_at INTEGER,
  password TEXT,                       -- argon2id, PHC format; null until the first visit
  code_key TEXT,                       -- of one-time codes (TOTP), base32
  code_place INTEGER NOT NULL DEFAULT 0 -- of the newest code that was used, in steps of 30 seconds since 1970
) STRICT;

CREATE TABLE one_time_link (
  digest BLOB PRIMARY KEY,
  person INTEGER NOT NULL REFERENCES person (id),
  looks_around INTEGER NOT NULL CHECK (looks_around IN (0, 1)), -- it signs in by itself: a demo's
  expires_at INTEGER NOT NULL,
  used_at INTEGER                      -- or replaced by a newer one
) STRICT, WITHOUT ROWID;

CREATE TABLE session (
  digest BLOB PRIMARY KEY,
  person INTEGER REFERENCES person (id), -- null before anybody has signed in with it
  data TEXT NOT NULL,
  seen_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX session_of_person ON session (person);
CREATE INDEX session_seen ON session (seen_at);
