using MetaLlm.Engine.Ports;

namespace MetaLlm.TestKit.Stores;

/// <summary>The in-memory store as a fixture; opening it again changes nothing.</summary>
public sealed class InMemoryStoreFixture : IStoreFixture
{
    /// <inheritdoc/>
    public ITenantJournal Journal { get; } = new InMemoryTenantJournal();

    /// <inheritdoc/>
    public ITenantDirectory Directory { get; } = new InMemoryTenantDirectory();

    /// <inheritdoc/>
    public ISnapshotStore Snapshots { get; } = new InMemorySnapshotStore();

    /// <inheritdoc/>
    public ValueTask ReopenAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
