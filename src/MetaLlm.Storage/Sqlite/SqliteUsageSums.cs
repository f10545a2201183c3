using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Usage;
using MetaLlm.Storage.Usage;

namespace MetaLlm.Storage.Sqlite;

/// <summary>Sums per hour in the journal's file.</summary>
/// <param name="database">The open file.</param>
public sealed class SqliteUsageSums(SqliteDatabase database) : IUsageSums
{
    private readonly SqliteUsageSumStore _store = new(database);

    /// <inheritdoc/>
    public async ValueTask<UsageSums> ReadSumsAsync(UsageSumQuery query, CancellationToken cancellationToken) =>
        await UsageSummation.ReadAsync(_store, query, cancellationToken).ConfigureAwait(false);
}
