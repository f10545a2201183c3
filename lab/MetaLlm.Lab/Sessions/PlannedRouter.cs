using MetaLlm.Core.Arms;

namespace MetaLlm.Lab.Sessions;

/// <summary>
/// Plans each session as one who knows it beforehand: of all ways to give its questions to models, the one of the best score less money. A model keeps a question to its end. What a
/// model of earlier questions may still have in its cache is left out of the plan, so a little is left on the table; and it is billed like all others.
/// </summary>
/// <param name="world">The world.</param>
/// <param name="priceWeight">Shadow price, quality per USD.</param>
/// <param name="knowsOutcomes">Whether it knows how each question ends; otherwise how well models do by topic.</param>
internal sealed class PlannedRouter(SessionWorld world, double priceWeight, bool knowsOutcomes) : ISessionRouter
{
    private readonly Dictionary<int, int[]> _plans = [];

    /// <inheritdoc />
    public string StateHash => "";

    /// <inheritdoc />
    public int Choose(SessionScript session, int turn, DateTimeOffset at)
    {
        if (!_plans.TryGetValue(session.Index, out var plan))
        {
            _plans[session.Index] = plan = Plan(session);
        }

        return plan[turn];
    }

    /// <inheritdoc />
    public void Settle(SessionScript session, TokenUsage usage, DateTimeOffset at)
    {
    }

    /// <inheritdoc />
    public void Reward(SessionScript session, double reward, DateTimeOffset at)
    {
    }

    // Backwards over the questions: what the rest of the session is worth to each model that served the question before.
    private int[] Plan(SessionScript session)
    {
        var (turns, models) = (session.Turns, world.Models.Count);
        int[] starts = [.. Enumerable.Range(0, turns.Count).Where(t => !turns[t].IsToolResult)];
        var best = new int[starts.Length][];
        var rest = new double[models];
        for (var q = starts.Length - 1; q >= 0; q--)
        {
            var end = q + 1 < starts.Length ? starts[q + 1] : turns.Count;
            double[] fresh = [.. Enumerable.Range(0, models).Select(m => Worth(session, starts[q], end, m, false) + rest[m])];
            var freshest = Array.IndexOf(fresh, fresh.Max());
            best[q] = new int[models];
            var before = new double[models];
            for (var m = 0; m < models; m++)
            {
                var kept = q == 0 ? fresh[m] : Worth(session, starts[q], end, m, true) + rest[m];
                (best[q][m], before[m]) = kept >= fresh[freshest] ? (m, kept) : (freshest, fresh[freshest]);
            }

            rest = before;
        }

        var plan = new int[turns.Count];
        var model = Array.IndexOf(rest, rest.Max());
        for (var q = 0; q < starts.Length; q++)
        {
            model = best[q][model];
            Array.Fill(plan, model, starts[q], (q + 1 < starts.Length ? starts[q + 1] : turns.Count) - starts[q]);
        }

        return plan;
    }

    private double Worth(SessionScript session, int from, int to, int model, bool isWarm)
    {
        var (one, usd) = (world.Models[model], 0.0);
        for (var t = from; t < to; t++)
        {
            var turn = session.Turns[t];
            var kept = one.Cache is { } cache && turn.CacheLuck < world.CacheReliability
                ? (t > from || isWarm) && turn.GapSeconds <= cache.TimeToLive.TotalSeconds ? session.Turns[t - 1].PromptTokens : world.InstructionTokens
                : 0;
            usd += one.Cost(new TokenUsage(turn.PromptTokens, kept >= (one.Cache?.MinTokens ?? 0) ? kept : 0, turn.OutputTokens));
        }

        var question = session.Turns[from].Question;
        return (knowsOutcomes ? question.Scores[model] : one.Success[question.Topic]) - (priceWeight * usd);
    }
}
