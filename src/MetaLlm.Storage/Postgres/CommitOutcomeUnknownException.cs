namespace MetaLlm.Storage.Postgres;

/// <summary>The connection was lost after a commit had been sent: what was to be written may be durable or not.</summary>
/// <remarks>
/// The store does not repeat such a write. Its caller may: a decision that is there already is refused by its ordinal, feedback by its
/// idempotency key, a settlement because the decision is settled; a configuration is compared with the one in force.
/// </remarks>
/// <param name="inner">How the connection was lost.</param>
public sealed class CommitOutcomeUnknownException(Exception inner)
    : IOException("The connection to PostgreSQL was lost during a commit; what was to be written may be durable or not.", inner);
