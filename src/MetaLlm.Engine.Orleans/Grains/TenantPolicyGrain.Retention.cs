namespace MetaLlm.Engine.Orleans.Grains;

internal sealed partial class TenantPolicyGrain
{
    /// <inheritdoc/>
    public async ValueTask<DateTimeOffset?> SetBaseAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        await RebuiltAsync(cancellationToken);
        using var turn = await _turns.EnterAsync(cancellationToken);
        return await _runtime.SetBaseAsync(age, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(CancellationToken cancellationToken)
    {
        using var sharing = await _sharing.EnterAsync(cancellationToken);
        using var whole = await _whole.EnterAsync(cancellationToken);
        await DeleteOthersAsync(cancellationToken);
        using var exchange = await _exchanges.EnterAsync(cancellationToken);
        using var turn = await _turns.EnterAsync(cancellationToken);
        await _runtime.ForgetAsync();

        // Before its journal: should the rest fail, the next deletion still finds the tenant.
        await WithdrawAsync(cancellationToken);
        await _runtimes.Journal.DeleteTenantAsync(Tenant, cancellationToken);

        // Should this fail, the snapshot is of a journal that had come further: nobody takes it for that of a new tenant.
        await _snapshot.ReadStateAsync(cancellationToken);
        if (_snapshot.RecordExists)
        {
            await _snapshot.ClearStateAsync(cancellationToken);
        }

        DeactivateOnIdle();
    }
}
