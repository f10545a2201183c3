-- Sums of rewards, with noise, that tenants give to each other. A build that does not know the table leaves it alone.
-- min-reader: 17
CREATE TABLE shared_learning (
    tenant   text   COLLATE "C" NOT NULL PRIMARY KEY,
    version  bigint NOT NULL, -- counts up with every change
    document text   NOT NULL  -- a JSON object: how far it reaches, and the sums
);
