namespace MetaLlm.Storage.Codecs;

/// <summary>How the beginnings of journals and deleted tenants go, in what both dialects of SQL understand.</summary>
internal static class RetentionSql
{
    /// <summary>Rows of a deleted tenant that go at once.</summary>
    public const int Slice = 2000;

    /// <summary>Leaves out tenants with several owners, whose states rest on each other's journals: all of theirs stays. There is no first owner without a second.</summary>
    private const string HasOneOwner = "t.tenant NOT LIKE '%#_' AND t.tenant NOT LIKE '%#__' AND NOT EXISTS (SELECT 1 FROM tenants o WHERE o.tenant = t.tenant || '#2')";

    /// <summary>Tenants whose first decision is older than a time.</summary>
    public const string Tenants = $"""
        SELECT t.tenant FROM tenants t
        WHERE t.tenant > @after AND (SELECT d.decided_at FROM decisions d WHERE d.tenant_key = t.tenant_key ORDER BY d.ordinal LIMIT 1) < @before
            AND {HasOneOwner}
        ORDER BY t.tenant
        LIMIT @limit
        """;

    /// <summary>How many of the first decisions of such tenants are older, up to a bound.</summary>
    public const string Old = $"""
        SELECT t.tenant AS Tenant,
            (SELECT count(*) FROM (SELECT d.decided_at FROM decisions d WHERE d.tenant_key = t.tenant_key ORDER BY d.ordinal LIMIT 100000) f WHERE f.decided_at < @before) AS Decisions,
            (SELECT d.decided_at FROM decisions d WHERE d.tenant_key = t.tenant_key ORDER BY d.ordinal LIMIT 1) AS FirstAt
        FROM tenants t
        WHERE t.tenant > @after AND (SELECT d.decided_at FROM decisions d WHERE d.tenant_key = t.tenant_key ORDER BY d.ordinal LIMIT 1) < @before
            AND {HasOneOwner}
        ORDER BY t.tenant
        LIMIT @limit
        """;

    /// <summary>Drops a slice of old records of the audit: those that are old among the first.</summary>
    public const string DropChanges = """
        DELETE FROM directory_audit WHERE at < @before AND revision IN (SELECT revision FROM directory_audit ORDER BY revision LIMIT 1000)
        """;

    /// <summary>
    /// Ordinal of the last of the first decisions that may go; 0 for none. None may while an event that rebuilds the policy from the journal is not in the state: it needs
    /// the journal as it was.
    /// </summary>
    public const string Droppable = """
        WITH page AS (
            SELECT d.ordinal, d.decided_at, d.settled_sequence, t.base_ordinal, t.base_sequence
            FROM tenants t JOIN decisions d ON d.tenant_key = t.tenant_key
            WHERE t.tenant = @tenant AND t.base_sequence > 0
            ORDER BY d.ordinal
            LIMIT @limit)
        SELECT coalesce(max(p.ordinal), 0) FROM page p
        WHERE p.ordinal <= p.base_ordinal
            AND p.ordinal < coalesce((
                SELECT min(q.ordinal) FROM page q
                WHERE q.decided_at >= @before OR q.settled_sequence IS NULL OR q.settled_sequence > q.base_sequence), 9223372036854775807)
            AND p.ordinal < coalesce((
                SELECT min(CASE WHEN e.kind = 7 THEN 0 ELSE e.decision_ordinal END)
                FROM tenants t JOIN events e ON e.tenant_key = t.tenant_key AND e.sequence > t.base_sequence
                WHERE t.tenant = @tenant), 9223372036854775807)
        """;

    /// <summary>Whether there is something about the decisions up to an ordinal that the state does not hold, or that has not been counted into the sums of usage.</summary>
    public const string HasNews = """
        SELECT count(*) FROM tenants t
        WHERE t.tenant_key = @key AND (
            t.base_ordinal < @through
            OR NOT EXISTS (
                SELECT 1 FROM usage_positions p
                WHERE p.tenant_key = t.tenant_key AND p.ordinal >= @through AND p.sequence >= t.base_sequence)
            OR EXISTS (
                SELECT 1 FROM decisions d
                WHERE d.tenant_key = t.tenant_key AND d.ordinal <= @through AND (d.settled_sequence IS NULL OR d.settled_sequence > t.base_sequence))
            OR EXISTS (
                SELECT 1 FROM events e
                WHERE e.tenant_key = t.tenant_key AND e.sequence > t.base_sequence AND (e.decision_ordinal <= @through OR e.kind = 7)))
        """;

