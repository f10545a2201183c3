-- Responses that clients may read and go on from, with what was asked. A build that does not know the table leaves it alone.
-- min-reader: 11
CREATE TABLE responses (
    tenant      text   NOT NULL,
    response_id text   NOT NULL,
    previous_id text,
    created_at  bigint NOT NULL,
    input       bytea  NOT NULL,
    response    bytea  NOT NULL,
    PRIMARY KEY (tenant, response_id)
);
CREATE INDEX responses_by_age ON responses (created_at);
