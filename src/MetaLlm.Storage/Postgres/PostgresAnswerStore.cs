using MetaLlm.Engine.Idempotency;
using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Answers;

namespace MetaLlm.Storage.Postgres;

/// <summary>Kept answers in PostgreSQL.</summary>
/// <param name="database">The database.</param>
public sealed class PostgresAnswerStore(PostgresDatabase database) : IAnswerStore
{
    /// <inheritdoc/>
    public async ValueTask<KeptAnswer?> ClaimAsync(AnswerClaim claim, CancellationToken cancellationToken)
    {
        var row = AnswerRow.Of(claim);
        await database.ExecuteAsync(AnswerSql.Claim, row, cancellationToken).ConfigureAwait(false);
        return (await database.QueryAsync<AnswerRow>(AnswerSql.Find, row, cancellationToken).ConfigureAwait(false)).SingleOrDefault()?.ToAnswer();
    }

    /// <inheritdoc/>
    public async ValueTask<bool> RenewAsync(string tenant, string id, string owner, DateTimeOffset heldUntil, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(AnswerSql.Renew, new { tenant, id, owner, heldUntil = heldUntil.UtcTicks }, cancellationToken).ConfigureAwait(false) > 0;

    /// <inheritdoc/>
    public async ValueTask<bool> KeepAsync(string tenant, string id, KeptAnswer answer, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(AnswerSql.Keep, AnswerRow.Of(tenant, id, answer), cancellationToken).ConfigureAwait(false) > 0;

    /// <inheritdoc/>
    public async ValueTask<bool> ReleaseAsync(string tenant, string id, string owner, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(AnswerSql.Release, new { tenant, id, owner }, cancellationToken).ConfigureAwait(false) > 0;

    /// <inheritdoc/>
    public async ValueTask<int> TrimAsync(string tenant, int most, long mostBytes, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        ArgumentOutOfRangeException.ThrowIfNegative(mostBytes);
        return await database.ExecuteAsync(AnswerSql.Trim, new { tenant, most, mostBytes }, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<int> DropAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return await database.ExecuteAsync(AnswerSql.Drop, new { before = before.UtcTicks, limit }, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken) =>
        await database.ExecuteAsync(AnswerSql.DeleteTenant, new { tenant }, cancellationToken).ConfigureAwait(false);
}