    /// <summary>
    /// Drops decisions up to an ordinal, with their feedback. Events go as far as they came before the first decision that stays. A later one about a decision that is gone is
    /// left for the next time, and no query shows it.
    /// </summary>
    public const string Drop = """
        DELETE FROM feedback WHERE tenant_key = @key AND decision_ordinal <= @through;
        DELETE FROM decisions WHERE tenant_key = @key AND ordinal <= @through;
        DELETE FROM events WHERE tenant_key = @key AND decision_ordinal IS NOT NULL AND sequence <= (
            SELECT CASE WHEN d.applied_sequence < t.base_sequence THEN d.applied_sequence ELSE t.base_sequence END
            FROM tenants t LEFT JOIN decisions d ON d.tenant_key = t.tenant_key AND d.ordinal = (SELECT min(n.ordinal) FROM decisions n WHERE n.tenant_key = @key)
            WHERE t.tenant_key = @key)
        """;

    /// <summary>Whether a state can stand for the beginning of a journal: the number of objections.</summary>
    public const string Objections = """
        SELECT count(*) FROM tenants t
        WHERE t.tenant_key = @key AND (
            t.last_ordinal < @ordinal OR t.last_sequence < @sequence OR t.base_ordinal > @ordinal OR t.base_sequence > @sequence
            OR EXISTS (
                SELECT 1 FROM decisions d WHERE d.tenant_key = t.tenant_key AND d.ordinal > @ordinal AND d.applied_sequence < @sequence))
        """;

    /// <summary>Puts a state in the place of the beginning.</summary>
    public const string SetBase = """
        UPDATE tenants SET base_ordinal = @ordinal, base_sequence = @sequence WHERE tenant_key = @key;
        INSERT INTO tenant_bases (tenant_key, state) VALUES (@key, @state) ON CONFLICT (tenant_key) DO UPDATE SET state = excluded.state
        """;

    /// <summary>The state that stands for a beginning, with its positions.</summary>
    public const string FindBase = """
        SELECT t.base_sequence AS AppliedSequence, t.base_ordinal AS DecisionOrdinal, b.state
        FROM tenants t JOIN tenant_bases b ON b.tenant_key = t.tenant_key
        WHERE t.tenant = @tenant
        """;

    /// <summary>Takes a tenant out of sight; its rows are purged after that.</summary>
    public const string Hide = """
        INSERT INTO deleted_tenants (tenant_key) VALUES (@key);
        DELETE FROM tenant_bases WHERE tenant_key = @key;
        DELETE FROM tenants WHERE tenant_key = @key
        """;

    /// <summary>Tenants whose rows are to go.</summary>
    public const string Hidden = "SELECT tenant_key FROM deleted_tenants ORDER BY tenant_key";

    /// <summary>Forgets a tenant that has no rows any more.</summary>
    public const string Forget = "DELETE FROM deleted_tenants WHERE tenant_key = @key";

    /// <summary>Statements that each take a slice of a deleted tenant's rows, to be repeated until none is left.</summary>
    public static readonly string[] Purge =
    [
        Sliced("feedback", "decision_ordinal"),
        Sliced("events", "sequence"),
        Sliced("decisions", "ordinal"),
        Sliced("usage_sums", "hour"),
        "DELETE FROM usage_positions WHERE tenant_key = @key",
    ];

    private static string Sliced(string table, string number) => FormattableString.Invariant($"""
        DELETE FROM {table} WHERE tenant_key = @key AND {number} <= (
            SELECT max(n) FROM (SELECT {number} AS n FROM {table} WHERE tenant_key = @key ORDER BY {number} LIMIT {Slice}) s)
        """);
}
