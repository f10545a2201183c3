using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Configuration;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Gateway.Batches;

/// <summary>What all jobs of a host share.</summary>
internal sealed class BatchServices(TenantFiles files, LocalCalls calls, SettingsStore settings, TimeProvider time, ILogger<BatchJob> logger, IBatchStore? store = null)
{
    private const int SweptAtOnce = 500;

    public TenantFiles Files => files;

    public LocalCalls Calls => calls;

    public SettingsStore Settings => settings;

    public TimeProvider Time => time;

    public ILogger Logger => logger;

    /// <summary>Where batches lie; null where the application's store has no place for them.</summary>
    public IBatchStore? Store => store;

    /// <summary>Deletes files, and batches that are over, which are kept no more.</summary>
    public async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        await files.SweepAsync(cancellationToken).ConfigureAwait(false);
        for (var dropped = SweptAtOnce; dropped == SweptAtOnce && store is not null;)
        {
            dropped = await store.DropAsync(time.GetUtcNow() - TimeSpan.FromDays(settings.Current.Batches.Days), SweptAtOnce, cancellationToken).ConfigureAwait(false);
        }
    }
}
