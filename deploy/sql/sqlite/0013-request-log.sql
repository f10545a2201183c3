-- Requests that tenants want kept with their texts, after what must not be kept was blotted out. A build that does not know the table leaves it alone.
-- min-reader: 12
CREATE TABLE request_log (
    tenant     TEXT NOT NULL,
    request_id TEXT NOT NULL, -- that of the decision where one was made
    created_at INTEGER NOT NULL,
    head       TEXT NOT NULL, -- a JSON object without texts
    body       BLOB NOT NULL, -- a JSON object with the texts
    PRIMARY KEY (tenant, request_id)
) STRICT;
CREATE INDEX request_log_by_age ON request_log (tenant, created_at, request_id);
