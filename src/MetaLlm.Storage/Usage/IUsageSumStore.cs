namespace MetaLlm.Storage.Usage;

/// <summary>How a driver reads what sums are counted from, and writes them.</summary>
internal interface IUsageSumStore
{
    /// <summary>Reads rows, away from whoever writes.</summary>
    Task<IReadOnlyList<T>> QueryAsync<T>(string sql, object parameters, CancellationToken cancellationToken);

    /// <summary>Moves a position and adds what lies between, in one transaction.</summary>
    /// <returns>False when somebody else has moved it; nothing was added.</returns>
    Task<bool> AdvanceAsync(UsageRows.Head from, UsageRows.Head to, IReadOnlyCollection<UsageDelta> deltas, CancellationToken cancellationToken);
}
