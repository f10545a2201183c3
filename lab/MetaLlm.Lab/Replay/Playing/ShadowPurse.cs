using MetaLlm.Core.Evidence;
using MetaLlm.Core.Features;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;
using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Lab.Replay.Streams;
using MetaLlm.Lab.Replay.Worlds;

namespace MetaLlm.Lab.Replay.Playing;

/// <summary>
/// Buys recorded outcomes of models that did not serve, at their recorded cost, as <see cref="EvidenceChooser"/> asks for them. Verdicts on them may be wrong and come
/// late.
/// </summary>
/// <param name="options">The purse, and what happens to verdicts.</param>
/// <param name="modelId">The embedding model.</param>
/// <param name="requests">Requests of the stream.</param>
/// <param name="arms">Arms of the world.</param>
/// <param name="seed">Seed of the draws.</param>
internal sealed class ShadowPurse(ReplayOptions options, string modelId, int requests, int arms, int seed)
{
    private readonly EvidenceChooser _chooser = new(new EvidenceSettings
    {
        PurseUsd = options.ShadowUsd,
        ExpectedRequests = requests,
        Rule = options.ShadowRule,
        Seed = RandomStreams.Shadow(seed),
    });

    private readonly EvidenceRows _rows = new();
    private readonly Queue<(long Due, long Ordinal, int Index, bool IsBought, double Reward, ReplayRow Row)> _underway = new();
    private readonly ulong _wrong = RandomStreams.Verdicts(seed);
    private string[] _ids = [];
    private int[] _indices = [];
    private double[] _quality = [];
    private double[] _cost = [];
    private bool[] _feasible = [];
    private bool[] _ask = [];

    /// <summary>What was spent, USD.</summary>
    public double SpentUsd => _chooser.SpentUsd;

    /// <summary>Answers that were bought, by the arm's index within the world.</summary>
    public int[] Answers { get; } = new int[arms];

    /// <summary>Queries of which other models were asked.</summary>
    public int Rows { get; private set; }

    /// <summary>The arms of a phase.</summary>
    public void SetArms(ReplayWorld world, WorldPhase phase)
    {
        string[] ids = [.. phase.Arms.Select(a => a.Id)];
        _chooser.SetArms(Array.ConvertAll(ids, id => Array.IndexOf(_ids, id)));
        _ids = ids;
        _indices = [.. ids.Select(id => world.Arms.ToList().FindIndex(a => a.Id == id))];
        (_quality, _cost, _feasible, _ask) = (new double[ids.Length], new double[ids.Length], new bool[ids.Length], new bool[ids.Length]);
    }

    /// <summary>A request was decided: others may be asked it.</summary>
    public void Decided(long request, DecisionRecord decision, QueryFeatures features, ReplayRow row)
    {
        var served = 0;
        for (var a = 0; a < _ids.Length; a++)
        {
            var arm = decision.Arms[a];
            (_quality[a], _cost[a], _feasible[a]) = (arm.Quality, arm.CostUsd, arm.Exclusion is null);
            served = arm.ArmId == decision.ChosenArm ? a : served;
        }

        var query = new EvidenceQuery
        {
            Ordinal = decision.Ordinal,
            Served = served,
            Quality = _quality,
            CostUsd = _cost,
            Feasible = _feasible,
            Lambda = decision.Lambda,
        };
        _rows.Add(decision.Ordinal, features);
        if (_chooser.Choose(query, _ask) > 0)
        {
            if (Buy(request, decision.Ordinal, row))
            {
                // What served is judged as well.
                Rows++;
                Judge(request, decision.Ordinal, served, row, isBought: false);
            }
        }
    }

    private bool Buy(long request, long ordinal, ReplayRow row)
    {
        var bought = false;
        for (var a = 0; a < _ids.Length; a++)
        {
            if (!_ask[a])
            {
                continue;
            }

            var usd = row.CostUsd[_indices[a]];
            if (usd > _chooser.LeftUsd)
            {
                // What is left ends the call: it is paid, and tells nothing.
                _chooser.Paid(a, _chooser.LeftUsd, _cost[a]);
                continue;
            }

            _chooser.Paid(a, usd, _cost[a]);
            Answers[_indices[a]]++;
            _rows.Charge(ordinal, _ids[a], OutcomeOf(double.NaN, row, a));
            Judge(request, ordinal, a, row, isBought: true);
            bought = true;
        }

        return bought;
    }

    private void Judge(long request, long ordinal, int arm, ReplayRow row, bool isBought)
    {
        var reward = row.Score[_indices[arm]];
        var isWrong = CounterRandom.Uniform(_wrong, ((ulong)ordinal * 64) + (ulong)arm) < options.ShadowWrong;
        _underway.Enqueue((request + options.ShadowDelay, ordinal, _indices[arm], isBought, isWrong ? 1 - reward : reward, row));
    }

    /// <summary>The served answer's reward has come.</summary>
    public void Rewarded(Feedback feedback, ReplayRow row, int arm) => Know(feedback.Decision.Ordinal, Array.IndexOf(_indices, arm), feedback.Reward, row, isVerdict: false);

    /// <summary>Takes in what has come by the end of a request.</summary>
    /// <returns>All that is known, when it is time to learn from it again; else null.</returns>
    public WarmStartSet? Receive(long request)
    {
        while (_underway.TryPeek(out var answer) && answer.Due <= request)
        {
            _underway.Dequeue();
            var arm = Array.IndexOf(_indices, answer.Index);
            if (arm >= 0 && answer.IsBought)
            {
                _chooser.Told(arm);
            }

            Know(answer.Ordinal, arm, answer.Reward, answer.Row, isVerdict: true);
        }

        return _rows.TakeDue(modelId, _ids);
    }

    // Verdicts on arms that have left since are of no use.
    private void Know(long ordinal, int arm, double reward, ReplayRow row, bool isVerdict)
    {
        if (arm >= 0 && arm < _ids.Length)
        {
            var outcome = OutcomeOf(reward, row, arm);
            if (isVerdict)
            {
                _rows.Judge(ordinal, _ids[arm], outcome);
            }
            else
            {
                _rows.Know(ordinal, _ids[arm], outcome);
            }
        }
    }

    private EvidenceOutcome OutcomeOf(double reward, ReplayRow row, int arm) =>
        new(reward, row.Usage[_indices[arm]], row.CostUsd[_indices[arm]], row.LatencySeconds[_indices[arm]]);
}
