using MetaLlm.Engine.Ports;

namespace MetaLlm.TestKit.Engines;

/// <summary>An engine under test, over a store that outlives it.</summary>
public interface IEngineFixture : IAsyncDisposable
{
    /// <summary>The engine.</summary>
    ITenantEngine Engine { get; }

    /// <summary>Its journal, to see what is durable.</summary>
    ITenantJournal Journal { get; }

    /// <summary>Its snapshots.</summary>
    ISnapshotStore Snapshots { get; }

    /// <summary>Its embedding model.</summary>
    EmbeddingModelInfo Model { get; }

    /// <summary>Its clock.</summary>
    ManualTimeProvider Time { get; }

    /// <summary>The engine is gone without a word, and a new one starts over what is durable.</summary>
    ValueTask CrashAsync();

    /// <summary>The engine stops in order, and a new one starts.</summary>
    ValueTask RestartAsync();

    /// <summary>So much time passes without calls that every tenant leaves memory.</summary>
    ValueTask EvictIdleAsync();

    /// <summary>A second engine over the same store, as another process would have it; the fixture disposes of it.</summary>
    ValueTask<ITenantEngine> StartPeerAsync();
}
