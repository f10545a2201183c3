namespace MetaLlm.Lab.Sessions;

/// <summary>Plays sessions, many at a time, to a router, and bills what it chooses.</summary>
/// <param name="world">The world.</param>
/// <param name="goal">What is asked of routing.</param>
/// <param name="seed">Seed of the tenant.</param>
internal sealed class SessionPlayer(SessionWorld world, SessionGoal goal, int seed)
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch;

    /// <summary>Plays sessions.</summary>
    /// <param name="sessions">The sessions.</param>
    /// <param name="strategy">How models are chosen.</param>
    /// <param name="cancellationToken">Cancels between turns.</param>
    public SessionOutcome Play(IReadOnlyList<SessionScript> sessions, SessionStrategy strategy, CancellationToken cancellationToken)
    {
        var router = Router(strategy);
        var caches = new SessionCaches(world);
        var (cost, successes) = (new double[sessions.Count], new double[sessions.Count]);
        var steps = sessions.Select(_ => new List<int>()).ToArray();
        var last = new int[sessions.Count];
        var (switches, unsafeSwitches, input, cached, served) = (0, 0, 0.0, 0.0, new int[world.Models.Count]);
        var due = new PriorityQueue<(SessionScript Session, int Turn), (double Seconds, int Session)>();
        foreach (var session in sessions)
        {
            due.Enqueue((session, 0), (session.StartSeconds, session.Index));
        }

        while (due.TryDequeue(out var next, out var when))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var ((session, t), at) = (next, Start.AddSeconds(when.Seconds));
            var turn = session.Turns[t];
            var model = router.Choose(session, t, at);
            var usage = caches.Serve(model, session, turn, when.Seconds);
            router.Settle(session, usage, at);
            steps[session.Index].Add(model);
            if (turn.EndsQuestion)
            {
                var score = steps[session.Index].Average(step => turn.Question.Scores[step]);
                var reward = world.Source.AreRecorded ? score : turn.Luck < score ? 1 : 0;
                successes[session.Index] += reward;
                router.Reward(session, reward, at);
                steps[session.Index].Clear();
            }

            var switched = t > 0 && last[session.Index] != model;
            switches += switched ? 1 : 0;
            unsafeSwitches += switched && turn.IsToolResult ? 1 : 0;
            (input, cached) = (input + usage.Input, cached + usage.CachedInput);
            (cost[session.Index], last[session.Index]) = (cost[session.Index] + world.Models[model].Cost(usage), model);
            served[model]++;
            if (t + 1 < session.Turns.Count)
            {
                due.Enqueue((session, t + 1), (when.Seconds + session.Turns[t + 1].GapSeconds, session.Index));
            }
        }

        return new SessionOutcome
        {
            Strategy = strategy,
            CostUsd = cost,
            Successes = successes,
            Questions = [.. sessions.Select(session => (double)session.Turns.Count(turn => turn.EndsQuestion))],
            Switches = switches,
            UnsafeSwitches = unsafeSwitches,
            CachedShare = cached / input,
            Served = served,
            StateHash = router.StateHash,
        };
    }

    private ISessionRouter Router(SessionStrategy strategy) => strategy is SessionStrategy.TopicsKnown or SessionStrategy.OutcomesKnown
        ? new PlannedRouter(world, goal.PriceWeight, strategy == SessionStrategy.OutcomesKnown)
        : new TenantRouter(world, strategy, goal, seed);
}
