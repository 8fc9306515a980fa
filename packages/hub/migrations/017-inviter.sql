-- Who invited a practice: somebody else admits its agent. Null where a version before this one invited.
ALTER TABLE invitation ADD COLUMN invited_by TEXT;
