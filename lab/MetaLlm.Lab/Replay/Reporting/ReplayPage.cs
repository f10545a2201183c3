using System.Globalization;
using MetaLlm.Lab.Replay.Worlds;
using MetaLlm.Lab.Reports;

namespace MetaLlm.Lab.Replay.Reporting;

/// <summary>A replay as a page with plots.</summary>
internal static class ReplayPage
{
    /// <summary>Lays a replay out.</summary>
    /// <param name="world">What was played.</param>
    /// <param name="results">One per policy and trade-off, at least one.</param>
    public static ReportDocument Of(ReplayWorld world, IReadOnlyList<ReplayResult> results)
    {
        var first = results[0].Report;
        var lead = string.Create(
            CultureInfo.InvariantCulture, $"{first.Queries:N0} scored requests, {world.Arms.Count} arms, {first.Seeds} seeds; bandit feedback only.");
        var sections = new List<ReportSection>
        {
            new("Reward and cost", "The static mix is the best random mix of fixed arms, known in hindsight, at the policy's own realised cost.")
            {
                Tables = [PointTable.Of([.. results.Select(r => r.Report)])],
                Plots = [Plots.Frontier([.. results.Select(r => r.Report)]), Plots.Regret(results)],
            },
        };
        sections.AddRange(results.Where(r => r.Report.Scenario is not null).Select(r => ScenarioSection.Of(r.Report)));
        return new ReportDocument(
            world.Scenario is null ? $"Replay of {first.Data}" : $"Replay of {first.Data}: {world.Scenario}",
            lead, [], sections, "Plots: uPlot (MIT).");
    }
}
