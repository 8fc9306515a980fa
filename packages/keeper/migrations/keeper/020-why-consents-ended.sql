-- Why a consent ended: "person", "left" (the group), "charter" (another came into force), "hub" (it was set aside there), or
-- "new-hub" (the practice went to another). NULL of one that is given, and of ends from before this was kept.
ALTER TABLE consent ADD COLUMN why_ended TEXT;
