namespace MetaLlm.Core.Bandits.Linear;

/// <summary>
/// MetaLLM as published (arXiv 2407.10834): the same regression as <see cref="LinUcbPolicy"/> with the paper's ridge and its three modes.
/// Offline alone with alpha 0 is the published run, frozen after it was trained; both modes together are the hybrid.
/// </summary>
internal sealed class PublishedMetaLlmPolicy(PolicySetup setup) : LinearPolicy(setup)
{
    private readonly bool _offline = setup.Options["offline"] >= 0.5;
    private readonly bool _online = setup.Options["online"] >= 0.5;

    public static PolicyDescriptor Descriptor { get; } = new(
        "metallm-2024",
        1,
        "MetaLLM as published: ridge per arm on quality - p * cost, upper confidence bound; offline, online or both (arXiv 2407.10834).",
        [
            new("alpha", 0.1, 0, 100, "Bonus in units of sqrt(x' A^-1 x); 0 as in the published run."),
            Gamma,
            Ridge with { Default = 12.94 },
            new("offline", 1, 0, 1, "1: warm-start rows train the arms; 0: they do not."),
            new("online", 1, 0, 1, "1: rewards train the arms; 0: frozen after the warm start."),
        ],
        setup => new PublishedMetaLlmPolicy(setup));

    protected override double Alpha { get; } = setup.Options["alpha"];

    protected override void Spread(in DecisionQuery query, DecisionScores scores) => Choice.Certain(scores.Greedy, scores);

    protected override void Learn(in RewardObservation observation, ReadOnlySpan<double> x)
    {
        if (_online)
        {
            base.Learn(observation, x);
        }
    }

    protected override void OnWarmStart(IReadOnlyList<WarmStartRow> rows)
    {
        if (_offline)
        {
            base.OnWarmStart(rows);
        }
    }
}
