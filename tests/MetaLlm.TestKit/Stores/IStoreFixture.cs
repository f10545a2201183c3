using MetaLlm.Engine.Ports;

namespace MetaLlm.TestKit.Stores;

/// <summary>A store under test.</summary>
public interface IStoreFixture : IAsyncDisposable
{
    /// <summary>Its journal.</summary>
    ITenantJournal Journal { get; }

    /// <summary>Its snapshots.</summary>
    ISnapshotStore Snapshots { get; }

    /// <summary>Closes the store and opens it again; only what is durable is there.</summary>
    ValueTask ReopenAsync();
}
