using MetaLlm.Core.Arms;

namespace MetaLlm.Core.Bandits;

/// <content>
/// Arms that the configuration tells nothing apart: one price list for all, and the same length expected. What one of them costs says where the others lie, but not that they cost the same: before
/// its first call each is expected at the centre of those that were called, and hoped to be as much cheaper as they differ.
/// </content>
internal sealed partial class TokenModel
{
    // How many logarithms arms differ by until they have shown it, and how many called arms that counts as. Models on one market differ by three decades.
    private const double UntoldSpread = 1.5;
    private const double UntoldSpreadPrior = 1;

    // Calls that speak for what the configuration expects of all.
    private const double UntoldPriorCalls = 0.2;

    private const double UntoldLargestOptimism = 7;

    private bool[] _untold = [];

    private static bool[] Untold(Arm[] arms) => arms.All(arm => arm.Prices == arms[0].Prices)
        ? Array.ConvertAll(arms, arm => arms.Count(other => other.PriorOutputTokens == arm.PriorOutputTokens && other.Overhead == arm.Overhead) > 1)
        : new bool[arms.Length];

    // An arm that was forgotten after surprises has been called.
    private static bool IsUncalled(TokenStatistics s) => s.LevelCalls == 0 && s.Slopes is null && s.Surprises.State.Calls == 0;

    // A report that was cut tells of its arm that it is dear, not how dear; others are not judged by it.
    private (int Called, double Sum, double Squares) UntoldCalled()
    {
        var (called, sum, squares) = (0, 0.0, 0.0);
        for (var a = 0; a < _statistics.Length; a++)
        {
            if (_untold[a] && _statistics[a] is { Slopes: null, LevelCalls: >= 1 } s)
            {
                called++;
                sum += s.Surprise;
                squares += s.Surprise * s.Surprise;
            }
        }

        return (called, sum, squares);
    }

    private void ExpectUntold()
    {
        if (!_untold.AsSpan().Contains(true))
        {
            return;
        }

        var (called, sum, _) = UntoldCalled();
        for (var a = 0; a < _statistics.Length; a++)
        {
            if (_untold[a] && IsUncalled(_statistics[a]))
            {
                _statistics[a].Expect(sum / (called + UntoldPriorCalls));
            }
        }
    }

    // The deviation of an arm that is yet to be seen around the mean of those that were.
    private double UntoldOptimism()
    {
        var (called, sum, squares) = UntoldCalled();
        if (called == 0)
        {
            return 1;
        }

        var variance = ((UntoldSpreadPrior * UntoldSpread * UntoldSpread) + Math.Max(0, squares - (sum * sum / called))) / (UntoldSpreadPrior + called - 1);
        var calls = 0.0;
        foreach (var s in _statistics)
        {
            calls += s.Calls;
        }

        return Math.Exp(-Math.Min(UntoldLargestOptimism, Math.Sqrt(2 * Math.Log(1 + calls) * variance * (1 + (1.0 / called)))));
    }
}
