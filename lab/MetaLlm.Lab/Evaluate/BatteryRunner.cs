using MetaLlm.Lab.Evaluate.Data;
using MetaLlm.Lab.Replay;
using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Lab.Replay.Streams;
using MetaLlm.Lab.Replay.Worlds;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Lab.Evaluate;

/// <summary>Replays one data set the way the battery does.</summary>
/// <param name="dataset">The data set.</param>
/// <param name="features">What is known of its queries, the tag included.</param>
/// <param name="suite">Seeds and limit.</param>
internal sealed class BatteryRunner(ReplayDataset dataset, FeatureTable features, EvaluationSuite suite)
{
    private const double TrainFraction = 0.3;

    /// <summary>The same replay without the task tag.</summary>
    public static ReplayOptions WithoutTask(ReplayOptions options) => options with { Features = options.Features & ~ContextParts.Task };

    /// <summary>Runs policies with trade-offs.</summary>
    /// <param name="policies">The policies.</param>
    /// <param name="tradeOffs">The trade-offs.</param>
    /// <param name="start">What the policies know.</param>
    /// <param name="change">What is different from a plain replay.</param>
    /// <param name="cancellationToken">Cancels between requests.</param>
    public Task<IReadOnlyList<ReplayResult>> RunAsync(
        IReadOnlyList<string> policies, IReadOnlyList<TradeOff> tradeOffs, Start start, Func<ReplayOptions, ReplayOptions> change, CancellationToken cancellationToken)
    {
        var options = change(new ReplayOptions
        {
            DataDirectory = dataset.File,
            JsonFile = string.Empty,
            Policies = policies,
            TradeOffs = tradeOffs,
            Seeds = suite.Seeds,
            Limit = suite.Limit,
        });
        options = Divided(options, start);
        var controlled = DatasetControls.Apply(dataset, options.Control);
        var world = Scenarios.Build(controlled, options.Scenario, options.ScenarioArm);
        var known = options.Features.HasFlag(ContextParts.Task) ? features : features.WithoutTask();
        return new ReplayRunner(controlled, world, known, new StreamPlanner(controlled, options), options).RunAsync(static _ => { }, cancellationToken);
    }

    private ReplayOptions Divided(ReplayOptions options, Start start)
    {
        var phased = options.Scenario == Scenarios.PhaseSwap;
        if (DatasetFolder.HasSplits(dataset) && !phased)
        {
            return options with
            {
                Train = start == Start.Warm ? new TrainSelection("train", null) : null,
                BurnInSplit = start == Start.Warm && dataset.Splits.Contains("val") ? "val" : null,
                TestSplit = "test",
            };
        }

        return options with { Train = start == Start.Warm ? new TrainSelection(null, TrainFraction) : null };
    }
}
