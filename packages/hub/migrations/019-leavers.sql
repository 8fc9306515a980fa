-- Who of those asked had left the group when its comparison closed: peers know that by name. Of those closed before, who is
-- not in the group today.
ALTER TABLE collection_member ADD COLUMN left_before INTEGER NOT NULL DEFAULT 0;
UPDATE collection_member SET left_before = 1
WHERE collection IN (SELECT id FROM collection WHERE closed_at IS NOT NULL) AND NOT EXISTS (
  SELECT 1 FROM collection JOIN group_member AS still ON still.group_name = collection.group_name
  WHERE collection.id = collection_member.collection AND still.practice = collection_member.practice
);
