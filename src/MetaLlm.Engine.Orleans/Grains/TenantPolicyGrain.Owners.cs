using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Orleans.Contracts;
using Orleans.Concurrency;

namespace MetaLlm.Engine.Orleans.Grains;

/// <summary>
/// A tenant with several owners. The first of them makes the calls that are about the whole tenant, one after the other, so that all owners meet them in one order. Each takes in what the
/// others write.
/// </summary>
internal sealed partial class TenantPolicyGrain
{
    private readonly AsyncLock _whole = new();
    private readonly AsyncLock _exchanges = new();
    private IGrainTimer? _exchangeTimer;
    private bool _exchanging;

    private bool IsFirst => TenantOwner.NumberOf(Tenant) == 1;

    /// <inheritdoc/>
    public async ValueTask<int> GetShardsAsync(CancellationToken cancellationToken)
    {
        using var turn = await _turns.EnterAsync(cancellationToken);
        await _runtime.ActivateAsync(cancellationToken);
        return _runtime.Shards;
    }

    /// <inheritdoc/>
    public async ValueTask CheckConfigurationAsync(Immutable<byte[]> configuration, PolicyRestart restart, CancellationToken cancellationToken)
    {
        await RebuiltAsync(cancellationToken);
        using var turn = await _turns.EnterAsync(cancellationToken);
        await _runtime.CheckConfigurationAsync(TenantConfigurationJson.Decode(configuration.Value), restart, cancellationToken);
    }

    /// <summary>Asks every owner before any is told, so that none keeps what another has given up. The first one is told last: until then the tenant is as it was, or is not yet.</summary>
    private async ValueTask ConfigureAllAsync(TenantConfiguration decoded, PolicyRestart restart, CancellationToken cancellationToken)
    {
        var configuration = new Immutable<byte[]>(TenantConfigurationJson.Encode(decoded));
        _readers.ThrowUnlessAllRead<TookInEvent>();
        using var whole = await _whole.EnterAsync(cancellationToken);
        using (await _turns.EnterAsync(cancellationToken))
        {
            await _runtime.CheckConfigurationAsync(decoded, restart, cancellationToken);
        }

        var others = Others(decoded.Shards ?? 1);
        await Task.WhenAll(others.Select(other => other.CheckConfigurationAsync(configuration, restart, cancellationToken).AsTask()));

        // What is learned from here on, where there was nothing to forget, is a matter of milliseconds.
        var agreed = restart == PolicyRestart.Refuse ? PolicyRestart.Forget : restart;
        await Task.WhenAll(others.Select(other => other.ConfigureAsync(configuration, agreed, cancellationToken).AsTask()));
        await ConfigureOwnAsync(decoded, agreed, cancellationToken);
    }

    /// <summary>The owners besides this one, which is the first; none where it is not.</summary>
    private List<ITenantPolicyGrain> Others(int shards) => IsFirst ? [.. Enumerable.Range(2, shards - 1).Select(Other)] : [];

    private ITenantPolicyGrain Other(int number) => GrainFactory.GetGrain<ITenantPolicyGrain>(TenantOwner.Name(Tenant, number));

    private async ValueTask<T[]> OfOthersAsync<T>(Func<ITenantPolicyGrain, ValueTask<T>> ask) => await Task.WhenAll(Others(_runtime.Shards).Select(other => ask(other).AsTask()));

    /// <summary>The other owners go first: as long as one of them has anything, the tenant is known by name. Whether or not the state can be read, the journal tells which there are.</summary>
    private async ValueTask DeleteOthersAsync(CancellationToken cancellationToken)
    {
        if (!IsFirst)
        {
            return;
        }

        string[] names = [.. Enumerable.Range(2, TenantOwner.Most - 1).Select(number => TenantOwner.Name(Tenant, number))];
        foreach (var head in await _runtimes.Journal.ReadHeadsAsync(names, cancellationToken))
        {
            await GrainFactory.GetGrain<ITenantPolicyGrain>(head.Tenant).DeleteAsync(cancellationToken);
        }
    }

    /// <summary>Looks to it that the others are taken in every now and then, and at once after many decisions.</summary>
    private void Exchange()
    {
        if (_runtime.Shards == 1)
        {
            return;
        }

        _exchangeTimer ??= this.RegisterGrainTimer(ExchangeAsync, new GrainTimerCreationOptions(_options.ExchangePeriod, _options.ExchangePeriod) { Interleave = true });
        if (_runtime.DecidedSinceExchange >= _options.ExchangeEvery && !_exchanging)
        {
            _ = ExchangeAsync(CancellationToken.None);
        }
    }

    private async Task ExchangeAsync(CancellationToken cancellationToken)
    {
        if (_exchanging)
        {
            return;
        }

        _exchanging = true;
        try
        {
            using var exchange = await _exchanges.EnterAsync(cancellationToken);
            for (var more = _runtime.IsActive; more;)
            {
                more = await _runtime.ExchangeAsync(cancellationToken);
                using var turn = await _turns.EnterAsync(cancellationToken);
                if (!_runtime.IsActive)
                {
                    return;
                }

                await _runtime.ActivateAsync(cancellationToken);
            }
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            MaintenanceFailed(error);
        }
        finally
        {
            _exchanging = false;
        }
    }
}
