-- What FHIR's Medication resources are, by their ids: requests of later extracts point at those of earlier ones.

CREATE TABLE medication (
  id TEXT PRIMARY KEY,
  system TEXT NOT NULL,
  code TEXT NOT NULL                     -- as recorded; empty where it has none
) STRICT, WITHOUT ROWID;
