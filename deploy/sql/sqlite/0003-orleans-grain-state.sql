-- State of grains: for Orleans' ADO.NET grain storage, 10.4. One silo at most: SQLite has no clustering provider.

-- A grain is named by its service, its type and its key, which the provider splits into two numbers and a text. The hashes come
-- first because they tell nearly all grains apart. version is the ETag.
CREATE TABLE orleans_grain_state (
    id_hash     INTEGER NOT NULL,
    type_hash   INTEGER NOT NULL,
    id_n0       INTEGER NOT NULL,
    id_n1       INTEGER NOT NULL,
    id_text     TEXT    NOT NULL, -- empty for none
    type_name   TEXT    NOT NULL,
    service_id  TEXT    NOT NULL,
    payload     BLOB,             -- null once it was cleared
    version     INTEGER NOT NULL,
    modified_at TEXT    NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (id_hash, type_hash, id_n0, id_n1, id_text, type_name, service_id)
);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
-- Without an expected version the grain must be new; with one it must have that very version. Anything else returns no row,
-- which the provider takes for a conflict.
('WriteToStorageKey', '
    INSERT INTO orleans_grain_state AS g (id_hash, type_hash, id_n0, id_n1, id_text, type_name, service_id, payload, version)
    SELECT @GrainIdHash, @GrainTypeHash, @GrainIdN0, @GrainIdN1, coalesce(@GrainIdExtensionString, ''''), @GrainTypeString,
        @ServiceId, @PayloadBinary, 1
    WHERE @GrainStateVersion IS NULL OR EXISTS (
        SELECT 1 FROM orleans_grain_state
        WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
            AND id_text = coalesce(@GrainIdExtensionString, '''') AND type_name = @GrainTypeString AND service_id = @ServiceId)
    ON CONFLICT (id_hash, type_hash, id_n0, id_n1, id_text, type_name, service_id) DO UPDATE
        SET payload = excluded.payload, version = g.version + 1, modified_at = CURRENT_TIMESTAMP
        WHERE g.version = @GrainStateVersion
    RETURNING version AS NewGrainStateVersion
'),

('ReadFromStorageKey', '
    SELECT payload AS PayloadBinary, version AS Version
    FROM orleans_grain_state
    WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
        AND id_text = coalesce(@GrainIdExtensionString, '''') AND type_name = @GrainTypeString AND service_id = @ServiceId
'),

('ClearStorageKey', '
    UPDATE orleans_grain_state SET payload = NULL, version = version + 1, modified_at = CURRENT_TIMESTAMP
    WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
        AND id_text = coalesce(@GrainIdExtensionString, '''') AND type_name = @GrainTypeString AND service_id = @ServiceId
        AND version = @GrainStateVersion
    RETURNING version AS NewGrainStateVersion
'),

-- The provider wants the version that would have come next.
('DeleteStorageKey', '
    DELETE FROM orleans_grain_state
    WHERE id_hash = @GrainIdHash AND type_hash = @GrainTypeHash AND id_n0 = @GrainIdN0 AND id_n1 = @GrainIdN1
        AND id_text = coalesce(@GrainIdExtensionString, '''') AND type_name = @GrainTypeString AND service_id = @ServiceId
        AND version = @GrainStateVersion
    RETURNING version + 1 AS NewGrainStateVersion
');
