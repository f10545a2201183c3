using MetaLlm.Lab.Replay.Playing;
using MetaLlm.Core.Bandits;

namespace MetaLlm.Lab.Evaluate;

/// <summary>How much of the battery is run.</summary>
internal sealed record EvaluationSuite
{
    /// <summary>Name on the command line.</summary>
    public required string Name { get; init; }

    /// <summary>Seeds of every point.</summary>
    public required int Seeds { get; init; }

    /// <summary>Budgets between the cheapest and the best arm, log-spaced.</summary>
    public required int Budgets { get; init; }

    /// <summary>Most requests to score; null for no limit.</summary>
    public required int? Limit { get; init; }

    /// <summary>Policies beside the flagship.</summary>
    public required IReadOnlyList<string> Policies { get; init; }

    /// <summary>Whether scenarios, controls, stresses and coverage run on recorded data too, or on the simulator's alone.</summary>
    public required bool Thorough { get; init; }

    /// <summary>Budgets to use instead, USD per request, ascending; empty for log-spaced ones of each data set's own.</summary>
    public IReadOnlyList<double> FixedBudgets { get; init; } = [];

    /// <summary>What to run beside the points, where it runs at all (<see cref="Thorough"/>); of <see cref="EvaluationPart.All"/>.</summary>
    public IReadOnlyCollection<string> Parts { get; init; } = EvaluationPart.All;

    /// <summary>Whether the simulator's data come first.</summary>
    public bool WithSimulator { get; init; } = true;

    /// <summary>Logs that the coverage test draws.</summary>
    public required int CoverageRuns { get; init; }

    /// <summary>Every policy that can run beside the flagship, and the oracle.</summary>
    public static IReadOnlyList<string> Companions { get; } = [.. PolicyRegistry.All.Select(p => p.Name).Where(n => n != Flagship), OracleChooser.Name];

    /// <summary>The two suites.</summary>
    public static IReadOnlyList<EvaluationSuite> All { get; } =
    [
        new()
        {
            Name = "quick",
            Seeds = 3,
            Budgets = 3,
            Limit = 900,
            Policies = ["linucb", "epsilon-greedy", "static-mix"],
            Thorough = false,
            CoverageRuns = 400,
        },
        new()
        {
            Name = "full",
            Seeds = 20,
            Budgets = 5,
            Limit = null,
            Policies = Companions,
            Thorough = true,
            CoverageRuns = 400,
        },
    ];

    /// <summary>The policy under evaluation.</summary>
    public const string Flagship = "metallm";
}
