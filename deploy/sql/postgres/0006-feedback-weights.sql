-- How much a reward counts; null is 1.
ALTER TABLE events ADD COLUMN weight float8;          -- 4
ALTER TABLE events ADD COLUMN previous_weight float8; -- 4
ALTER TABLE decisions ADD COLUMN reward_weight float8;
