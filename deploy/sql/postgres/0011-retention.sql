-- The state that stands for the beginning of a tenant's journal, so that what it has folded may be dropped. A decision that does not build on its events is fenced off.
ALTER TABLE tenants ADD COLUMN base_ordinal bigint NOT NULL DEFAULT 0;
ALTER TABLE tenants ADD COLUMN base_sequence bigint NOT NULL DEFAULT 0;
CREATE TABLE tenant_bases (
    tenant_key bigint PRIMARY KEY,
    state      bytea NOT NULL
);
ALTER TABLE tenant_bases ALTER COLUMN state SET STORAGE EXTERNAL;

-- Tenants that were deleted and whose rows are not all gone yet.
CREATE TABLE deleted_tenants (
    tenant_key bigint PRIMARY KEY
);
