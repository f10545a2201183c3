using MetaLlm.Simulator.Faults;

namespace MetaLlm.Simulator.Stats;

/// <summary>Counts what the simulator has served. Safe for concurrent use.</summary>
public sealed class SimulatorStats
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ModelStats> _byModel;

    internal SimulatorStats(IEnumerable<string> models) =>
        _byModel = models.ToDictionary(name => name, name => new ModelStats { Model = name }, StringComparer.Ordinal);

    /// <summary>The counts of every model at this moment.</summary>
    public IReadOnlyList<ModelStats> Snapshot()
    {
        lock (_gate)
        {
            return [.. _byModel.Values];
        }
    }

    /// <summary>The counts of one model at this moment.</summary>
    /// <exception cref="KeyNotFoundException">No model has this name.</exception>
    public ModelStats For(string model)
    {
        lock (_gate)
        {
            return _byModel[model];
        }
    }

    internal void CountRequest(string model) => Update(model, stats => stats with { Requests = stats.Requests + 1 });

    internal void CountFault(string model, FaultKind kind) => Update(model, stats => stats with
    {
        Faults = new Dictionary<FaultKind, long>(stats.Faults) { [kind] = stats.Faults.GetValueOrDefault(kind) + 1 },
    });

    internal void Bill(SimulatedModel model, TokenUsage usage, bool completed) => Update(model.Name, stats => stats with
    {
        Completed = stats.Completed + (completed ? 1 : 0),
        PromptTokens = stats.PromptTokens + usage.PromptTokens,
        CachedTokens = stats.CachedTokens + usage.CachedTokens,
        CompletionTokens = stats.CompletionTokens + usage.CompletionTokens,
        CostUsd = stats.CostUsd + model.Price.CostOf(usage),
    });

    internal void Bill(SimulatedEmbeddingModel model, int tokens, bool completed) => Update(model.Name, stats => stats with
    {
        Completed = stats.Completed + (completed ? 1 : 0),
        PromptTokens = stats.PromptTokens + tokens,
        CostUsd = stats.CostUsd + (tokens * model.InputPerMillion / 1_000_000m),
    });

    private void Update(string model, Func<ModelStats, ModelStats> change)
    {
        lock (_gate)
        {
            // Judges are made when they are asked for.
            _byModel[model] = change(_byModel.TryGetValue(model, out var known) ? known : new ModelStats { Model = model });
        }
    }
}
