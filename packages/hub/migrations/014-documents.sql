-- A closed comparison as one signed document for all members of its group.

CREATE TABLE comparison_document (
  collection INTEGER NOT NULL REFERENCES collection (id),
  revision INTEGER NOT NULL,             -- from 1
  group_name TEXT NOT NULL REFERENCES practice_group (name),
  digest BLOB NOT NULL,                  -- SHA-256 of its bytes
  bytes BLOB,                            -- canonical JSON; null once a newer revision took its place
  signature BLOB NOT NULL,               -- Ed25519 by the hub's log key
  hub_log_index INTEGER NOT NULL,        -- of "comparison-made"
  PRIMARY KEY (collection, revision)
) STRICT;
CREATE INDEX comparison_document_current ON comparison_document (group_name, hub_log_index) WHERE bytes IS NOT NULL;

ALTER TABLE collection ADD COLUMN document_due INTEGER NOT NULL DEFAULT 0; -- what its document tells may have changed
UPDATE collection SET document_due = 1 WHERE closed_at IS NOT NULL;
CREATE INDEX collection_document_due ON collection (reference_date, id) WHERE document_due = 1;
