-- Files of tenants, batches of queries, and what has become of each query. A build that does not know the tables leaves them alone.
-- min-reader: 15
CREATE TABLE batch_files (
    tenant     TEXT    NOT NULL,
    file_id    TEXT    NOT NULL,
    purpose    TEXT    NOT NULL,
    name       TEXT    NOT NULL,
    created_at INTEGER NOT NULL,
    size       INTEGER, -- NULL while it is coming
    PRIMARY KEY (tenant, file_id)
) STRICT;
CREATE INDEX batch_files_by_age ON batch_files (created_at);
CREATE TABLE batch_file_parts (
    tenant  TEXT    NOT NULL,
    file_id TEXT    NOT NULL,
    part    INTEGER NOT NULL,
    content BLOB    NOT NULL,
    PRIMARY KEY (tenant, file_id, part)
) STRICT;
CREATE TABLE batches (
    tenant       TEXT    NOT NULL,
    batch_id     TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    is_open      INTEGER NOT NULL, -- 1 while something is left to do
    owner        TEXT, -- the claim of whoever runs it
    held_until   INTEGER NOT NULL,
    cancelled_at INTEGER,
    document     TEXT    NOT NULL,
    PRIMARY KEY (tenant, batch_id)
) STRICT;
CREATE INDEX batches_by_age ON batches (is_open, created_at);
CREATE TABLE batch_lines (
    tenant   TEXT    NOT NULL,
    batch_id TEXT    NOT NULL,
    line     INTEGER NOT NULL,
    state    TEXT    NOT NULL,
    PRIMARY KEY (tenant, batch_id, line)
) STRICT;
