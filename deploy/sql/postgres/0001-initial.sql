-- Decisions and events of every tenant, and snapshots of what was learned from them.
-- Instants are UTC in ticks of 100 ns since 0001-01-01, because timestamptz keeps microseconds only and a journal must give back
-- the bits it was given. Money is USD. Texts that identify something compare by their bytes.

-- One row per tenant. last_ordinal and last_sequence are the heads of the two gap-free sequences. Whoever appends locks this
-- row first and moves it in the same transaction; that is what orders writers and fences owners off. A row with two zeros
-- says the same as no row. Rows are small and change all the time, so pages keep room for new versions.
CREATE TABLE tenants (
    tenant_key    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant        text COLLATE "C" NOT NULL UNIQUE,
    last_ordinal  bigint NOT NULL DEFAULT 0,
    last_sequence bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 40);

-- A decision as it was made (up to record), then what became of it so far. Only the second group is ever updated, and
-- replay never reads it: events carry their own copy of what was in force when they were appended.
CREATE TABLE decisions (
    tenant_key       bigint  NOT NULL,
    ordinal          bigint  NOT NULL,
    decision_id      text COLLATE "C" NOT NULL,
    applied_sequence bigint  NOT NULL,
    decided_at       bigint  NOT NULL,
    feature_schema   text    NOT NULL,
    context          bytea   NOT NULL, -- float32, little-endian
    propensity       float8  NOT NULL,
    pinned           boolean NOT NULL,
    chosen_arm       text    NOT NULL,
    record           bytea   NOT NULL, -- the rest, in a layout with its own version

    served_arm       text    NOT NULL,
    reserved_usd     float8  NOT NULL,
    settled_sequence bigint,
    settled_usd      float8,
    reward           float8,
    feedback_count   integer NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_key, ordinal)
) WITH (fillfactor = 85);
CREATE UNIQUE INDEX decisions_by_id ON decisions (tenant_key, decision_id);
CREATE INDEX decisions_unsettled ON decisions (tenant_key, decided_at, ordinal) WHERE settled_sequence IS NULL;

-- kind: 1 configured, 2 rerouted, 3 settled, 4 rewarded. Columns that a kind does not use are null.
CREATE TABLE events (
    tenant_key       bigint   NOT NULL,
    sequence         bigint   NOT NULL,
    kind             smallint NOT NULL,
    recorded_at      bigint   NOT NULL,

    -- The decision, and what was in force for it just before this event.
    decision_ordinal bigint,
    served_arm       text,
    reserved_usd     float8,
    settled_usd      float8,

    configuration    bytea,            -- 1: UTF-8 JSON
    to_arm           text,             -- 2
    to_reserved_usd  float8,           -- 2
    reason           text,             -- 2
    outcome          smallint,         -- 3: CallOutcome
    input_tokens     float8,           -- 3
    cached_tokens    float8,           -- 3
    output_tokens    float8,           -- 3
    cost_usd         float8,           -- 3
    latency_seconds  float8,           -- 3: null when not measured
    reward           float8,           -- 4
    previous_reward  float8,           -- 4: null for the decision's first
    PRIMARY KEY (tenant_key, sequence)
);

-- What makes a second post of the same feedback a duplicate.
CREATE TABLE feedback (
    tenant_key       bigint NOT NULL,
    decision_ordinal bigint NOT NULL,
    idempotency_key  text COLLATE "C" NOT NULL,
    sequence         bigint NOT NULL,
    label            text,
    comment          text,
    PRIMARY KEY (tenant_key, decision_ordinal, idempotency_key)
);

-- The newest snapshot of each tenant; etag counts its replacements. The state is compressed by nobody: it is mostly
-- floating-point numbers, which do not shrink.
CREATE TABLE snapshots (
    tenant           text COLLATE "C" PRIMARY KEY,
    etag             bigint NOT NULL,
    applied_sequence bigint NOT NULL,
    decision_ordinal bigint NOT NULL,
    state            bytea  NOT NULL
);
ALTER TABLE snapshots ALTER COLUMN state SET STORAGE EXTERNAL;
