using System.Globalization;
using MetaLlm.Engine.Ports;

namespace MetaLlm.TestKit.Stores;

/// <summary>Snapshots in memory.</summary>
public sealed class InMemorySnapshotStore : ISnapshotStore
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, StoredSnapshot> _snapshots = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ValueTask<StoredSnapshot?> LoadAsync(string tenant, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            return ValueTask.FromResult(_snapshots.GetValueOrDefault(tenant));
        }
    }

    /// <inheritdoc/>
    public ValueTask<string> SaveAsync(string tenant, Snapshot snapshot, string? expectedETag, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        lock (_gate)
        {
            var found = _snapshots.GetValueOrDefault(tenant)?.ETag;
            if (found != expectedETag)
            {
                throw new FencedException($"ETag {found} found where {expectedETag} was expected.");
            }

            var next = (found is null ? 1 : long.Parse(found, CultureInfo.InvariantCulture) + 1).ToString(CultureInfo.InvariantCulture);
            _snapshots[tenant] = new StoredSnapshot(snapshot with { State = snapshot.State.ToArray() }, next);
            return ValueTask.FromResult(next);
        }
    }
}
