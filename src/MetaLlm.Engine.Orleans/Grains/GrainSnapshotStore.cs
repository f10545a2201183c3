using MetaLlm.Engine.Ports;
using Orleans.Storage;

namespace MetaLlm.Engine.Orleans.Grains;

/// <summary>The snapshots of one grain's tenant, kept in its persistent state.</summary>
/// <remarks>
/// Persistent state may be touched in the grain's own context only, while a runtime saves from wherever a commit has ended: every
/// call goes to the grain's scheduler. The bytes are let go of once they are loaded or saved, since the tenant's state holds all of them.
/// </remarks>
/// <param name="state">The grain's state, read when the grain was activated.</param>
/// <param name="scheduler">The grain's scheduler.</param>
internal sealed class GrainSnapshotStore(IPersistentState<SnapshotState> state, TaskScheduler scheduler) : ISnapshotStore
{
    /// <inheritdoc/>
    public async ValueTask<StoredSnapshot?> LoadAsync(string tenant, CancellationToken cancellationToken) =>
        await InGrainAsync(ReadAsync, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<string> SaveAsync(string tenant, Snapshot snapshot, string? expectedETag, CancellationToken cancellationToken) =>
        await InGrainAsync(() => WriteAsync(tenant, snapshot, expectedETag), cancellationToken);

    private async Task<StoredSnapshot?> ReadAsync()
    {
        // The bytes that came with the activation are used once; whoever asks again wants to know what is there now.
        if (state.State.Bytes is null)
        {
            await state.ReadStateAsync();
        }

        var found = state.State;
        if (!state.RecordExists)
        {
            return null;
        }

        // A record without bytes is no usable snapshot, yet the next one must replace it, hence know its ETag.
        state.State = new SnapshotState();
        return new StoredSnapshot(new Snapshot(found.AppliedSequence, found.DecisionOrdinal, found.Bytes ?? []), state.Etag!);
    }

    private async Task<string> WriteAsync(string tenant, Snapshot snapshot, string? expectedETag)
    {
        if ((state.RecordExists ? state.Etag : null) != expectedETag)
        {
            throw new FencedException($"Another snapshot of tenant '{tenant}' is there: ETag {state.Etag}, not {expectedETag}.");
        }

        state.State = new SnapshotState
        {
            Bytes = snapshot.State.ToArray(),
            AppliedSequence = snapshot.AppliedSequence,
            DecisionOrdinal = snapshot.DecisionOrdinal,
        };
        try
        {
            await state.WriteStateAsync();
            return state.Etag!;
        }
        catch (InconsistentStateException error)
        {
            throw new FencedException($"Another snapshot of tenant '{tenant}' is there.", error);
        }
        finally
        {
            state.State = new SnapshotState();
        }
    }

    private Task<T> InGrainAsync<T>(Func<Task<T>> call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return TaskScheduler.Current == scheduler
            ? call()
            : Task.Factory.StartNew(call, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler).Unwrap();
    }
}
