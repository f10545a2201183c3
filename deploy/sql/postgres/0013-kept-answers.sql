-- Answers to requests with an idempotency key, for those that come again. Without a status the first call runs, for as long as held_until says. A build that does not know the table leaves it alone.
-- min-reader: 12
CREATE TABLE kept_answers (
    tenant      text NOT NULL,
    answer_id   text NOT NULL, -- a hash of the key
    fingerprint bytea NOT NULL, -- a hash of the request
    owner       text NOT NULL, -- the call that runs, or ran
    held_until  bigint NOT NULL,
    created_at  bigint NOT NULL,
    status      bigint,
    head        text,
    body        bytea,
    size        bigint NOT NULL,
    PRIMARY KEY (tenant, answer_id)
);
CREATE INDEX kept_answers_by_age ON kept_answers (created_at);
CREATE INDEX kept_answers_of_tenant ON kept_answers (tenant, created_at, size);
