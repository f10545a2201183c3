-- Requests that tenants want kept with their texts, after what must not be kept was blotted out. A build that does not know the table leaves it alone.
-- min-reader: 13
CREATE TABLE request_log (
    tenant     text NOT NULL,
    request_id text COLLATE "C" NOT NULL, -- that of the decision where one was made
    created_at bigint NOT NULL,
    head       text NOT NULL, -- a JSON object without texts
    body       bytea NOT NULL, -- a JSON object with the texts
    PRIMARY KEY (tenant, request_id)
);
CREATE INDEX request_log_by_age ON request_log (tenant, created_at, request_id);
