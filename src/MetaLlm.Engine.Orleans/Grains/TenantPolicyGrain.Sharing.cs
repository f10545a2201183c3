using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Orleans.Grains;

/// <summary>
/// What the tenant gives to others and takes from them. Of several owners the first does it, for the decisions of its own journal. Agreements change and sums are given in turns of their
/// own: nothing is given that was decided without an agreement.
/// </summary>
internal sealed partial class TenantPolicyGrain
{
    private readonly AsyncLock _sharing = new();
    private DateTimeOffset _givesAt = DateTimeOffset.MinValue;

    /// <summary>The configuration with the cards that its models take.</summary>
    private async ValueTask<TenantConfiguration> TakeAsync(TenantConfiguration configuration, CancellationToken cancellationToken)
    {
        using var turn = await _turns.EnterAsync(cancellationToken);
        return await _runtime.TakeAsync(configuration, _runtimes.Shared.ReadCardsAsync, cancellationToken);
    }

    /// <summary>
    /// Sets a configuration. Where by it the tenant begins or ends to give, what it gave goes first: should the rest fail, it gives again from then on. At the beginning that is
    /// what an owner left that did not get to the end.
    /// </summary>
    private async ValueTask ConfigureSharingAsync(TenantConfiguration next, Func<ValueTask> configure, CancellationToken cancellationToken)
    {
        using var sharing = await _sharing.EnterAsync(cancellationToken);
        var gives = next.Sharing?.Give == true;
        bool changes;
        using (await _turns.EnterAsync(cancellationToken))
        {
            changes = gives != await _runtime.GivesAsync(cancellationToken);
        }

        if (changes)
        {
            await _runtimes.Shared.WithdrawAsync(Tenant, cancellationToken);
        }

        await configure();
        if (changes && gives)
        {
            _givesAt = await _runtimes.Shared.GiveAsync(Tenant, next.Sharing!, cancellationToken);
        }
    }

    private async ValueTask WithdrawAsync(CancellationToken cancellationToken)
    {
        if (IsFirst)
        {
            await _runtimes.Shared.WithdrawAsync(Tenant, cancellationToken);
        }
    }

    private async Task GiveAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (_runtime.Sharing is not { Give: true } || _runtimes.Time.GetUtcNow() < _givesAt || !IsFirst)
            {
                return;
            }

            using var sharing = await _sharing.EnterAsync(cancellationToken);
            if (_runtime.Sharing is { Give: true } agreed)
            {
                _givesAt = await _runtimes.Shared.GiveAsync(Tenant, agreed, cancellationToken);
            }
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            MaintenanceFailed(error);
        }
    }
}
