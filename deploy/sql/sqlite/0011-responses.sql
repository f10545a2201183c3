-- Responses that clients may read and go on from, with what was asked. A build that does not know the table leaves it alone.
-- min-reader: 10
CREATE TABLE responses (
    tenant      TEXT    NOT NULL,
    response_id TEXT    NOT NULL,
    previous_id TEXT,
    created_at  INTEGER NOT NULL,
    input       BLOB    NOT NULL,
    response    BLOB    NOT NULL,
    PRIMARY KEY (tenant, response_id)
) STRICT;
CREATE INDEX responses_by_age ON responses (created_at);
