-- Documents are of version 2. Those of version 1 are made anew: their bytes go, and their revisions and digests stay, so that
-- the next revision says what it takes the place of.
UPDATE comparison_document SET bytes = NULL;
UPDATE collection SET document_due = 1, retry_at = NULL WHERE closed_at IS NOT NULL;
