-- Events of kind 5: a tenant was taught from queries with every arm's outcome.
ALTER TABLE events ADD COLUMN warm_start bytea; -- 5: the set, in a layout with its own version
ALTER TABLE events ALTER COLUMN warm_start SET STORAGE EXTERNAL; -- floating-point numbers do not shrink
