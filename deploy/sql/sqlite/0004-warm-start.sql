-- Events of kind 5: a tenant was taught from queries with every arm's outcome.
ALTER TABLE events ADD COLUMN warm_start BLOB; -- 5: the set, in a layout with its own version
