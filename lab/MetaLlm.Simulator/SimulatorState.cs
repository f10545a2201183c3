using MetaLlm.Simulator.Drift;
using MetaLlm.Simulator.Faults;
using MetaLlm.Simulator.Http;
using MetaLlm.Simulator.Stats;

namespace MetaLlm.Simulator;

/// <summary>Everything the endpoints share.</summary>
internal sealed class SimulatorState
{
    public SimulatorState(SimulatorOptions options)
    {
        var names = options.Models.Select(model => model.Name).ToArray();
        string[] all = [.. names, .. options.EmbeddingModels.Select(model => model.Name)];
        Options = options;
        Catalog = TaskCatalog.Create(options.Seed, options.TasksPerType);
        Truth = new GroundTruth(options.Seed);
        Models = new ModelRegistry(options.Models);
        Faults = new FaultInjector(options.Seed, all, options.Faults);
        Drift = new DriftSchedule(Models, options.TimeProvider, options.Drift);
        Stats = new SimulatorStats(all);
    }

    public SimulatorOptions Options { get; }

    public TaskCatalog Catalog { get; }

    public GroundTruth Truth { get; }

    public ModelRegistry Models { get; }

    public FaultInjector Faults { get; }

    public DriftSchedule Drift { get; }

    public SimulatorStats Stats { get; }

    public PromptCache PromptCache { get; } = new();
}
