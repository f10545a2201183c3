-- The directory of tenants and keys that are managed over HTTP. Instants are UTC in ticks of 100 ns since 0001-01-01.

-- One number over all changes. Whoever changes something moves it first, so that changes are committed in the order of their revisions.
CREATE TABLE directory_head (
    one      INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    revision INTEGER NOT NULL
);
INSERT INTO directory_head (one, revision) VALUES (1, 0);

CREATE TABLE directory_tenants (
    tenant     TEXT    NOT NULL PRIMARY KEY,
    revision   INTEGER NOT NULL, -- of its last change
    document   TEXT    NOT NULL, -- JSON: the tenant object of a configuration file, without keys
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    deleted_at INTEGER
);

-- A key is known by its id; of the secret part there is a salted SHA-256 alone.
CREATE TABLE directory_keys (
    key_id       TEXT    NOT NULL PRIMARY KEY,
    tenant       TEXT,             -- null for a key that manages
    name         TEXT,
    rights       TEXT    NOT NULL, -- words, separated by commas: scopes of a tenant's key, the role of one that manages
    salt         BLOB    NOT NULL,
    hash         BLOB    NOT NULL,
    created_at   INTEGER NOT NULL,
    expires_at   INTEGER,
    last_used_at INTEGER,
    revoked_at   INTEGER,
    -- Limits of its own; null for none.
    requests_per_minute INTEGER,
    tokens_per_minute INTEGER,
    parallel_calls INTEGER
);
CREATE INDEX directory_keys_by_tenant ON directory_keys (tenant, key_id) WHERE revoked_at IS NULL;

-- Every change, and what nodes read to learn of it.
CREATE TABLE directory_audit (
    revision INTEGER NOT NULL PRIMARY KEY,
    at       INTEGER NOT NULL,
    actor    TEXT    NOT NULL, -- id of the key, or 'configuration' for the key of the configuration
    action   TEXT    NOT NULL,
    tenant   TEXT,
    key_id   TEXT,
    before   TEXT,             -- JSON
    after    TEXT              -- JSON
);
CREATE INDEX directory_audit_by_tenant ON directory_audit (tenant, revision);
