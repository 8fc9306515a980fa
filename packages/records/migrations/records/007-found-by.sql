-- The number by which the practice's own system finds a person, for worklists only; null where that is the identifier.
ALTER TABLE patient ADD COLUMN number TEXT;

-- Whether the extract marks a person as confidential (1): they are left out of everything that leaves.
ALTER TABLE patient ADD COLUMN confidential INTEGER NOT NULL DEFAULT 0;
