-- Sums per hour of what the journal says, and how far each tenant's journal has been counted into them. A build that does not know the tables leaves them alone.
-- min-reader: 13
CREATE TABLE usage_positions (
    tenant_key INTEGER PRIMARY KEY,
    ordinal    INTEGER NOT NULL,
    sequence   INTEGER NOT NULL
) STRICT;

-- dimension: 1 the model that answered, 2 the task, 3 the key. hour: since 0001-01-01, UTC.
CREATE TABLE usage_sums (
    tenant_key      INTEGER NOT NULL,
    dimension       INTEGER NOT NULL,
    hour            INTEGER NOT NULL,
    name            TEXT    NOT NULL,
    requests        INTEGER NOT NULL,
    settled         INTEGER NOT NULL,
    failed_attempts INTEGER NOT NULL,
    input_tokens    REAL    NOT NULL,
    cached_tokens   REAL    NOT NULL,
    output_tokens   REAL    NOT NULL,
    spent_usd       REAL    NOT NULL,
    wasted_usd      REAL    NOT NULL,
    rewards         INTEGER NOT NULL,
    reward_sum      REAL    NOT NULL,
    reward_squares  REAL    NOT NULL,
    exploration_usd REAL    NOT NULL,
    latencies       INTEGER NOT NULL,
    latency_seconds REAL    NOT NULL,
    first_ordinal   INTEGER NOT NULL, -- of the decisions that were counted
    last_ordinal    INTEGER NOT NULL,
    PRIMARY KEY (tenant_key, dimension, hour, name)
) STRICT, WITHOUT ROWID;
