-- How a receipt stands to the witnesses: its proof is awaited, it was proved, or no proof is asked for, as its log was
-- replaced before there was one.
ALTER TABLE receipt ADD COLUMN proof TEXT NOT NULL DEFAULT 'awaited' CHECK (proof IN ('awaited', 'proved', 'not-asked'));

-- From when the proof is awaited, in milliseconds since 1970: when the receipt came, or its log was accepted.
ALTER TABLE receipt RENAME COLUMN received_at TO awaited_from;
