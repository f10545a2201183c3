-- Files of tenants, batches of queries, and what has become of each query. A build that does not know the tables leaves them alone.
-- min-reader: 16
CREATE TABLE batch_files (
    tenant     text   NOT NULL,
    file_id    text   NOT NULL,
    purpose    text   NOT NULL,
    name       text   NOT NULL,
    created_at bigint NOT NULL,
    size       bigint, -- NULL while it is coming
    PRIMARY KEY (tenant, file_id)
);
CREATE INDEX batch_files_by_age ON batch_files (created_at);
CREATE TABLE batch_file_parts (
    tenant  text   NOT NULL,
    file_id text   NOT NULL,
    part    bigint NOT NULL,
    content bytea  NOT NULL,
    PRIMARY KEY (tenant, file_id, part)
);
CREATE TABLE batches (
    tenant       text   NOT NULL,
    batch_id     text   NOT NULL,
    created_at   bigint NOT NULL,
    is_open      bigint NOT NULL, -- 1 while something is left to do
    owner        text, -- the claim of whoever runs it
    held_until   bigint NOT NULL,
    cancelled_at bigint,
    document     text   NOT NULL,
    PRIMARY KEY (tenant, batch_id)
);
CREATE INDEX batches_by_age ON batches (is_open, created_at);
CREATE TABLE batch_lines (
    tenant   text   NOT NULL,
    batch_id text   NOT NULL,
    line     bigint NOT NULL,
    state    text   NOT NULL,
    PRIMARY KEY (tenant, batch_id, line)
);
