-- Decisions whose call has ended and that have no reward: what a sweep for missing rewards looks at, by time.
CREATE INDEX IF NOT EXISTS decisions_unrewarded ON decisions (tenant_key, decided_at, ordinal) WHERE reward IS NULL AND settled_sequence IS NOT NULL;
