-- Contacts of a SystmOne extract keep the numbers that said how and where they were (`source_code`), so that they get another code
-- once these stand for something else. Whether some are here that came in before that was kept (1): a full extract that is all
-- there is gives them.
UPDATE store SET lacks_source_codes = 1 WHERE events > 0 AND EXISTS (SELECT 1 FROM import WHERE format = 'systmone');
