-- Which silos a cluster has: for Orleans' ADO.NET clustering, 10.4.

-- One row per cluster. Every change of its membership raises the version by one, and only for a caller that knows the version in
-- force: the row is the lock that orders changes and the ETag that refuses stale ones.
CREATE TABLE orleans_clusters (
    cluster_id text COLLATE "C" PRIMARY KEY,
    version    integer     NOT NULL DEFAULT 0,
    changed_at timestamptz NOT NULL DEFAULT now()
) WITH (fillfactor = 40);

-- One row per incarnation of a silo; its address, port and generation make it unique. status is Orleans' SiloStatus
-- (3 is Active); suspect_times is its list of who accuses the silo, and when.
CREATE TABLE orleans_silos (
    cluster_id    text COLLATE "C" NOT NULL REFERENCES orleans_clusters (cluster_id),
    address       text        NOT NULL,
    port          integer     NOT NULL,
    generation    integer     NOT NULL,
    silo_name     text        NOT NULL,
    host_name     text        NOT NULL,
    status        integer     NOT NULL,
    proxy_port    integer     NOT NULL,
    suspect_times text,
    started_at    timestamptz NOT NULL,
    alive_at      timestamptz NOT NULL,
    PRIMARY KEY (cluster_id, address, port, generation)
) WITH (fillfactor = 70);

INSERT INTO OrleansQuery (QueryKey, QueryText) VALUES
('InsertMembershipVersionKey', $query$
    WITH created AS (
        INSERT INTO orleans_clusters (cluster_id) VALUES (@DeploymentId)
        ON CONFLICT (cluster_id) DO NOTHING
        RETURNING cluster_id)
    SELECT EXISTS (SELECT FROM created)
$query$),

-- The first statement moves the version, and only if the silo is not there yet; the second adds it if the first did so.
('InsertMembershipKey', $query$
    WITH moved AS (
        UPDATE orleans_clusters SET version = version + 1, changed_at = now()
        WHERE cluster_id = @DeploymentId AND version = @Version
            AND NOT EXISTS (
                SELECT FROM orleans_silos
                WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
        RETURNING cluster_id),
    added AS (
        INSERT INTO orleans_silos (
            cluster_id, address, port, generation, silo_name, host_name, status, proxy_port, started_at, alive_at)
        SELECT cluster_id, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime, @IAmAliveTime
        FROM moved
        RETURNING cluster_id)
    SELECT EXISTS (SELECT FROM added)
$query$),

('UpdateMembershipKey', $query$
    WITH moved AS (
        UPDATE orleans_clusters SET version = version + 1, changed_at = now()
        WHERE cluster_id = @DeploymentId AND version = @Version
            AND EXISTS (
                SELECT FROM orleans_silos
                WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation)
        RETURNING cluster_id),
    changed AS (
        UPDATE orleans_silos s SET status = @Status, suspect_times = @SuspectTimes, alive_at = @IAmAliveTime
        FROM moved
        WHERE s.cluster_id = moved.cluster_id AND s.address = @Address AND s.port = @Port AND s.generation = @Generation
        RETURNING s.cluster_id)
    SELECT EXISTS (SELECT FROM changed)
$query$),

-- A sign of life changes nothing that the version protects, so it leaves the version alone.
('UpdateIAmAlivetimeKey', $query$
    UPDATE orleans_silos SET alive_at = @IAmAliveTime
    WHERE cluster_id = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation
$query$),

-- Both reads give a row with the version alone when there is no silo.
('MembershipReadAllKey', $query$
    SELECT c.version AS Version, s.address AS Address, s.port AS Port, s.generation AS Generation, s.silo_name AS SiloName,
        s.host_name AS HostName, s.status AS Status, s.proxy_port AS ProxyPort, s.suspect_times AS SuspectTimes,
        s.started_at AS StartTime, s.alive_at AS IAmAliveTime
    FROM orleans_clusters c
    LEFT JOIN orleans_silos s USING (cluster_id)
    WHERE c.cluster_id = @DeploymentId
$query$),

('MembershipReadRowKey', $query$
    SELECT c.version AS Version, s.address AS Address, s.port AS Port, s.generation AS Generation, s.silo_name AS SiloName,
        s.host_name AS HostName, s.status AS Status, s.proxy_port AS ProxyPort, s.suspect_times AS SuspectTimes,
        s.started_at AS StartTime, s.alive_at AS IAmAliveTime
    FROM orleans_clusters c
    LEFT JOIN orleans_silos s ON s.cluster_id = c.cluster_id AND s.address = @Address AND s.port = @Port AND s.generation = @Generation
    WHERE c.cluster_id = @DeploymentId
$query$),

('GatewaysQueryKey', $query$
    SELECT address AS Address, proxy_port AS ProxyPort, generation AS Generation
    FROM orleans_silos
    WHERE cluster_id = @DeploymentId AND status = @Status AND proxy_port > 0
$query$),

('CleanupDefunctSiloEntriesKey', $query$
    DELETE FROM orleans_silos
    WHERE cluster_id = @DeploymentId AND alive_at < @IAmAliveTime AND status <> 3
$query$),

-- Constraints are checked at the end of the statement, when both are gone.
('DeleteMembershipTableEntriesKey', $query$
    WITH silos AS (DELETE FROM orleans_silos WHERE cluster_id = @DeploymentId)
    DELETE FROM orleans_clusters WHERE cluster_id = @DeploymentId
$query$);
