-- Whether loads of suppliers' extracts before this may have kept what a later row corrected to be none (1): said once, until a bulk
-- extract that is all there is.
ALTER TABLE store ADD COLUMN keeps_corrected INTEGER NOT NULL DEFAULT 0;
UPDATE store SET keeps_corrected = 1 WHERE (SELECT count(*) FROM import WHERE format IN ('emis', 'systmone')) > 1;
