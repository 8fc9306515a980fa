-- A consent is set aside for good when its practice leaves the group, or another charter of the group comes into force.
ALTER TABLE consent ADD COLUMN set_aside INTEGER NOT NULL DEFAULT 0 CHECK (set_aside IN (0, 1));
UPDATE consent SET set_aside = 1
WHERE ended = 0
  AND (receipt = x'' -- how it was told before
    OR NOT EXISTS (SELECT 1 FROM charter
                   WHERE charter.group_name = consent.group_name AND charter.digest = consent.charter_digest AND in_force = 1));
ALTER TABLE consent DROP COLUMN receipt; -- the hub's key signs the same facts alike, each time

-- Digests in hex, as a JSON array, of the charters of which somebody at the practice has decided, as its agent said it last.
ALTER TABLE agent ADD COLUMN decided_charters TEXT; -- NULL: not said
