-- Whether dots of a comparison were shown, or would tell of a few practices beside those of another group; null while nothing
-- of it is shown. What was shown before this rule stays, and later ones are held against it.
ALTER TABLE collection ADD COLUMN dots TEXT CHECK (dots IN ('shown', 'too-close'));
UPDATE collection SET dots = 'shown' WHERE shown = 1;
CREATE INDEX collection_dots ON collection (reference_date) WHERE dots = 'shown';
