-- State of grains: for Orleans' ADO.NET grain storage, 10.4.

-- A grain is named by its service, its type and its key, which the provider splits into two numbers and a text. The hashes
-- keep the index small and the texts out of it; what they cannot tell apart, the texts do. version is the ETag.
CREATE TABLE orleans_grain_state (
    id_hash     integer     NOT NULL,
    type_hash   integer     NOT NULL,
    id_n0       bigint      NOT NULL,
    id_n1       bigint      NOT NULL,
    id_text     text COLLATE "C" NOT NULL, -- empty for none
    type_name   text COLLATE "C" NOT NULL,
    service_id  text COLLATE "C" NOT NULL,
    payload     bytea,                     -- null once it was cleared
    version     integer     NOT NULL,
    modified_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (id_hash, type_hash, id_n0, id_n1, id_text, type_name, service_id)
);
ALTER TABLE orleans_grain_state ALTER COLUMN payload SET STORAGE EXTERNAL;

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
-- Without an expected version the grain must be new; with one it must have that very version. Anything else returns no row,
-- which the provider takes for a conflict.
('WriteToStorageKey', $query$
    INSERT INTO orleans_grain_state AS g (id_hash, type_hash, id_n0, id_n1, id_text, type_name, service_id, payload, version)
    SELECT @GrainIdHash, @GrainTypeHash, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString::text, ''), @GrainTypeString,
        @ServiceId, @PayloadBinary, 1
    WHERE @GrainStateVersion::integer IS NULL OR EXISTS (
        SELECT FROM orleans_grain_state
        WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
            AND id_text = coalesce(@GrainIdExtensionString::text, '') AND type_name = @GrainTypeString AND service_id = @ServiceId
        FOR UPDATE)
    ON CONFLICT (id_hash, type_hash, id_n0, id_n1, id_text, type_name, service_id) DO UPDATE
        SET payload = excluded.payload, version = g.version + 1, modified_at = now()
        WHERE g.version = @GrainStateVersion::integer
    RETURNING version AS NewGrainStateVersion
$query$),

('ReadFromStorageKey', $query$
    SELECT payload AS PayloadBinary, version AS Version
    FROM orleans_grain_state
    WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
        AND id_text = coalesce(@GrainIdExtensionString::text, '') AND type_name = @GrainTypeString AND service_id = @ServiceId
$query$),

('ClearStorageKey', $query$
    UPDATE orleans_grain_state SET payload = NULL, version = version + 1, modified_at = now()
    WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
        AND id_text = coalesce(@GrainIdExtensionString::text, '') AND type_name = @GrainTypeString AND service_id = @ServiceId
        AND version = @GrainStateVersion::integer
    RETURNING version AS NewGrainStateVersion
$query$),

-- The provider wants the version that would have come next.
('DeleteStorageKey', $query$
    DELETE FROM orleans_grain_state
    WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
        AND id_text = coalesce(@GrainIdExtensionString::text, '') AND type_name = @GrainTypeString AND service_id = @ServiceId
        AND version = @GrainStateVersion::integer
    RETURNING version + 1 AS NewGrainStateVersion
$query$);
