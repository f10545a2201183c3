using MetaLlm.Lab.Replay;
using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Lab.Replay.Reporting;

namespace MetaLlm.Lab.Evaluate.Parts;

/// <summary>What the flagship does on data in which there is nothing to gain.</summary>
/// <param name="Name">The control.</param>
/// <param name="Quantity">What was measured: <c>gain over the static mix</c>, or <c>reward beyond the run without the copy</c>.</param>
/// <param name="Value">Its value.</param>
/// <param name="Passed">Shuffled labels: the gain is not above 0 beyond noise. A copy: the loss is not beyond noise.</param>
internal sealed record ControlResult(string Name, string Quantity, RewardSummary Value, bool Passed)
{
    /// <summary>Judges a run.</summary>
    public static ControlResult Of(string control, ReplayResult result, ReplayResult plain)
    {
        if (control == DatasetControls.ShuffledLabels)
        {
            return new ControlResult(control, "gain over the static mix", result.Report.Gain, result.Report.Gain.Ci95[0] <= 0);
        }

        var difference = StressResult.Paired(result, plain);
        return new ControlResult(control, "reward beyond the run without the copy", difference, difference.Ci95[1] >= 0);
    }
}
