using System.Globalization;
using MetaLlm.Core.Batches;

namespace MetaLlm.Host.Batch;

/// <summary>What a batch could come to for how much money, as a table.</summary>
internal static class BatchMenu
{
    private const int Plans = 10;
    private const double LeastShare = 0.005;

    /// <summary>The plans to choose from, from the cheapest to the best.</summary>
    public static IReadOnlyList<string> Of(BatchForecast forecast, double caution) =>
    [
        $"{"USD",10}  {"expected",8}  {"95 % interval",15}  models",
        .. new BatchFrontier(forecast.Predictions, caution).Menu(Plans).Select(plan => Line(plan, forecast.Models)),
    ];

    /// <summary>A plan in one line.</summary>
    public static string Line(BatchPlan plan, IReadOnlyList<string> models)
    {
        var shares = plan.Choices.Where(arm => arm >= 0).CountBy(arm => arm).OrderByDescending(pair => pair.Value)
            .Select(pair => (Model: models[pair.Key], Share: (double)pair.Value / plan.Choices.Length)).Where(one => one.Share >= LeastShare)
            .Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Model} {one.Share:P0}"));
        return string.Create(
            CultureInfo.InvariantCulture, $"{plan.CostUsd,10:0.0000}  {plan.Quality,8:0.000}  {plan.QualityLow,6:0.000} - {plan.QualityHigh,6:0.000}  {string.Join(", ", shares)}");
    }
}
