-- Decisions whose call has ended and that have no reward: what a sweep for missing rewards looks at, by time.
-- On a large table this keeps writers waiting while it is built. Where that matters, run the same statement with CREATE INDEX CONCURRENTLY before the migration.
CREATE INDEX IF NOT EXISTS decisions_unrewarded ON decisions (tenant_key, decided_at, ordinal) WHERE reward IS NULL AND settled_sequence IS NOT NULL;
