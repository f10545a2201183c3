-- How much a reward counts; null is 1.
ALTER TABLE events ADD COLUMN weight REAL;          -- 4
ALTER TABLE events ADD COLUMN previous_weight REAL; -- 4
ALTER TABLE decisions ADD COLUMN reward_weight REAL;
