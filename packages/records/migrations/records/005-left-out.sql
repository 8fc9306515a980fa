-- The practice's own list of people who are left out of everything that leaves, by its identifiers. Those whom no load has
-- brought yet are kept, and left out once one does.
CREATE TABLE left_out (practice_id TEXT PRIMARY KEY) STRICT, WITHOUT ROWID;

-- Which list that is: the keeper answers only beside the one that its log tells of. Null before there was one.
ALTER TABLE store ADD COLUMN left_out_list TEXT;
