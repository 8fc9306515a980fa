-- Whether the rows' ids are each person's own numbers (1): another person's row of the same id is then another row.

ALTER TABLE store ADD COLUMN own_row_ids INTEGER NOT NULL DEFAULT 0;
