using System.Globalization;
using Npgsql;

namespace MetaLlm.Storage.Postgres;

/// <summary>Limits that the server keeps to for our sessions, so that a process which is frozen or cut off holds nothing for long.</summary>
internal static class PostgresSessions
{
    /// <summary>Connections of a process to the membership table. They are its own, so that no burst of activations keeps a silo from saying that it lives.</summary>
    internal const int MembershipPoolSize = 2;

    /// <summary>
    /// The connection string for Orleans' membership, with the limits of <see cref="PostgresOptions.IdleInTransactionTimeout"/> and
    /// <see cref="PostgresOptions.LostPeerTimeout"/>, and at most two connections.
    /// </summary>
    /// <param name="options">Valid options. What their connection string says itself under <c>Options</c> holds.</param>
    /// <returns>A connection string; never to be logged.</returns>
    public static string ForMembership(PostgresOptions options) => Limit(options, "membership", MembershipPoolSize);

    /// <summary>As <see cref="ForMembership"/>, for Orleans' grain storage: with <see cref="PostgresOptions.SnapshotPoolSize"/> connections.</summary>
    /// <param name="options">Valid options.</param>
    /// <returns>A connection string; never to be logged.</returns>
    public static string ForSnapshots(PostgresOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return Limit(options, "snapshots", options.SnapshotPoolSize);
    }

    private static string Limit(PostgresOptions options, string purpose, int poolSize)
    {
        ArgumentNullException.ThrowIfNull(options);
        var connection = new NpgsqlConnectionStringBuilder(options.ConnectionString);

        // Pools are told apart by their strings.
        connection.ApplicationName = $"{connection.ApplicationName ?? "metallm"}-{purpose}";
        (connection.Pooling, connection.MinPoolSize, connection.MaxPoolSize) = (true, 0, poolSize);
        Limit(connection, options);
        return connection.ConnectionString;
    }

    /// <summary>Sets the limits of a session, in place.</summary>
    internal static void Limit(NpgsqlConnectionStringBuilder connection, PostgresOptions options)
    {
        var lost = (int)options.LostPeerTimeout.TotalSeconds;

        // Silence for half of the time, then three questions in the other half. What was sent and stays unanswered counts from its sending.
        var (idle, interval) = (lost / 2, Math.Max(1, lost / 6));
        Set(connection, "tcp_keepalives_idle", idle);
        Set(connection, "tcp_keepalives_interval", interval);
        Set(connection, "tcp_keepalives_count", 3);
        Set(connection, "tcp_user_timeout", lost * 1000);
        Set(connection, "idle_in_transaction_session_timeout", (int)options.IdleInTransactionTimeout.TotalMilliseconds);
        connection.TcpKeepAlive = true;
        connection.TcpKeepAliveTime = idle;
        connection.TcpKeepAliveInterval = interval;
    }

    /// <summary>Sets a parameter of the server for the session. One that is set already stays.</summary>
    internal static void Set(NpgsqlConnectionStringBuilder connection, string parameter, int value) =>
        connection.Options = string.Create(CultureInfo.InvariantCulture, $"-c {parameter}={value} {connection.Options}").TrimEnd();
}
