-- Whoever joins a group is asked for its past dates. Figures that are shown stay; those of which nothing is, are made again.

ALTER TABLE group_member ADD COLUMN offered_to TEXT REFERENCES agent (id); -- that was asked for the group's past dates; null: none yet
ALTER TABLE collection_member ADD COLUMN joined_at INTEGER;           -- asked after the collection had opened; null: when it opened
ALTER TABLE collection_member ADD COLUMN late INTEGER NOT NULL DEFAULT 0; -- and after something of it was shown: in no figure of it
ALTER TABLE collection ADD COLUMN shown INTEGER NOT NULL DEFAULT 0;   -- closed, and a sum, a middle or dots of it are or were shown
ALTER TABLE collection ADD COLUMN closed_index INTEGER;               -- of "collection-closed" in the hub's log; null in older hubs
UPDATE collection SET shown = 1 WHERE EXISTS
  (SELECT 1 FROM group_figure WHERE collection = collection.id AND (state <> 'too-few' OR median_low IS NOT NULL));
CREATE INDEX collection_unshown ON collection (closed_at) WHERE closed_at IS NOT NULL AND shown = 0;
