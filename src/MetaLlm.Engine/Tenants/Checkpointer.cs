using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Engine.Tenants;

/// <summary>Saves snapshots of one activation: in the background after so many folds, or at once when asked.</summary>
/// <remarks>
/// Called by the owner. The bytes are taken when a save starts, and written when every decision in them is durable: a snapshot
/// must never know of a decision that the journal may yet refuse.
/// </remarks>
internal sealed partial class Checkpointer
{
    private readonly string _tenant;
    private readonly TenantRuntimeServices _services;
    private readonly ILogger _logger;
    private string? _etag;
    private int _unsaved;
    private int _saving;
    private int _due;
    private Task<string>? _running;

    public Checkpointer(string tenant, TenantRuntimeServices services, RecoveredTenant recovered)
    {
        _tenant = tenant;
        _services = services;
        _logger = services.Logger;
        _etag = recovered.ETag;
        _unsaved = recovered.Replayed;
        _due = services.Options.CheckpointEvery;
    }

    /// <summary>Counts a fold, and starts to save when there have been enough.</summary>
    /// <param name="state">The state after the fold.</param>
    /// <param name="durable">Completes when every decision in the state is durable.</param>
    /// <param name="folds">How many decisions and events it was.</param>
    public void AfterFold(TenantState state, Task durable, int folds = 1)
    {
        _unsaved += folds;
        if (_unsaved >= _due && _running is null)
        {
            _running = Start(state, durable);
        }
    }

    /// <summary>Takes in the outcome of a save that has ended.</summary>
    /// <exception cref="FencedException">Another owner has saved a snapshot.</exception>
    public async ValueTask AbsorbAsync()
    {
        if (_running is { IsCompleted: true })
        {
            await FinishAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Saves the state unless the newest snapshot holds it. Every decision in it is durable.</summary>
    public async ValueTask SaveNowAsync(TenantState state, CancellationToken cancellationToken)
    {
        try
        {
            await FinishAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            if (_unsaved == 0)
            {
                return;
            }

            _running = Start(state, Task.CompletedTask);
            await FinishAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (FencedException error)
        {
            // The other owner's snapshot is as good as ours would have been.
            LogFenced(error, _tenant);
        }
    }

    private Task<string> Start(TenantState state, Task durable)
    {
        _saving = _unsaved;
        var bytes = SnapshotEnvelope.Wrap(state, _services.Model);
        return SaveAsync(new Snapshot(state.AppliedSequence, state.DecisionOrdinal, bytes), _etag, durable);
    }

    private async Task<string> SaveAsync(Snapshot snapshot, string? etag, Task durable)
    {
        await durable.ConfigureAwait(false);
        return await _services.Snapshots.SaveAsync(_tenant, snapshot, etag, CancellationToken.None).ConfigureAwait(false);
    }

    private async Task FinishAsync()
    {
        if (_running is not { } running)
        {
            return;
        }

        try
        {
            _etag = await running.ConfigureAwait(false);
            _unsaved -= _saving;
            _due = _services.Options.CheckpointEvery;
        }
        catch (Exception error) when (error is not FencedException)
        {
            // A snapshot only shortens recovery. The next one is tried after as many folds again.
            _due = _unsaved + _services.Options.CheckpointEvery;
            LogNotSaved(error, _tenant);
        }
        finally
        {
            _running = null;
        }
    }

    [LoggerMessage(2011, LogLevel.Warning, "The snapshot of tenant {Tenant} could not be saved; recovery will replay more of the journal.")]
    private partial void LogNotSaved(Exception error, string tenant);

    [LoggerMessage(2012, LogLevel.Warning, "Another owner has saved a snapshot of tenant {Tenant}; this one's is not needed.")]
    private partial void LogFenced(Exception error, string tenant);
}
