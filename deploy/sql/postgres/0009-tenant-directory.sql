-- The directory of tenants and keys that are managed over HTTP. Instants are UTC in ticks of 100 ns since 0001-01-01.

-- One number over all changes. Whoever changes something moves it first, so that changes are committed in the order of their revisions.
CREATE TABLE directory_head (
    one      smallint NOT NULL PRIMARY KEY CHECK (one = 1),
    revision bigint NOT NULL
);
INSERT INTO directory_head (one, revision) VALUES (1, 0);

CREATE TABLE directory_tenants (
    tenant     text COLLATE "C" NOT NULL PRIMARY KEY,
    revision   bigint NOT NULL, -- of its last change
    document   text    NOT NULL, -- JSON: the tenant object of a configuration file, without keys
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    deleted_at bigint
);

-- A key is known by its id; of the secret part there is a salted SHA-256 alone.
CREATE TABLE directory_keys (
    key_id       text COLLATE "C" NOT NULL PRIMARY KEY,
    tenant       text COLLATE "C",       -- null for a key that manages
    name         text,
    rights       text    NOT NULL, -- words, separated by commas: scopes of a tenant's key, the role of one that manages
    salt         bytea   NOT NULL,
    hash         bytea   NOT NULL,
    created_at   bigint NOT NULL,
    expires_at   bigint,
    last_used_at bigint,
    revoked_at   bigint,
    -- Limits of its own; null for none.
    requests_per_minute bigint,
    tokens_per_minute bigint,
    parallel_calls bigint
);
CREATE INDEX directory_keys_by_tenant ON directory_keys (tenant, key_id) WHERE revoked_at IS NULL;

-- Every change, and what nodes read to learn of it.
CREATE TABLE directory_audit (
    revision bigint NOT NULL PRIMARY KEY,
    at       bigint NOT NULL,
    actor    text    NOT NULL, -- id of the key, or 'configuration' for the key of the configuration
    action   text    NOT NULL,
    tenant   text COLLATE "C",
    key_id   text,
    before   text,             -- JSON
    after    text              -- JSON
);
CREATE INDEX directory_audit_by_tenant ON directory_audit (tenant, revision);
