using MetaLlm.Core.Batches;

namespace MetaLlm.Gateway.Batches;

/// <summary>What a batch is to come to.</summary>
/// <param name="BudgetUsd">Most that it may spend, USD; infinite without a limit.</param>
/// <param name="Quality">Mean reward that is enough; null to have the most for the budget.</param>
/// <param name="Caution">Deviations that predictions are taken to be lower.</param>
internal sealed record BatchGoal(double BudgetUsd, double? Quality, double Caution)
{
    /// <summary>The plan for what is open.</summary>
    /// <param name="schedule">The batch.</param>
    /// <param name="leftUsd">USD that are left.</param>
    public BatchPlan Plan(BatchSchedule schedule, double leftUsd) =>
        Quality is { } quality && schedule.ForQuality(quality) is var plan && plan.CostUsd <= leftUsd ? plan : schedule.WithinBudget(leftUsd);
}
