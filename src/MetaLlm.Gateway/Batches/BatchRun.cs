using MetaLlm.Core.Batches;

namespace MetaLlm.Gateway.Batches;

/// <summary>Runs a batch to its end, from wherever its progress stands.</summary>
internal sealed class BatchRun
{
    // Plans of a batch, the first included; the gateway is asked for predictions anew whenever twice as many queries are done.
    private const int Plans = 20;
    private const int FewestBetween = 16;

    /// <param name="client">The gateway.</param>
    /// <param name="lines">The queries.</param>
    /// <param name="progress">What has become of them.</param>
    /// <param name="goal">What it is to come to.</param>
    /// <param name="concurrency">Most calls at once, at least 1.</param>
    public BatchRun(BatchClient client, IReadOnlyList<BatchLine> lines, BatchProgress progress, BatchGoal goal, int concurrency)
    {
        (Client, Lines, Progress, Goal, Concurrency) = (client, lines, progress, goal, concurrency);

        // What an earlier process had begun is counted as if it had cost the most, until its answer is found to be there.
        Purse = new BatchPurse(goal.BudgetUsd, progress.SpentUsd + progress.Begun.Values.Sum(begun => begun.HeldUsd));
    }

    /// <summary>The gateway.</summary>
    public BatchClient Client { get; }

    /// <summary>The queries.</summary>
    public IReadOnlyList<BatchLine> Lines { get; }

    /// <summary>What has become of them.</summary>
    public BatchProgress Progress { get; }

    /// <summary>What the batch is to come to.</summary>
    public BatchGoal Goal { get; }

    /// <summary>Its money.</summary>
    public BatchPurse Purse { get; }

    /// <summary>Most calls at once.</summary>
    public int Concurrency { get; }

    /// <summary>The clock, for pauses.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Ends calls that run. What ends the batch otherwise lets them come to their end.</summary>
    public CancellationToken EndOfCalls { get; init; }

    /// <summary>Answers, or says why not, each query that has no result yet, as a plan has it.</summary>
    /// <param name="forecast">What is predicted of all queries.</param>
    /// <param name="schedule">What of it is open, see <see cref="Schedule"/>.</param>
    /// <param name="planned">Is told how many queries are done, each time that the rest is planned.</param>
    /// <param name="cancellationToken">Stops it; what runs is in the progress as begun.</param>
    /// <exception cref="BatchException">The gateway refuses the batch as a whole.</exception>
    public async Task RunAsync(BatchForecast forecast, BatchSchedule schedule, Action<int> planned, CancellationToken cancellationToken)
    {
        // It goes to the same model again, where its answer may be.
        var begun = Progress.Begun.ToDictionary(pair => pair.Key, pair => pair.Value.Model);
        var (wave, asked) = (Math.Max(FewestBetween, Lines.Count / Plans), Math.Max(1, Lines.Count - schedule.Open));
        while (schedule.Open > 0)
        {
            planned(Lines.Count - schedule.Open);
            if (Lines.Count - schedule.Open >= 2 * asked && schedule.Open > wave)
            {
                forecast = await BatchForecast.AskAsync(Client, Lines, cancellationToken).ConfigureAwait(false);
                asked = Lines.Count - schedule.Open;
                schedule = Schedule(forecast);
            }

            var plan = Goal.Plan(schedule, Purse.LeftUsd);
            var next = Next(schedule, plan, forecast, begun, wave);
            await Parallel.ForEachAsync(next, Options(cancellationToken), async (one, token) =>
                await new BatchCall(this, one.Line).RunAsync(forecast, one.Arm, token).ConfigureAwait(false)).ConfigureAwait(false);
            foreach (var (line, _) in next)
            {
                begun.Remove(line);
                Close(schedule, forecast, line, Progress.Find(line)!, isBilled: true);
            }
        }
    }

    /// <summary>Answers, or says why not, each query that has no result yet, as the query itself says.</summary>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="BatchException">The gateway refuses the batch as a whole.</exception>
    public Task RunAsItIsAsync(CancellationToken cancellationToken)
    {
        // What was under way first, where an answer may wait.
        var open = Enumerable.Range(0, Lines.Count).Where(line => Progress.Find(line) is null).OrderBy(line => Progress.Begun.ContainsKey(line) ? 0 : 1);
        return Parallel.ForEachAsync(open, Options(cancellationToken), async (line, token) => await new BatchCall(this, line).RunAsItIsAsync(token).ConfigureAwait(false));
    }

    /// <summary>The batch with what is done of it.</summary>
    /// <param name="forecast">What is predicted, with bills of what is done as far as they are known; the tenant may have other models than when that ran.</param>
    public BatchSchedule Schedule(BatchForecast forecast)
    {
        var schedule = new BatchSchedule(forecast.Predictions, Goal.Caution);
        for (var line = 0; line < Lines.Count; line++)
        {
            if (Progress.Find(line) is { } outcome)
            {
                Close(schedule, forecast, line, outcome, isBilled: false);
            }
        }

        return schedule;
    }

    private ParallelOptions Options(CancellationToken cancellationToken) => new() { MaxDegreeOfParallelism = Concurrency, CancellationToken = cancellationToken };

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
