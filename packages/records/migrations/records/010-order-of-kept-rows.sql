-- The extract's own order of a kept row's versions, as in `event`. A row that is gone stays with its order and nobody: patient 0.
ALTER TABLE kept_row ADD COLUMN source_order INTEGER NOT NULL DEFAULT 0;
