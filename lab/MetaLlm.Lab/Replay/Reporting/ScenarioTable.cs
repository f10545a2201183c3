namespace MetaLlm.Lab.Replay.Reporting;

/// <summary>Phases of a scenario as a table for people.</summary>
internal static class ScenarioTable
{
    /// <summary>Lays reports with a scenario out.</summary>
    /// <param name="reports">At least one.</param>
    public static TextTable Of(IReadOnlyList<ReplayReport> reports)
    {
        var table = new TextTable(
            "policy", "phase", "reward", "95 % interval", "lift", "cost", "of budget", "gain over mix", "settled / best per task", "recovery", "share of the arm", "adoption");
        foreach (var report in reports)
        {
            var scenario = report.Scenario!;
            foreach (var phase in scenario.Phases)
            {
                table.Add(
                    Plots.Name(report),
                    phase.Name,
                    PointTable.Number(phase.Reward.Mean, "F4"),
                    PointTable.Interval(phase.Reward.Ci95, "F4"),
                    PointTable.Signed(phase.LiftOverFirstPhase.Mean),
                    PointTable.Usd(phase.Cost.Mean),
                    PointTable.Optional(phase.Utilisation, "F3"),
                    PointTable.Signed(phase.Gain.Mean),
                    PointTable.Number(phase.Settled.Ratio, "F3"),
                    PointTable.Optional(phase.RecoveryQueries, "F0"),
                    scenario.Arm is { } arm && phase.Shares.TryGetValue(arm, out var share) ? PointTable.Number(share, "F3") : "-",
                    ReferenceEquals(phase, scenario.Phases[^1]) && scenario.Adoption is { } adoption
                        ? $"{adoption.Adopted}/{report.Seeds} at {PointTable.Optional(adoption.MedianStep, "F0")}, last {PointTable.Optional(adoption.LastStep, "F0")}"
                        : "");
            }
        }

        return table;
    }
}
