-- Sums per hour of what the journal says, and how far each tenant's journal has been counted into them. A build that does not know the tables leaves them alone.
-- min-reader: 14
CREATE TABLE usage_positions (
    tenant_key bigint PRIMARY KEY,
    ordinal    bigint NOT NULL,
    sequence   bigint NOT NULL
);

-- dimension: 1 the model that answered, 2 the task, 3 the key. hour: since 0001-01-01, UTC.
CREATE TABLE usage_sums (
    tenant_key      bigint NOT NULL,
    dimension       smallint NOT NULL,
    hour            bigint NOT NULL,
    name            text COLLATE "C" NOT NULL,
    requests        bigint NOT NULL,
    settled         bigint NOT NULL,
    failed_attempts bigint NOT NULL,
    input_tokens    double precision NOT NULL,
    cached_tokens   double precision NOT NULL,
    output_tokens   double precision NOT NULL,
    spent_usd       double precision NOT NULL,
    wasted_usd      double precision NOT NULL,
    rewards         bigint NOT NULL,
    reward_sum      double precision NOT NULL,
    reward_squares  double precision NOT NULL,
    exploration_usd double precision NOT NULL,
    latencies       bigint NOT NULL,
    latency_seconds double precision NOT NULL,
    first_ordinal   bigint NOT NULL, -- of the decisions that were counted
    last_ordinal    bigint NOT NULL,
    PRIMARY KEY (tenant_key, dimension, hour, name)
);
