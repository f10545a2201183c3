using MetaLlm.Engine.Ports;

namespace MetaLlm.TestKit.Stores;

/// <summary>A store under test.</summary>
public interface IStoreFixture : IAsyncDisposable
{
    /// <summary>Its journal.</summary>
    ITenantJournal Journal { get; }

    /// <summary>Its directory of tenants.</summary>
    ITenantDirectory Directory { get; }

    /// <summary>Snapshots, which outlive its being closed; the test holds them itself, as grain storage does for a silo.</summary>
    ISnapshotStore Snapshots { get; }

    /// <summary>Closes the store and opens it again; only what is durable is there.</summary>
    ValueTask ReopenAsync();
}
