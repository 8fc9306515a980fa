-- Bodies that accept queries for practices, as the library in force has them, and rules that leave it to one.
CREATE TABLE body (
  body TEXT PRIMARY KEY,
  quorum TEXT NOT NULL,          -- JSON: its keys, and how many of them must sign
  digest BLOB NOT NULL,          -- SHA-256 over their ids and that number: what a rule pins
  until INTEGER NOT NULL,        -- when what it accepts expires, in milliseconds since 1970
  lapsed TEXT                    -- why nothing that it signed counts; null where it does, up to then
) STRICT, WITHOUT ROWID;

CREATE TABLE body_accepts (
  body TEXT NOT NULL REFERENCES body (body) ON DELETE CASCADE,
  query TEXT NOT NULL,
  version TEXT NOT NULL,
  digest BLOB NOT NULL,          -- SHA-256 of the query
  PRIMARY KEY (body, digest)
) STRICT, WITHOUT ROWID;

CREATE TABLE rule_now (
  grp TEXT PRIMARY KEY,          -- 'any' for groups without a rule of their own
  rule TEXT NOT NULL CHECK (rule IN ('ask', 'accept-signed', 'accept-after', 'delegate')),
  days INTEGER NOT NULL,         -- of accept-after; else 0
  body TEXT,                     -- of delegate; of ask, the body whose keys changed, where that is why
  pinned BLOB,                   -- of delegate: the digest of the body's keys on the day it was set
  CHECK ((rule = 'delegate') = (pinned IS NOT NULL)),
  CHECK (pinned IS NULL OR body IS NOT NULL)
) STRICT, WITHOUT ROWID;
INSERT INTO rule_now (grp, rule, days) SELECT grp, rule, days FROM rule;
DROP TABLE rule;
ALTER TABLE rule_now RENAME TO rule;

ALTER TABLE offered ADD COLUMN accepted_body TEXT; -- the body whose word it was accepted on
