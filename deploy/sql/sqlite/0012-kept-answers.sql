-- Answers to requests with an idempotency key, for those that come again. Without a status the first call runs, for as long as held_until says. A build that does not know the table leaves it alone.
-- min-reader: 11
CREATE TABLE kept_answers (
    tenant      TEXT NOT NULL,
    answer_id   TEXT NOT NULL, -- a hash of the key
    fingerprint BLOB NOT NULL, -- a hash of the request
    owner       TEXT NOT NULL, -- the call that runs, or ran
    held_until  INTEGER NOT NULL,
    created_at  INTEGER NOT NULL,
    status      INTEGER,
    head        TEXT,
    body        BLOB,
    size        INTEGER NOT NULL,
    PRIMARY KEY (tenant, answer_id)
) STRICT;
CREATE INDEX kept_answers_by_age ON kept_answers (created_at);
CREATE INDEX kept_answers_of_tenant ON kept_answers (tenant, created_at, size);
