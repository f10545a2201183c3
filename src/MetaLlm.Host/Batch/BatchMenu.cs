using System.Globalization;
using MetaLlm.Core.Batches;
using MetaLlm.Gateway.Batches;

namespace MetaLlm.Host.Batch;

/// <summary>What a batch could come to for how much money, as a table.</summary>
internal static class BatchMenu
{
    private const int Plans = 10;
    private const double LeastShare = 0.005;

    /// <summary>The plans to choose from, from the cheapest to the best.</summary>
    /// <param name="schedule">The queries that are open.</param>
    /// <param name="models">The models.</param>
    public static IReadOnlyList<string> Of(BatchSchedule schedule, IReadOnlyList<string> models) =>
        [$"{"USD",10}  {"expected",8}  {"95 % interval",15}  models", .. schedule.Menu(Plans).Select(plan => Line(plan, models))];

    /// <summary>What each model has answered and cost, the dearest first.</summary>
    public static IReadOnlyList<string> Bill(IReadOnlyCollection<BatchOutcome> outcomes)
    {
        var paid = outcomes.Where(outcome => outcome.Model is not null).ToLookup(outcome => outcome.Model!, StringComparer.Ordinal);
        var lost = outcomes.SelectMany(outcome => outcome.LostUsd).ToLookup(one => one.Key, one => one.Value, StringComparer.Ordinal);
        return
        [
            .. paid.Select(one => one.Key).Union(lost.Select(one => one.Key), StringComparer.Ordinal)
                .Select(model => (Model: model, Answers: paid[model].Count(one => one.IsAnswer), Usd: paid[model].Sum(one => one.CostUsd), Lost: lost[model].Sum()))
                .OrderByDescending(one => one.Usd + one.Lost)
                .Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Model}: {one.Answers} answers, {one.Usd:0.000000} USD") + (one.Lost > 0 ? string.Create(
                    CultureInfo.InvariantCulture, $", and {one.Lost:0.000000} USD for calls that came to nothing") : "")),
        ];
    }

    /// <summary>A plan in one line.</summary>
    public static string Line(BatchPlan plan, IReadOnlyList<string> models)
    {
        int[] chosen = [.. plan.Choices.Where(arm => arm >= 0)];
        var shares = chosen.CountBy(arm => arm).OrderByDescending(pair => pair.Value)
            .Select(pair => (Model: models[pair.Key], Share: (double)pair.Value / chosen.Length)).Where(one => one.Share >= LeastShare)
            .Select(one => string.Create(CultureInfo.InvariantCulture, $"{one.Model} {one.Share:P0}"));
        return string.Create(
            CultureInfo.InvariantCulture, $"{plan.CostUsd,10:0.0000}  {plan.Quality,8:0.000}  {plan.QualityLow,6:0.000} - {plan.QualityHigh,6:0.000}  {string.Join(", ", shares)}");
    }
}
