-- When the hub next looks whether a collection is to be closed; null where only a change below can make it so. What can end
-- the waiting for a member, or bring enough results, is noted by the change itself: nothing looks at every open collection.
ALTER TABLE collection ADD COLUMN look_at INTEGER DEFAULT 0;   -- milliseconds since 1970
CREATE INDEX collection_look_at ON collection (look_at) WHERE look_at IS NOT NULL;

CREATE TRIGGER look_after_run AFTER UPDATE OF state, correction ON run
WHEN NEW.state NOT IN ('not-due', 'offered', 'claimed')
BEGIN
  UPDATE collection SET look_at = 0
  WHERE id IN (SELECT collection FROM collection_member WHERE run = NEW.id) AND look_at IS NOT 0;
END;
CREATE TRIGGER look_after_request AFTER UPDATE OF state, newest_use ON run_request
BEGIN
  UPDATE collection SET look_at = 0
  WHERE id IN (SELECT collection FROM collection_member WHERE run = NEW.run) AND group_name = NEW.group_name
    AND look_at IS NOT 0;
END;
CREATE TRIGGER look_after_other_end AFTER UPDATE OF closes_at ON collection
WHEN NEW.look_at IS NOT 0
BEGIN
  UPDATE collection SET look_at = 0 WHERE id = NEW.id;
END;
-- A newer charter can ask for fewer practices.
CREATE TRIGGER look_after_charter AFTER INSERT ON charter
BEGIN
  UPDATE collection SET look_at = 0 WHERE group_name = NEW.group_name AND shown = 0 AND closed_at IS NOT NULL;
END;
CREATE TRIGGER look_after_charter_in_force AFTER UPDATE OF in_force ON charter
WHEN NEW.in_force <> OLD.in_force
BEGIN
  UPDATE collection SET look_at = 0 WHERE group_name = NEW.group_name AND shown = 0 AND closed_at IS NOT NULL;
END;
