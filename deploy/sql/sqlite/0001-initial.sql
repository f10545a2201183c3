-- Decisions and events of every tenant, and snapshots of what was learned from them.
-- Instants are UTC in ticks of 100 ns since 0001-01-01. Money is USD.

-- One row per tenant. last_ordinal and last_sequence are the heads of the two gap-free sequences; they move in the
-- very transaction that appends, which makes them the fence between owners.
CREATE TABLE tenants (
    tenant_key    INTEGER PRIMARY KEY,
    tenant        TEXT    NOT NULL UNIQUE,
    last_ordinal  INTEGER NOT NULL DEFAULT 0,
    last_sequence INTEGER NOT NULL DEFAULT 0
);

-- A decision as it was made (up to record), then what became of it so far. Only the second group is ever updated, and
-- replay never reads it: events carry their own copy of what was in force when they were appended.
CREATE TABLE decisions (
    tenant_key       INTEGER NOT NULL,
    ordinal          INTEGER NOT NULL,
    decision_id      TEXT    NOT NULL,
    applied_sequence INTEGER NOT NULL,
    decided_at       INTEGER NOT NULL,
    feature_schema   TEXT    NOT NULL,
    context          BLOB    NOT NULL, -- float32, little-endian
    propensity       REAL    NOT NULL,
    pinned           INTEGER NOT NULL,
    chosen_arm       TEXT    NOT NULL,
    record           BLOB    NOT NULL, -- the rest, in a layout with its own version

    served_arm       TEXT    NOT NULL,
    reserved_usd     REAL    NOT NULL,
    settled_sequence INTEGER,
    settled_usd      REAL,
    reward           REAL,
    feedback_count   INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX decisions_by_ordinal ON decisions (tenant_key, ordinal);
CREATE UNIQUE INDEX decisions_by_id ON decisions (tenant_key, decision_id);
CREATE INDEX decisions_unsettled ON decisions (tenant_key, decided_at, ordinal) WHERE settled_sequence IS NULL;

-- kind: 1 configured, 2 rerouted, 3 settled, 4 rewarded. Columns that a kind does not use are null.
CREATE TABLE events (
    tenant_key       INTEGER NOT NULL,
    sequence         INTEGER NOT NULL,
    kind             INTEGER NOT NULL,
    recorded_at      INTEGER NOT NULL,

    -- The decision, and what was in force for it just before this event.
    decision_ordinal INTEGER,
    served_arm       TEXT,
    reserved_usd     REAL,
    settled_usd      REAL,

    configuration    BLOB,             -- 1: UTF-8 JSON
    to_arm           TEXT,             -- 2
    to_reserved_usd  REAL,             -- 2
    reason           TEXT,             -- 2
    outcome          INTEGER,          -- 3: CallOutcome
    input_tokens     REAL,             -- 3
    cached_tokens    REAL,             -- 3
    output_tokens    REAL,             -- 3
    cost_usd         REAL,             -- 3
    latency_seconds  REAL,             -- 3: null when not measured
    reward           REAL,             -- 4
    previous_reward  REAL,             -- 4: null for the decision's first
    PRIMARY KEY (tenant_key, sequence)
) WITHOUT ROWID;

-- What makes a second post of the same feedback a duplicate.
CREATE TABLE feedback (
    tenant_key       INTEGER NOT NULL,
    decision_ordinal INTEGER NOT NULL,
    idempotency_key  TEXT    NOT NULL,
    sequence         INTEGER NOT NULL,
    label            TEXT,
    comment          TEXT,
    PRIMARY KEY (tenant_key, decision_ordinal, idempotency_key)
) WITHOUT ROWID;

-- The newest snapshot of each tenant; etag counts its replacements.
CREATE TABLE snapshots (
    tenant           TEXT    PRIMARY KEY,
    etag             INTEGER NOT NULL,
    applied_sequence INTEGER NOT NULL,
    decision_ordinal INTEGER NOT NULL,
    state            BLOB    NOT NULL
);
