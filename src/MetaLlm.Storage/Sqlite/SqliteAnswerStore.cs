using Dapper;
using MetaLlm.Engine.Idempotency;
using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Answers;

namespace MetaLlm.Storage.Sqlite;

/// <summary>Kept answers in the journal's file, written by its one writer.</summary>
/// <param name="database">The open file.</param>
public sealed class SqliteAnswerStore(SqliteDatabase database) : IAnswerStore
{
    /// <inheritdoc/>
    public async ValueTask<KeptAnswer?> ClaimAsync(AnswerClaim claim, CancellationToken cancellationToken)
    {
        var row = AnswerRow.Of(claim);
        return await database.Writer.WriteAsync(
            session =>
            {
                session.Connection.Execute(AnswerSql.Claim, row);
                return session.Connection.QuerySingleOrDefault<AnswerRow>(AnswerSql.Find, row)?.ToAnswer();
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask<bool> RenewAsync(string tenant, string id, string owner, DateTimeOffset heldUntil, CancellationToken cancellationToken) =>
        AnyAsync(AnswerSql.Renew, new { tenant, id, owner, heldUntil = heldUntil.UtcTicks }, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> KeepAsync(string tenant, string id, KeptAnswer answer, CancellationToken cancellationToken) =>
        AnyAsync(AnswerSql.Keep, AnswerRow.Of(tenant, id, answer), cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> ReleaseAsync(string tenant, string id, string owner, CancellationToken cancellationToken) =>
        AnyAsync(AnswerSql.Release, new { tenant, id, owner }, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<int> TrimAsync(string tenant, int most, long mostBytes, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(most);
        ArgumentOutOfRangeException.ThrowIfNegative(mostBytes);
        return await database.Writer.WriteAsync(
            session => session.Connection.Execute(AnswerSql.Trim, new { tenant, most, mostBytes }), canWait: true, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<int> DropAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return await database.Writer.WriteAsync(
            session => session.Connection.Execute(AnswerSql.Drop, new { before = before.UtcTicks, limit }), canWait: true, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken) =>
        await database.Writer.WriteAsync(session => session.Connection.Execute(AnswerSql.DeleteTenant, new { tenant }), cancellationToken).ConfigureAwait(false);

    private async ValueTask<bool> AnyAsync(string sql, object parameters, CancellationToken cancellationToken) =>
        await database.Writer.WriteAsync(session => session.Connection.Execute(sql, parameters), cancellationToken).ConfigureAwait(false) > 0;
}
