using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Engine.Tenants;

/// <summary>Rebuilds a tenant's state from its newest snapshot and the journal, or from the journal alone.</summary>
internal sealed partial class TenantRecovery(string tenant, TenantRuntimeServices services)
{
    private readonly ILogger _logger = services.Logger;

    public async ValueTask<RecoveredTenant> RecoverAsync(CancellationToken cancellationToken)
    {
        var started = services.Time.GetTimestamp();
        var stored = await services.Snapshots.LoadAsync(tenant, cancellationToken).ConfigureAwait(false);
        var progress = new RebuildProgress(tenant, services, stored?.ETag);
        var heads = await services.Journal.ReadHeadsAsync([tenant], cancellationToken).ConfigureAwait(false);
        var head = heads.Count > 0 ? heads[0] : default;
        var state = stored is not null && Fits(stored.Snapshot, head) ? TryLoad(stored.Snapshot) : null;
        var replayed = state is null ? null : await ReplayAsync(state, progress, cancellationToken).ConfigureAwait(false);
        if (state is not null && replayed is null)
        {
            LogSnapshotAhead(tenant);
        }

        if (replayed is null)
        {
            state = head.BaseSequence > 0
                ? await LoadBaseAsync(cancellationToken).ConfigureAwait(false)
                : TenantState.Create(tenant, services.Model.Id, services.Model.Reduction);
            progress.Restart();
            replayed = await ReplayAsync(state, progress, cancellationToken).ConfigureAwait(false)
                ?? throw new FencedException($"Tenant '{tenant}' was written by another owner while its journal was read.");
        }

        var elapsed = services.Time.GetElapsedTime(started);
        services.Metrics.RecordRecovery(elapsed);
        LogRecovered(tenant, state!.DecisionOrdinal, state.AppliedSequence, replayed.Value, elapsed.TotalMilliseconds);
        if (progress.Saves > 0)
        {
            await progress.SaveAsync(state).ConfigureAwait(false);
        }

        return new RecoveredTenant(state, progress.ETag, progress.Unsaved);
    }

    /// <summary>
    /// Whether a snapshot is one of this journal: not of one that had come further, as before a restore or for a tenant that was deleted, nor of a time whose rest was dropped.
    /// </summary>
    private bool Fits(Snapshot snapshot, in JournalHead head)
    {
        if (snapshot.DecisionOrdinal <= head.LastOrdinal && snapshot.AppliedSequence <= head.LastSequence && snapshot.AppliedSequence >= head.BaseSequence)
        {
            return true;
        }

        LogSnapshotForeign(tenant, snapshot.DecisionOrdinal, snapshot.AppliedSequence, head.LastOrdinal, head.LastSequence, head.BaseSequence);
        return false;
    }

    /// <exception cref="InvalidDataException">The state that stands for what was dropped is unusable: nothing else has what it held.</exception>
    private async ValueTask<TenantState> LoadBaseAsync(CancellationToken cancellationToken)
    {
        var found = await services.Journal.FindBaseAsync(tenant, cancellationToken).ConfigureAwait(false);
        return (found is null ? null : TryLoad(found))
            ?? throw new InvalidDataException(
                $"The journal of tenant '{tenant}' begins after what was dropped, and neither its snapshot nor the state that stands for that can be read. Restore the database from a back-up.");
    }

    /// <exception cref="InvalidDataException">The journal is damaged, or holds what this build refuses.</exception>
    private async ValueTask<int?> ReplayAsync(TenantState state, RebuildProgress progress, CancellationToken cancellationToken)
    {
        var replay = new JournalReplay(services.Journal, tenant, services.Options.ReplayPageSize, progress);
        try
        {
            return await replay.FoldAsync(state, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // A tenant that leaves its silo while it is rebuilt goes on elsewhere with what there is. A little is folded anew in no time.
            if (replay.IsWhole && progress.Unsaved >= services.Options.CheckpointEvery)
            {
                await progress.SaveAsync(state).ConfigureAwait(false);
            }

            throw;
        }
        catch (Exception error) when (error is ArgumentException or FormatException or InvalidCastException or OverflowException)
        {
            throw new InvalidDataException($"The journal of tenant '{tenant}' cannot be replayed. {error.Message}", error);
        }
    }

    /// <summary>Loads a snapshot's state, or null when it is unusable: the journal holds everything that it did.</summary>
    /// <exception cref="EmbeddingModelMismatchException">It rests on another model: a replay would not help.</exception>
    private TenantState? TryLoad(Snapshot snapshot)
    {
        try
        {
            var bytes = SnapshotEnvelope.Unwrap(snapshot.State.Span, out var model);
            var loaded = SnapshotEnvelope.Identity(services.Model);
            if (model != loaded)
            {
                throw new EmbeddingModelMismatchException(tenant, model, loaded);
            }

            var state = TenantState.Load(bytes, tenant, services.Model.Id, services.Model.Reduction);
            if (state.AppliedSequence == snapshot.AppliedSequence && state.DecisionOrdinal == snapshot.DecisionOrdinal)
            {
                return state;
            }

            throw new InvalidDataException(
                $"The state has folded decision {state.DecisionOrdinal} and event {state.AppliedSequence}, "
                + $"its snapshot says {snapshot.DecisionOrdinal} and {snapshot.AppliedSequence}.");
        }
        catch (InvalidDataException error)
        {
            LogSnapshotUnusable(error, tenant);
            return null;
        }
    }

    [LoggerMessage(2001, LogLevel.Information,
        "Tenant {Tenant} is at decision {Ordinal}, event {Sequence}: {Replayed} replayed in {Milliseconds:F1} ms.")]
    private partial void LogRecovered(string tenant, long ordinal, long sequence, int replayed, double milliseconds);

    [LoggerMessage(2002, LogLevel.Warning, "The snapshot of tenant {Tenant} is unusable; the whole journal is replayed instead.")]
    private partial void LogSnapshotUnusable(Exception error, string tenant);

    [LoggerMessage(2004, LogLevel.Warning,
        "The snapshot of tenant {Tenant} holds decision {SnapshotOrdinal} and event {SnapshotSequence}; the journal has come to {Ordinal} and {Sequence} and begins after event {Base}. It is not used.")]
    private partial void LogSnapshotForeign(string tenant, long snapshotOrdinal, long snapshotSequence, long ordinal, long sequence, long @base);

    [LoggerMessage(2003, LogLevel.Warning,
        "The snapshot of tenant {Tenant} is ahead of a decision that another owner made; the whole journal is replayed instead.")]
    private partial void LogSnapshotAhead(string tenant);
}
