using MetaLlm.Engine.Orleans.Grains;
using MetaLlm.Engine.Ports;
using Orleans.Storage;

namespace MetaLlm.Engine.Orleans.Tests.Support;

/// <summary>Grain storage over a snapshot store, so that tests see snapshots as other engines keep them, and clusters may share them.</summary>
public sealed class SeverableGrainStorage(ISnapshotStore snapshots) : IGrainStorage
{
    private volatile bool _severed;

    /// <summary>From now on every call fails, as for a process that is gone.</summary>
    public void Sever() => _severed = true;

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var found = await Open().LoadAsync(Tenant(grainId), default);
        grainState.State = (T)(object)new SnapshotState
        {
            Bytes = found?.Snapshot.State.ToArray(),
            AppliedSequence = found?.Snapshot.AppliedSequence ?? 0,
            DecisionOrdinal = found?.Snapshot.DecisionOrdinal ?? 0,
        };
        grainState.ETag = found?.ETag;
        grainState.RecordExists = found is not null;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var state = (SnapshotState)(object)grainState.State!;
        try
        {
            var snapshot = new Snapshot(state.AppliedSequence, state.DecisionOrdinal, state.Bytes);
            grainState.ETag = await Open().SaveAsync(Tenant(grainId), snapshot, grainState.ETag, default);
            grainState.RecordExists = true;
        }
        catch (FencedException error)
        {
            throw new InconsistentStateException("Another ETag is there.", error);
        }
    }

    // The store has no way to remove a snapshot; one of nothing is as good.
    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        grainState.ETag = await Open().SaveAsync(Tenant(grainId), new Snapshot(0, 0, Array.Empty<byte>()), grainState.ETag, default);
        (grainState.State, grainState.RecordExists) = ((T)(object)new SnapshotState(), false);
    }

    private static string Tenant(GrainId grainId) => grainId.Key.ToString()!;

    private ISnapshotStore Open() => _severed ? throw new IOException("The storage is cut off.") : snapshots;
}
