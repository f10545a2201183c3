using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Core.Arms;

namespace MetaLlm.Lab.Replay.Worlds;

/// <summary>The scenarios of <c>replay --scenario</c>: what changes in the second of three phases, and what of it lasts.</summary>
internal static class Scenarios
{
    /// <summary>Every row of the second part of the data set comes after the first part.</summary>
    public const string PhaseSwap = "phase-swap";

    private const double PriceCut = 1.0 / 56;
    private const double RegressedReward = 0.75;
    private const double LeastRegression = 0.9;
    private const double OtherwiseRegression = 0.75;

    private static readonly string[] Joining = ["add-good-cheap", "add-good-dear", "add-bad"];

    /// <summary>Names of all scenarios.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["price-cut", "silent-regression", .. Joining, "remove", "outage", PhaseSwap];

    /// <summary>Whether an arm joins in a scenario.</summary>
    public static bool IsJoining(string? scenario) => Joining.Contains(scenario);

    /// <summary>Builds the world of a scenario.</summary>
    /// <param name="dataset">The recorded outcomes.</param>
    /// <param name="scenario">One of <see cref="Names"/>, or null for a world that does not change.</param>
    /// <param name="armId">The arm that it is about; null for the scenario's own choice.</param>
    /// <exception cref="BadInputException">There is no such arm, or the data set does not fit the scenario.</exception>
    public static ReplayWorld Build(ReplayDataset dataset, string? scenario, string? armId)
    {
        if (scenario is null)
        {
            return ReplayWorld.Unchanged(dataset);
        }

        if (scenario == PhaseSwap)
        {
            return Parts(dataset);
        }

        if (dataset.Arms.Count < 2)
        {
            throw new BadInputException($"--scenario: {scenario} needs at least two arms; there is only {dataset.Arms[0].Id}.");
        }

        var ranks = new ArmRanks(dataset);
        var subject = armId is null ? Default(scenario, ranks) : Find(dataset, armId);
        if (Joining.Contains(scenario))
        {
            var (joined, arm) = armId is null ? JoiningArm.Synthesise(dataset, ranks, scenario) : (dataset, subject);
            return Joins(joined, scenario, arm);
        }

        var before = ReplayWorld.Phase("before", dataset);
        var changed = scenario switch
        {
            "price-cut" => Repriced(dataset, subject),
            "silent-regression" => before with { Name = "regressed", Rows = Regressed(dataset, subject, ranks) },
            "outage" => before with { Name = "down", Unhealthy = [dataset.Arms[subject].Id] },
            "remove" => Without(before, subject) with { Name = "removed" },
            _ => throw new BadInputException($"--scenario: there is no scenario {scenario}."),
        };
        var after = scenario == "remove" ? changed with { Name = "still removed" } : before with { Name = "restored" };
        return World(dataset, scenario, subject, [before, changed, after]);
    }

    private static int Default(string scenario, ArmRanks ranks) => scenario == "price-cut" ? ranks.MostExpensive : ranks.Middle;

    private static int Find(ReplayDataset dataset, string armId)
    {
        for (var a = 0; a < dataset.Arms.Count; a++)
        {
            if (dataset.Arms[a].Id == armId)
            {
                return a;
            }
        }

        throw new BadInputException(
            $"--scenario-arm: there is no arm {armId}; the arms are {string.Join(", ", dataset.Arms.Select(a => a.Id))}.");
    }

    private static ReplayWorld Parts(ReplayDataset dataset)
    {
        if (dataset.Splits.Count < 2 || dataset.Rows.Any(r => r.Split is null))
        {
            throw new BadInputException(
                $"--scenario: {PhaseSwap} needs a data set of which every row belongs to one of at least two parts; {dataset.Name} has {dataset.Splits.Count}.");
        }

        return new ReplayWorld
        {
            Scenario = PhaseSwap,
            Arms = dataset.Arms,
            Phases = [.. dataset.Splits.Select(part => ReplayWorld.Phase(part, dataset))],
            PhasesAreParts = true,
        };
    }

    private static ReplayWorld Joins(ReplayDataset dataset, string scenario, int arm)
    {
        var all = ReplayWorld.Phase("joins", dataset);
        return World(dataset, scenario, arm, [Without(all, arm) with { Name = "before" }, all, all with { Name = "known" }]) with { SubjectJoins = true };
    }

    private static ReplayWorld World(ReplayDataset dataset, string scenario, int subject, WorldPhase[] phases) => new()
    {
        Scenario = scenario,
        Arms = dataset.Arms,
        Phases = phases,
        Subject = subject,
    };

    private static WorldPhase Without(WorldPhase phase, int arm) => phase with
    {
        Arms = [.. phase.Arms.Where((_, i) => phase.Indices[i] != arm)],
        Indices = [.. phase.Indices.Where(i => i != arm)],
    };

    private static WorldPhase Repriced(ReplayDataset dataset, int arm) => ReplayWorld.Phase("price cut", dataset) with
    {
        Arms = [.. dataset.Arms.Select((a, i) => i == arm ? a with { Prices = a.Prices.Times(PriceCut) } : a)],
        Rows = [.. dataset.Rows.Select(row => row with { CostUsd = [.. row.CostUsd.Select((cost, i) => i == arm ? cost * PriceCut : cost)] })],
    };

    private static ReplayRow[] Regressed(ReplayDataset dataset, int arm, ArmRanks ranks)
    {
        var toTarget = RegressedReward / ranks.Reward(arm);
        var factor = toTarget <= LeastRegression ? toTarget : OtherwiseRegression;
        return [.. dataset.Rows.Select(row => row with { Score = [.. row.Score.Select((score, i) => i == arm ? score * factor : score)] })];
    }

    private static TokenPrices Times(this TokenPrices prices, double factor) =>
        new(prices.Input * factor, prices.CachedInput * factor, prices.Output * factor);
}
