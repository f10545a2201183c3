-- What caps set aside for a call, USD; null, in rows from before, is what was predicted.
ALTER TABLE decisions ADD COLUMN bound_usd float8;
ALTER TABLE events ADD COLUMN bound_usd float8;    -- 2, 3, 4: of the decision, before the event
ALTER TABLE events ADD COLUMN to_bound_usd float8; -- 2
-- Attempts that gave no answer; null for none.
ALTER TABLE events ADD COLUMN attempts bytea;     -- 3: in a layout with its own version
