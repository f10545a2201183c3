using System.Globalization;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Imputation;

/// <summary>
/// A request a minute, most of which nobody judges. How good an answer is shows in its length when <c>telling</c>. The host gives missing rewards
/// what the model predicts, as engines do.
/// </summary>
internal sealed class SilentTraffic(ulong seed, MissingReward? missing, bool telling = true)
{
    public static readonly MissingReward Impute = new() { Mode = MissingRewardMode.Impute, After = TimeSpan.FromMinutes(10), Weight = MissingReward.ImputedWeight };

    private readonly World _world = new(seed, [0.001, 0.001, 0.001]);
    private readonly List<(DecisionRecord Decision, double Reward, double Tokens, int Due)> _late = [];
    private readonly Queue<(DecisionRecord Decision, double Tokens)> _open = new();
    private readonly HashSet<long> _judged = [];
    private readonly Dictionary<long, double> _imputed = [];
    private int _next;

    /// <summary>When the reward of a request comes, in minutes; null for never.</summary>
    public delegate int? Delay(double reward, double draw);

    public Log Log { get; } = new(new World(seed, [0.001, 0.001, 0.001]).Configuration() with { MissingReward = missing });

    public ImputationReport Imputation => Log.State.Report().Imputation!;

    public int Imputed => _imputed.Count;

    /// <summary>Plays requests and returns the sum of their regrets.</summary>
    public double Play(int count, Delay delay)
    {
        var regret = 0.0;
        for (var end = _next + count; _next < end; _next++)
        {
            Log.Clock += TimeSpan.FromMinutes(1);
            var decision = Log.Decide(_world.Query(_next));
            var arm = int.Parse(decision.ChosenArm.AsSpan(3), CultureInfo.InvariantCulture);
            regret += Enumerable.Range(0, _world.Arms).Max(a => _world.Mean(_next, a)) - _world.Mean(_next, arm);
            var luck = (2 * CounterRandom.Uniform(seed + 1, (ulong)_next)) - 1;
            var reward = Math.Clamp(_world.Mean(_next, arm) + (0.4 * luck), 0, 1);
            var tokens = 100 * Math.Exp(telling ? 2 * (reward - 0.5) : 0);
            Log.Settle(decision, _world.Cost(arm), tokens);
            _open.Enqueue((decision, tokens));
            if (delay(reward, CounterRandom.Uniform(seed + 2, (ulong)_next)) is { } minutes)
            {
                _late.Add((decision, reward, tokens, _next + minutes));
            }

            Judge();
            Sweep();
        }

        return regret;
    }

    private void Judge()
    {
        foreach (var (decision, reward, _, _) in _late.Where(l => l.Due <= _next))
        {
            _judged.Add(decision.Ordinal);
            var imputed = _imputed.TryGetValue(decision.Ordinal, out var previous);
            Log.Event(Rewarded(decision, reward) with
            {
                PreviousReward = imputed ? previous : null,
                PreviousWeight = imputed ? missing!.Weight : 1,
            });
        }

        _late.RemoveAll(l => l.Due <= _next);
    }

    private void Sweep()
    {
        while (missing is not null && _open.TryPeek(out var oldest) && oldest.Decision.At + missing.After < Log.Clock)
        {
            _open.Dequeue();
            if (oldest.Decision.Ordinal > Log.State.MissingThrough && !_judged.Contains(oldest.Decision.Ordinal)
                && Log.State.RewardPredictor?.Predict(oldest.Decision, oldest.Decision.ChosenArm, oldest.Tokens, 1) is { } predicted)
            {
                _imputed[oldest.Decision.Ordinal] = predicted;
                Log.Event(Rewarded(oldest.Decision, predicted) with { Weight = missing.Weight, Defaulted = true });
            }
        }
    }

    private RewardedEvent Rewarded(DecisionRecord decision, double reward) => new()
    {
        Sequence = Log.State.AppliedSequence + 1,
        At = Log.Clock,
        Decision = DecisionFacts.Of(decision),
        Reward = reward,
        PreviousReward = null,
    };
}
