using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Tenants;
using MetaLlm.TestKit;

namespace MetaLlm.Engine.Orleans.Tests.Support;

/// <summary>What the silos of a test cluster are made of.</summary>
public sealed record SiloSetup
{
    public required ITenantJournal Journal { get; init; }

    public required ISnapshotStore Snapshots { get; init; }

    public IEmbedder Embedder { get; init; } = new FixedEmbedder();

    public IChatProvider Provider { get; init; } = new ScriptedProvider();

    public ManualTimeProvider Time { get; init; } = new();

    public short Silos { get; init; } = 1;

    /// <summary>Whether a client outside the silos is connected.</summary>
    public bool Client { get; init; }

    public Action<OrleansEngineOptions>? Engine { get; init; }

    public Action<TenantRuntimeOptions> Tenants { get; init; } = options =>
        (options.CheckpointEvery, options.ReplayPageSize, options.UnsettledLimit) = (7, 5, TimeSpan.FromDays(1));

    public Action<global::Orleans.Hosting.ISiloBuilder>? Silo { get; init; }
}
