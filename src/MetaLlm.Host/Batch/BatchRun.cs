using MetaLlm.Core.Batches;

namespace MetaLlm.Host.Batch;

/// <summary>Runs a batch to its end, from wherever its progress stands.</summary>
/// <param name="client">The gateway.</param>
/// <param name="lines">The queries.</param>
/// <param name="progress">What has become of them.</param>
/// <param name="goal">What it is to come to.</param>
/// <param name="concurrency">Most calls at once.</param>
internal sealed class BatchRun(BatchClient client, IReadOnlyList<BatchLine> lines, BatchProgress progress, BatchGoal goal, int concurrency)
{
    // Plans of a batch, the first included; the gateway is asked for predictions anew whenever twice as many queries are done.
    private const int Plans = 20;
    private const int FewestBetween = 16;

    // What an earlier process had begun is counted as if it had cost the most, until its answer is found to be there.
    private readonly BatchPurse _purse = new(goal.BudgetUsd, progress.SpentUsd + progress.Begun.Values.Sum(begun => begun.HeldUsd));

    /// <summary>USD spent so far; calls of which nothing is known count with the most that they can have cost.</summary>
    public double SpentUsd => _purse.SpentUsd;

    /// <summary>Answers, or says why not, each query that has no result yet.</summary>
    /// <param name="forecast">What is predicted of all queries.</param>
    /// <param name="schedule">What of it is open, see <see cref="Schedule"/>.</param>
    /// <param name="planned">Is told how many queries are done, each time that the rest is planned.</param>
    /// <param name="cancellationToken">Stops it; what runs is in the progress as begun.</param>
    /// <exception cref="BatchException">The gateway refuses the batch as a whole.</exception>
    public async Task RunAsync(BatchForecast forecast, BatchSchedule schedule, Action<int> planned, CancellationToken cancellationToken)
    {
        // It goes to the same model again, where its answer may be.
        var begun = progress.Begun.ToDictionary(pair => pair.Key, pair => pair.Value.Model);
        var (wave, asked) = (Math.Max(FewestBetween, lines.Count / Plans), Math.Max(1, lines.Count - schedule.Open));
        while (schedule.Open > 0)
        {
            planned(lines.Count - schedule.Open);
            if (lines.Count - schedule.Open >= 2 * asked && schedule.Open > wave)
            {
                forecast = await BatchForecast.AskAsync(client, lines, cancellationToken);
                asked = lines.Count - schedule.Open;
                schedule = Schedule(forecast);
            }

            var plan = goal.Plan(schedule, _purse.LeftUsd);
            var next = Next(schedule, plan, forecast, begun, wave);
            await Parallel.ForEachAsync(next, new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancellationToken }, async (one, token) =>
                await new BatchCall(client, lines[one.Line], one.Line, progress, _purse, forecast, goal.Caution).RunAsync(one.Arm, token));
            foreach (var (line, _) in next)
            {
                begun.Remove(line);
                Close(schedule, forecast, line, progress.Results[line], isBilled: true);
            }
        }
    }

    /// <summary>The batch with what is done of it.</summary>
    /// <param name="forecast">What is predicted, with bills of what is done as far as they are known; the tenant may have other models than when that ran.</param>
    public BatchSchedule Schedule(BatchForecast forecast)
    {
        var schedule = new BatchSchedule(forecast.Predictions, goal.Caution);
        foreach (var (line, result) in progress.Results)
        {
            Close(schedule, forecast, line, result, isBilled: false);
        }

        return schedule;
    }

    // What was under way first.
    private static List<(int Line, int Arm)> Next(BatchSchedule schedule, BatchPlan plan, BatchForecast forecast, Dictionary<int, string> begun, int most)
    {
        if (begun.Count > 0)
        {
            return [.. begun.Select(pair => (pair.Key, forecast.IndexOf(pair.Value) is >= 0 and var same ? same : plan.Choices[pair.Key]))];
        }

        return [.. schedule.Next(most, line => plan.Choices[line] is >= 0 and var arm ? forecast.BoundsUsd[line][arm] : 0).Select(line => (line, plan.Choices[line]))];
    }

    private static void Close(BatchSchedule schedule, BatchForecast forecast, int line, BatchOutcome outcome, bool isBilled)
    {
        var arm = outcome is { IsAnswer: true, Model: { } model } ? forecast.IndexOf(model) : -1;
        schedule.Close(line, arm < 0 ? null : arm, isBilled ? outcome.CostUsd : double.NaN);
    }
}
