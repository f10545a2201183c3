using MetaLlm.Engine.Ports;
using Npgsql;

namespace MetaLlm.Storage.Postgres;

/// <summary>What an error of a transaction says about the transaction.</summary>
internal static class CommitFailure
{
    private const string IdleInTransactionSessionTimeout = "25P03";

    /// <summary>Whether the server itself said that the statement failed: then the transaction is rolled back, surely.</summary>
    /// <remarks>
    /// A fatal error ends the connection and may come after the commit: the server is shut down, or the session terminated. The one for
    /// a session that was idle in its transaction comes before: had the server seen anything of the commit, it would not have been idle.
    /// </remarks>
    public static bool IsRolledBack(Exception error) => error is PostgresException { InvariantSeverity: "ERROR" } || IsIdleTimeout(error);

    /// <summary>Whether the server ended the session because this process did not go on with its transaction.</summary>
    public static bool IsIdleTimeout(Exception error) => error is PostgresException { SqlState: IdleInTransactionSessionTimeout };

    /// <summary>Whether another process did not let go of a tenant, or of a row of its, within the time that all wait for it.</summary>
    public static bool IsLockTimeout(Exception error) => error is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable };

    /// <summary>Whether the transaction failed because of others that ran at the same time; alone it would have succeeded.</summary>
    public static bool IsConflict(Exception error) => error is PostgresException
    {
        InvariantSeverity: "ERROR",
        SqlState: PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected,
    };

    /// <summary>Whether the connection was lost before a commit was sent.</summary>
    public static bool IsLostConnection(Exception error) =>
        error is NpgsqlException { InnerException: not TimeoutException } && !IsRolledBack(error);

    /// <summary>Whether an error says nothing against the call, which may succeed when it is repeated later.</summary>
    /// <remarks>What the server says of a statement or its values (syntax, types, constraints, a missing table) would be said again.</remarks>
    public static bool IsUnavailability(Exception error) => error switch
    {
        CommitOutcomeUnknownException => true,

        // Transactions in conflict, a server in recovery or read-only, resources, locks, shutdown, the server's own disk.
        PostgresException { SqlState: var state } => !IsRolledBack(error) || state[..2] is "08" or "25" or "40" or "53" or "55" or "57" or "58",
        NpgsqlException => true,
        _ => false,
    };

    /// <summary>Whether an error is told without its stack.</summary>
    public static bool IsOutage(Exception error) => error is EngineUnavailableException || IsUnavailability(error);

    /// <summary>What to say where this machine's clock is too far ahead of the server's.</summary>
    public static EngineUnavailableException ClockAhead(TimeSpan ahead, TimeSpan tolerance) => new(
        $"This machine's clock is {ahead.TotalSeconds:F0} seconds ahead of the database's; {tolerance.TotalSeconds:F0} are tolerated. Nothing is written until the clocks agree: "
        + "what is spent in the future would block budgets until then.");

    /// <summary>The error in the terms of the ports.</summary>
    public static EngineUnavailableException Unavailable(Exception error) =>
        new($"PostgreSQL cannot serve the call at the moment. {error.Message}", error);

    /// <summary>
    /// Whether one write of several may be to blame: its values do not fit, its code failed, or another process holds its rows. What
    /// concerns the server (connection, resources, timeouts, read-only mode) would fail each of them.
    /// </summary>
    public static bool IsOfOneWrite(Exception error) => error switch
    {
        PostgresException { SqlState: var state } => IsRolledBack(error) && (state[..2] is "21" or "22" or "23" or "54" || IsLockTimeout(error)),
        NpgsqlException or CommitOutcomeUnknownException or EngineUnavailableException => false,
        _ => true,
    };
}
