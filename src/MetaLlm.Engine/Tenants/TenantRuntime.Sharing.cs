using MetaLlm.Core.Arms;
using MetaLlm.Core.Sharing;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Tenants;

public sealed partial class TenantRuntime
{
    /// <summary>What the tenant has agreed to with others; null where its state is not in memory, or it has agreed to nothing. Safe for concurrent use.</summary>
    public SharingSettings? Sharing => _state?.Configuration?.Sharing;

    /// <summary>Whether the tenant gives to others.</summary>
    /// <param name="cancellationToken">Cancels the load.</param>
    public async ValueTask<bool> GivesAsync(CancellationToken cancellationToken) =>
        (await LoadedAsync(cancellationToken).ConfigureAwait(false)).Configuration?.Sharing is { Give: true };

    /// <summary>The configuration with the cards that its models take, or took before.</summary>
    /// <param name="configuration">The configuration that is to be set.</param>
    /// <param name="pool">Reads the pool's cards; called where a model lacks one.</param>
    /// <param name="cancellationToken">Cancels the load.</param>
    public async ValueTask<TenantConfiguration> TakeAsync(
        TenantConfiguration configuration, Func<CancellationToken, ValueTask<IReadOnlyDictionary<string, ModelCard>>> pool, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        ArgumentNullException.ThrowIfNull(pool);
        if (configuration.Sharing is not { Take: true })
        {
            return configuration;
        }

        var state = await LoadedAsync(cancellationToken).ConfigureAwait(false);
        var (current, hasDecided) = (state.Configuration, state.DecisionOrdinal > 0);
        IReadOnlyDictionary<string, ModelCard> cards = TakenCards.NeedPool(configuration, current, hasDecided)
            ? await pool(cancellationToken).ConfigureAwait(false)
            : new Dictionary<string, ModelCard>();
        return TakenCards.Complete(configuration, current, hasDecided, cards);
    }
}
