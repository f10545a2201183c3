using MetaLlm.Evaluation.Statistics;

namespace MetaLlm.Lab.Replay.Reporting;

/// <summary>A quantity of which each seed has one value.</summary>
/// <param name="Mean">Mean over seeds.</param>
/// <param name="Sd">Standard deviation over seeds.</param>
internal sealed record SpreadSummary(double Mean, double Sd)
{
    /// <summary>Summarises the seeds' values.</summary>
    public static SpreadSummary Of(IReadOnlyCollection<double> values)
    {
        var moments = SampleMoments.Of(values);
        return new SpreadSummary(moments.Mean, moments.StandardDeviation);
    }
}
