using MetaLlm.Engine.Journal;

namespace MetaLlm.Evaluation.Learning;

/// <summary>How good a model is at a kind of task.</summary>
/// <param name="Task">The task as clients named it; empty where they named none.</param>
/// <param name="Model">The model.</param>
/// <param name="Predicted">Mean predicted reward over all decisions of the task in which the model was in question.</param>
/// <param name="Seen">Mean reward of those that it answered; null without any.</param>
/// <param name="Rewards">How many those are.</param>
/// <param name="Share">Share of the task's decisions that it answered.</param>
public sealed record TaskSkill(string Task, string Model, double Predicted, double? Seen, int Rewards, double Share)
{
    private const int MostTasks = 20;

    /// <summary>Id of the decision with the best reward that the model answered, of several the newest; null without any.</summary>
    public string? Example { get; init; }

    /// <summary>Adds up the tasks that occur most.</summary>
    /// <param name="decisions">Decisions.</param>
    public static IReadOnlyList<TaskSkill> Of(IReadOnlyList<StoredDecision> decisions)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        return
        [
            .. from task in decisions.GroupBy(one => one.Decision.Task ?? "", StringComparer.Ordinal).OrderByDescending(task => task.Count()).ThenBy(task => task.Key, StringComparer.Ordinal).Take(MostTasks)
               from arms in task.SelectMany(one => one.Decision.Arms).GroupBy(arm => arm.ArmId, StringComparer.Ordinal).OrderBy(arms => arms.Key, StringComparer.Ordinal)
               let answered = task.Where(one => one.ServedArm == arms.Key).ToList()
               let rewarded = answered.Where(LearningPoints.IsRewarded).ToList()
               select new TaskSkill(
                   task.Key, arms.Key, arms.Average(arm => arm.Quality), rewarded.Count > 0 ? rewarded.Average(one => one.Reward!.Value) : null, rewarded.Count, answered.Count / (double)task.Count())
               {
                   Example = rewarded.MaxBy(one => (one.Reward, one.Decision.At, one.Decision.Ordinal))?.Decision.DecisionId,
               },
        ];
    }
}
