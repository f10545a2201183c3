using System.Collections.Concurrent;
using MetaLlm.Engine.Orleans.Hosting;
using Microsoft.Extensions.Configuration;

namespace MetaLlm.Engine.Orleans.ClusterTests.Support;

/// <summary>What the silos and the client of a test cluster are made of.</summary>
public sealed class ClusterSetup
{
    /// <summary>A stream provider that every silo has, and that brings nothing.</summary>
    public const string BrokenStreams = "broken";

    private static readonly ConcurrentDictionary<string, ClusterSetup> Running = new();

    private int _started = -1;

    /// <summary>Connection string of the database.</summary>
    public required string Database { get; init; }

    public short Silos { get; init; } = 3;

    /// <summary>Changes the engine's options.</summary>
    public Action<OrleansEngineOptions>? Engine { get; init; }

    /// <summary>How far the clock of the silo that is started as number n, from 0, is ahead.</summary>
    public Func<int, TimeSpan> Skew { get; init; } = _ => TimeSpan.Zero;

    /// <summary>Whether a silo that is cut off from its journal is cut off from the membership table too, as by a network.</summary>
    public bool CutsMembership { get; init; }

    /// <summary>The silos' database roles, by silo port.</summary>
    internal ConcurrentDictionary<int, SiloRole> Roles { get; } = new();

    /// <summary>The setup of the cluster that a silo or client is configured for: the testing host hands nothing but texts on.</summary>
    public static ClusterSetup Of(IConfiguration configuration) => Running[configuration["Orleans:ClusterId"]!];

    public OrleansClusterOptions Membership(IConfiguration configuration, int siloPort, int gatewayPort, string? connection = null) => new()
    {
        ClusterId = configuration["Orleans:ClusterId"]!,
        ServiceId = configuration["Orleans:ServiceId"]!,
        Membership = ClusterMembership.Database,
        ConnectionString = CutsMembership && connection is not null ? connection : Database,
        SiloPort = siloPort,
        GatewayPort = gatewayPort,
    };

    internal void Register(string clusterId) => Running[clusterId] = this;

    internal TimeSpan NextSkew() => Skew(Interlocked.Increment(ref _started));
}
