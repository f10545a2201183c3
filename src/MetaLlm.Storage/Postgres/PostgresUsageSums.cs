using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Usage;
using MetaLlm.Storage.Usage;

namespace MetaLlm.Storage.Postgres;

/// <summary>Sums per hour in PostgreSQL.</summary>
/// <param name="database">The database.</param>
public sealed class PostgresUsageSums(PostgresDatabase database) : IUsageSums
{
    private readonly PostgresUsageSumStore _store = new(database);

    /// <inheritdoc/>
    public async ValueTask<UsageSums> ReadSumsAsync(UsageSumQuery query, CancellationToken cancellationToken) =>
        await UsageSummation.ReadAsync(_store, query, cancellationToken).ConfigureAwait(false);
}
