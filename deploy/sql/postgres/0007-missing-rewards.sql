-- Whether a reward is the default for feedback that had not come in time.
ALTER TABLE events ADD COLUMN defaulted smallint; -- 4: 1 for a default, else null
