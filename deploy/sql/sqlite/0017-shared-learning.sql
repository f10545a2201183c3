-- Sums of rewards, with noise, that tenants give to each other. A build that does not know the table leaves it alone.
-- min-reader: 16
CREATE TABLE shared_learning (
    tenant   TEXT    NOT NULL PRIMARY KEY,
    version  INTEGER NOT NULL, -- counts up with every change
    document TEXT    NOT NULL  -- a JSON object: how far it reaches, and the sums
) STRICT;
