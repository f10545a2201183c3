using System.Text.Json.Nodes;
using MetaLlm.Simulator;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.FunctionalTests.Compatibility;

/// <summary>What stands for a provider.</summary>
/// <param name="Settings">Its upstream in the configuration.</param>
/// <param name="Vectors">Its embedding model, if it has any.</param>
/// <param name="Server">What is to be stopped; null for nothing.</param>
internal sealed record StartedKind(JsonObject Settings, string Vectors, IAsyncDisposable? Server) : IAsyncDisposable
{
    /// <summary>Variables in which the configuration finds its keys.</summary>
    public IReadOnlyDictionary<string, string> Keys { get; init; } = new Dictionary<string, string>();

    /// <summary>What the gateway's host needs for it.</summary>
    public Action<IServiceCollection> Services { get; init; } = _ => { };

    /// <summary>What the simulator needs for it.</summary>
    public Action<SimulatorServer> Simulator { get; init; } = _ => { };

    public ValueTask DisposeAsync() => Server?.DisposeAsync() ?? ValueTask.CompletedTask;
}
