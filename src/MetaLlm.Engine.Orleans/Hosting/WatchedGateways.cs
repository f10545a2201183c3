using MetaLlm.Engine.Orleans.Callers;
using Orleans.Messaging;

namespace MetaLlm.Engine.Orleans.Hosting;

/// <summary>A client's list of silos, which tells when one is no longer in it.</summary>
/// <param name="inner">Reads the list.</param>
/// <param name="departures">Is told.</param>
internal sealed class WatchedGateways(IGatewayListProvider inner, SiloDepartures departures) : IGatewayListProvider
{
    private HashSet<Uri> _known = [];
    private bool _again;

    /// <inheritdoc/>
    public TimeSpan MaxStaleness => inner.MaxStaleness;

    /// <inheritdoc/>
    [Obsolete("Nobody asks any more.")]
    public bool IsUpdatable => true;

    /// <inheritdoc/>
    public Task InitializeGatewayListProvider()
    {
        departures.Watch();
        return inner.InitializeGatewayListProvider();
    }

    /// <inheritdoc/>
    public async Task<IList<Uri>> GetGateways()
    {
        var found = await inner.GetGateways().ConfigureAwait(false);
        var known = Interlocked.Exchange(ref _known, [.. found]);
        var left = known.Any(silo => !found.Contains(silo));

        // Once more at the next reading: until the other silos have heard of it too, a call may be sent after the one that is gone.
        if (left || _again)
        {
            _again = left;
            await departures.TellAsync().ConfigureAwait(false);
        }

        return found;
    }
}
