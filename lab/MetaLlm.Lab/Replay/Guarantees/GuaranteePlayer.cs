using MetaLlm.Core.Guarantees;
using MetaLlm.Evaluation.Statistics;
using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Lab.Replay.Streams;

namespace MetaLlm.Lab.Replay.Guarantees;

/// <summary>Plays a stream to a guarantee: the tag is the topic, a comparison compares recorded scores. Safe for concurrent use.</summary>
internal sealed class GuaranteePlayer
{
    private readonly ReplayDataset _dataset;
    private readonly GuaranteeOptions _options;
    private readonly int _reference;
    private readonly int[] _candidates;
    private readonly double[] _meanUsd;
    private readonly string[] _topics;

    // By topic and candidate.
    private readonly Dictionary<string, double[]> _rates;

    /// <summary>Finds the reference.</summary>
    /// <exception cref="BadInputException">It is no model of the data set, or the only one.</exception>
    public GuaranteePlayer(ReplayDataset dataset, GuaranteeOptions options, bool useTask)
    {
        (_dataset, _options) = (dataset, options);
        string[] ids = [.. dataset.Arms.Select(a => a.Id)];
        _reference = Array.IndexOf(ids, options.Settings.Reference);
        if (_reference < 0 || ids.Length < 2)
        {
            throw new BadInputException($"--guarantee: reference {options.Settings.Reference} must be one of at least two models in play; they are {string.Join(", ", ids)}.");
        }

        _candidates = [.. Enumerable.Range(0, ids.Length).Where(a => a != _reference)];
        _meanUsd = [.. Enumerable.Range(0, ids.Length).Select(a => dataset.Rows.Average(r => r.CostUsd[a]))];
        _topics = [.. dataset.Rows.Select(r => useTask ? r.Task ?? string.Empty : string.Empty)];
        _rates = dataset.Rows.Zip(_topics).GroupBy(r => r.Second, r => r.First)
            .ToDictionary(g => g.Key, g => _candidates.Select(a => g.Average(r => Differs(r, a) ? 1.0 : 0)).ToArray());
    }

    /// <summary>Ids of the candidates, by their index in a certificate.</summary>
    public IReadOnlyList<string> Candidates => [.. _candidates.Select(a => _dataset.Arms[a].Id)];

    /// <summary>Plays one seed.</summary>
    public GuaranteeOutcome Play(ReplayStream stream, int seed, CancellationToken cancellationToken)
    {
        var promise = _options.Settings;
        var guarantee = new Guarantee(promise, _candidates.Length, (ulong)seed, DateTimeOffset.UnixEpoch);
        double[] candidateUsd = [.. _candidates.Select(a => _meanUsd[a])];
        var referenceUsd = _meanUsd[_reference];
        double served = 0, beside = 0, alone = 0, score = 0, referenceScore = 0, differing = 0, expected = 0;
        var violated = false;
        var late = (Spent: 0.0, Alone: 0.0);
        for (var t = 0; t < stream.Requests.Length; t++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var row = _dataset.Rows[stream.Requests[t]];
            var topic = _topics[stream.Requests[t]];
            var plan = guarantee.Plan(topic, referenceUsd, candidateUsd);
            guarantee.Served(plan, referenceUsd, candidateUsd);
            var arm = ArmOf(plan.Arm);
            served += row.CostUsd[arm];
            alone += row.CostUsd[_reference];
            score += row.Score[arm];
            referenceScore += row.Score[_reference];
            if (plan.Beside is { } other)
            {
                beside += row.CostUsd[ArmOf(other)];
                guarantee.Observe(plan, Differs(row, ArmOf(plan.Compared)));
            }

            if (arm != _reference)
            {
                differing += Differs(row, arm) ? 1 : 0;
                expected += _rates[topic][plan.Arm];
            }

            if (t >= stream.Requests.Length * 3 / 4)
            {
                late.Spent += row.CostUsd[arm] + (plan.Beside is { } asked ? row.CostUsd[ArmOf(asked)] : 0);
                late.Alone += row.CostUsd[_reference];
            }

            violated |= expected > promise.Difference * (t + 1);
        }

        double n = stream.Requests.Length;
        return new GuaranteeOutcome
        {
            ServedUsd = served / n,
            BesideUsd = beside / n,
            ReferenceUsd = alone / n,
            LateShare = late.Spent / late.Alone,
            Score = score / n,
            ReferenceScore = referenceScore / n,
            Differing = differing / n,
            ExpectedDiffering = expected / n,
            Violated = violated,
            Certificate = guarantee.Certificate(),
        };
    }

    /// <summary>The least mean cost, USD per request, of a mix by topic that keeps the promise, known in hindsight and without questions beside.</summary>
    public double HindsightUsd()
    {
        var steps = new List<(double Slope, double Rate, double Saving, double Weight)>();
        foreach (var group in Enumerable.Range(0, _topics.Length).GroupBy(i => _topics[i]))
        {
            ReplayRow[] rows = [.. group.Select(i => _dataset.Rows[i])];
            var alone = rows.Average(r => r.CostUsd[_reference]);
            var hull = new UpperConcaveHull(_candidates
                .Select((a, i) => new CostRewardPoint(_rates[group.Key][i], alone - rows.Average(r => r.CostUsd[a])))
                .Append(new CostRewardPoint(0, 0)));
            var weight = rows.Length / (double)_topics.Length;
            steps.AddRange(hull.Vertices.Zip(hull.Vertices.Skip(1), (from, to) =>
                ((to.Reward - from.Reward) / (to.Cost - from.Cost), weight * (to.Cost - from.Cost), weight * (to.Reward - from.Reward), weight)));
            steps.Add((double.PositiveInfinity, 0, weight * hull.Vertices[0].Reward, weight));
        }

        var (left, cost) = (_options.Settings.Difference, _meanUsd[_reference]);
        foreach (var (_, rate, saving, _) in steps.OrderByDescending(s => s.Slope))
        {
            var share = rate <= left ? 1 : left / rate;
            cost -= share * saving;
            left -= share * rate;
        }

        return cost;
    }

    private int ArmOf(int planned) => planned == GuaranteePlan.Reference ? _reference : _candidates[planned];

    private bool Differs(ReplayRow row, int arm) => _options.Differ(row.Score[arm], row.Score[_reference]);
}
