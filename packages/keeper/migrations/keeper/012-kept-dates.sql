-- Dates of a query of which a person keeps a held release here for good: no version of it leaves for that date. By run, a
-- new version was another run, and left.
CREATE TABLE kept_date (
  query TEXT NOT NULL,           -- every version of it
  date TEXT NOT NULL,            -- ISO
  PRIMARY KEY (query, date)
) STRICT, WITHOUT ROWID;
INSERT OR IGNORE INTO kept_date SELECT query, reference_date FROM kept_here JOIN run USING (run);
DROP TABLE kept_here;
