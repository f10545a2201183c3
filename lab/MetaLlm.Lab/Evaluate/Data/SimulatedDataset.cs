using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Core.Arms;
using MetaLlm.Simulator.Models;
using MetaLlm.Simulator.Tasks;

namespace MetaLlm.Lab.Evaluate.Data;

/// <summary>
/// Data that the product makes itself: the simulator's queries, and what each of its models would have answered to each of them. Every
/// outcome is a pure function of the seed.
/// </summary>
internal static class SimulatedDataset
{
    /// <summary>Queries of each of the ten kinds.</summary>
    public const int PerType = 200;

    private const int Seed = 11;

    /// <summary>Outcomes that do not change.</summary>
    /// <param name="perType">Queries of each kind, at least 1.</param>
    public static ReplayDataset Create(int perType = PerType)
    {
        var tasks = TaskCatalog.Create(Seed, perType).Tasks;
        return new ReplayDataset("simulator", "simulator", Arms(), [.. tasks.Select(task => Row(task, DefaultModels.All, null))]);
    }

    /// <summary>The same queries in two parts: in the second the most expensive and the third most expensive model have exchanged their abilities, not their prices.</summary>
    /// <param name="perType">Queries of each kind, at least 2.</param>
    public static ReplayDataset CreateSwapped(int perType = PerType)
    {
        var tasks = TaskCatalog.Create(Seed, perType).Tasks;
        var models = DefaultModels.All.OrderByDescending(m => m.Price.OutputPerMillion).ToArray();
        var (first, second) = (models[0], models[2]);
        SimulatedModel[] swapped =
        [
            .. DefaultModels.All.Select(m =>
                m == first ? m with { Ability = second.Ability, Abilities = second.Abilities }
                : m == second ? m with { Ability = first.Ability, Abilities = first.Abilities }
                : m),
        ];
        return new ReplayDataset(
            "simulator",
            "simulator",
            Arms(),
            [.. tasks.Select((task, i) => i % 2 == 0 ? Row(task, DefaultModels.All, "before") : Row(task, swapped, "after"))]);
    }

    private static Arm[] Arms() =>
    [
        .. DefaultModels.All.Select(m => new Arm
        {
            Id = m.Name,
            Prices = TokenPrices.PerMillion((double)m.Price.InputPerMillion, (double)m.Price.OutputPerMillion, (double)m.Price.CachedInputPerMillion),
        }),
    ];

    private static ReplayRow Row(SimTask task, IReadOnlyList<SimulatedModel> models, string? split)
    {
        var truth = new GroundTruth(Seed);
        var usages = models.Select(m => truth.UsageFor(m, task)).ToArray();
        return new ReplayRow
        {
            QueryId = task.Id,
            Task = task.Type.ToString(),
            Text = task.Prompt,
            Split = split,
            Score = [.. models.Select(m => truth.WouldAnswerCorrectly(m, task) ? 1.0 : 0.0)],
            CostUsd = [.. models.Select((m, i) => (double)m.Price.CostOf(usages[i]))],
            Usage = [.. usages.Select(u => new Core.Arms.TokenUsage(u.PromptTokens, u.CachedTokens, u.CompletionTokens))],
            LatencySeconds = [.. models.Select(m => truth.LatencyOf(m, task).TotalSeconds)],
        };
    }
}
