using System.Net;
using MetaLlm.Simulator.Drift;
using MetaLlm.Simulator.Faults;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace MetaLlm.Simulator;

/// <summary>How a simulator is set up.</summary>
public sealed record SimulatorOptions
{
    /// <summary>Where it listens: a loopback address. It plays the outside world, it is not part of it.</summary>
    /// <value>Default 127.0.0.1.</value>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>The port; 0 picks a free one.</summary>
    /// <value>0 to 65,535. Default 0.</value>
    public int Port { get; init; }

    /// <summary>Names the catalogue, every model's answers and the draws of faults.</summary>
    /// <value>Default 1.</value>
    public int Seed { get; init; } = 1;

    /// <summary>Queries of each type in the catalogue.</summary>
    /// <value>1 to <see cref="TaskCatalog.MaximumPerType"/>. Default <see cref="TaskCatalog.DefaultPerType"/>.</value>
    public int TasksPerType { get; init; } = TaskCatalog.DefaultPerType;

    /// <summary>The key clients must send as a bearer token; null lets everyone in.</summary>
    /// <value>Default null.</value>
    public string? ApiKey { get; init; }

    /// <summary>Factor on every simulated latency: 1 as in life, 0.01 a hundred times as fast, 0 no waiting at all.</summary>
    /// <value>0 to 100. Default 1.</value>
    public double TimeScale { get; init; } = 1;

    /// <summary>
    /// Times the request's temperature (1 where it states none), the chance that an answer is drawn afresh instead of being
    /// the settled one of (seed, model, query). The draw follows the request's <c>seed</c>, else the request's number.
    /// </summary>
    /// <value>0 to 1. Default 0: no noise.</value>
    public double SamplingNoise { get; init; }

    /// <summary>
    /// How well the log-probabilities of an answer's tokens tell whether it is right: the probability that a right answer shows more confidence than a wrong one. Null for log-probabilities that are
    /// always the same.
    /// </summary>
    /// <value>0.5 to 0.999. Default 0.85.</value>
    public double? ConfidenceAuc { get; init; } = 0.85;

    /// <summary>The models, one or more, with distinct names.</summary>
    /// <value>Default <see cref="DefaultModels.All"/>.</value>
    public IReadOnlyList<SimulatedModel> Models { get; init; } = DefaultModels.All;

    /// <summary>The embedding models, with names that nothing else has; there may be none.</summary>
    /// <value>Default <see cref="DefaultEmbeddingModels.All"/>.</value>
    public IReadOnlyList<SimulatedEmbeddingModel> EmbeddingModels { get; init; } = DefaultEmbeddingModels.All;

    /// <summary>Faults in force from the start.</summary>
    public IReadOnlyList<FaultRule> Faults { get; init; } = [];

    /// <summary>Changes to come.</summary>
    public IReadOnlyList<DriftEvent> Drift { get; init; } = [];

    /// <summary>The clock of latencies and of drift.</summary>
    /// <value>Default <see cref="TimeProvider.System"/>.</value>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>Where it logs its start and its end.</summary>
    /// <value>Default nowhere.</value>
    public ILoggerFactory LoggerFactory { get; init; } = NullLoggerFactory.Instance;
}
