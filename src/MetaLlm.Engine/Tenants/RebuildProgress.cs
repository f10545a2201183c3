using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Engine.Tenants;

/// <summary>Saves what a long replay has come to, so that the next one goes on from there.</summary>
/// <param name="tenant">The tenant.</param>
/// <param name="services">Where it is saved.</param>
/// <param name="etag">ETag of the newest snapshot, null without one.</param>
internal sealed partial class RebuildProgress(string tenant, TenantRuntimeServices services, string? etag)
{
    private readonly ILogger _logger = services.Logger;
    private int _due = services.Options.RebuildSaveEvery;
    private bool _fenced;

    /// <summary>ETag of the newest snapshot, null without one.</summary>
    public string? ETag { get; private set; } = etag;

    /// <summary>Decisions and events that the newest snapshot does not hold.</summary>
    public int Unsaved { get; private set; }

    /// <summary>How often the state was saved.</summary>
    public int Saves { get; private set; }

    /// <summary>The replay begins anew.</summary>
    public void Restart() => (Unsaved, _due) = (0, services.Options.RebuildSaveEvery);

    /// <summary>Counts a fold, and saves the state when there have been enough.</summary>
    public ValueTask FoldedAsync(TenantState state, int folds = 1) => (Unsaved += folds) >= _due ? SaveAsync(state) : ValueTask.CompletedTask;

    /// <summary>Saves the state. Every decision in it came from the journal.</summary>
    public async ValueTask SaveAsync(TenantState state)
    {
        _due = Unsaved + services.Options.RebuildSaveEvery;
        if (_fenced || Unsaved == 0)
        {
            return;
        }

        try
        {
            var snapshot = new Snapshot(state.AppliedSequence, state.DecisionOrdinal, SnapshotEnvelope.Wrap(state, services.Model));
            ETag = await services.Snapshots.SaveAsync(tenant, snapshot, ETag, CancellationToken.None).ConfigureAwait(false);
            (Unsaved, _due) = (0, services.Options.RebuildSaveEvery);
            Saves++;
            LogSaved(tenant, state.DecisionOrdinal, state.AppliedSequence);
        }
        catch (FencedException error)
        {
            // The other owner's snapshot is as good; the owner that this replay is for will find out.
            _fenced = true;
            LogNotSaved(error, tenant);
        }
        catch (Exception error)
        {
            // A snapshot only shortens the next replay. It is tried again after as many folds.
            LogNotSaved(error, tenant);
        }
    }

    [LoggerMessage(2027, LogLevel.Information, "The replay of tenant {Tenant} is saved up to decision {Ordinal}, event {Sequence}.")]
    private partial void LogSaved(string tenant, long ordinal, long sequence);

    [LoggerMessage(2028, LogLevel.Warning, "What the replay of tenant {Tenant} has come to could not be saved.")]
    private partial void LogNotSaved(Exception error, string tenant);
}
