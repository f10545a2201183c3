using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Guarantees;

/// <summary>
/// Finds the cheapest routing whose answers differ from a reference model's in at most a promised share of the requests, and says what is proven of it. A pure fold: plans depend on what was
/// applied, and nothing else. Not safe for concurrent use.
/// </summary>
/// <remarks>
/// Each candidate has, in each topic, an anytime-valid upper bound of its rate of differing. A request that a candidate serves uses its bound up; each request adds the promised rate to what may be
/// used. So the mean probability of differing is within the promise after every request, with the promised confidence, while rates within a topic do not rise. docs/math/guarantees.md has the proof,
/// and what holds when they do.
/// </remarks>
public sealed partial class Guarantee
{
    /// <summary>Most topics with evidence of their own; requests of others share one.</summary>
    public const int MostTopics = 32;

    // Requests between two solutions of the mix.
    private const int Refresh = 16;

    // What may be saved up, in different answers: no stretch of requests has more than its own share and this.
    private const double Depth = 2;

    // Requests of late that say how many are of a topic.
    private const double Memory = 1024;

    // A candidate is compared while what may be hoped of it is this much more than what is proven already.
    private const double WorthKnowing = 1.2;

    private readonly GuaranteeSettings _settings;
    private readonly int _candidates;
    private readonly ulong _seed;
    private readonly DateTimeOffset _since;
    private readonly List<TopicEvidence> _topics = [];
    private readonly Dictionary<string, TopicEvidence> _byName = new(StringComparer.Ordinal);
    private bool[] _isAside;
    private long _requests;
    private int _tests;
    private double _room;
    private double _usedUp;
    private double _referenceUsd;
    private double _servedUsd;
    private double _auditsUsd;
    private double _probesUsd;

    /// <summary>Begins without evidence: the reference serves.</summary>
    /// <param name="settings">What is promised.</param>
    /// <param name="candidates">Number of arms beside the reference, at least 0.</param>
    /// <param name="seed">Seed of all draws.</param>
    /// <param name="since">Now.</param>
    /// <exception cref="ArgumentException">The settings are not legal; the message names the member.</exception>
    public Guarantee(GuaranteeSettings settings, int candidates, ulong seed, DateTimeOffset since)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentOutOfRangeException.ThrowIfNegative(candidates);
        foreach (var (member, message) in settings.Problems())
        {
            throw new ArgumentException($"{member} {message}", nameof(settings));
        }

        (_settings, _candidates, _seed, _since, _isAside) = (settings, candidates, seed, since, new bool[candidates]);
    }

    private double Alpha => 1 - _settings.Confidence;

    /// <summary>Whether more answers than promised are proven to have differed; the reference serves until what was served is within the promise again.</summary>
    public bool IsSuspended { get; private set; }

    /// <summary>Says who is to serve a request, and who is asked beside. Changes nothing.</summary>
    /// <param name="topic">The topic of the request, known before any answer; null for none.</param>
    /// <param name="referenceUsd">Predicted cost of the reference, USD, at least 0.</param>
    /// <param name="candidateUsd">Predicted cost of each candidate, USD; NaN for one that cannot serve.</param>
    public GuaranteePlan Plan(string? topic, double referenceUsd, ReadOnlySpan<double> candidateUsd)
    {
        Check(candidateUsd);
        var name = NameOf(topic);
        _byName.TryGetValue(name, out var evidence);
        var arm = Serving(evidence, candidateUsd, out var bound);
        if (arm != GuaranteePlan.Reference)
        {
            return new GuaranteePlan(name, arm, Draw(1) < _settings.AuditShare ? GuaranteePlan.Reference : null, bound);
        }

        var probe = Probe(evidence, referenceUsd, candidateUsd);
        return new GuaranteePlan(name, GuaranteePlan.Reference, probe == GuaranteePlan.Reference ? null : probe, 0);
    }

    /// <summary>Plans a request that has to stay with an arm, whatever is known of it. Changes nothing.</summary>
    /// <param name="topic">The topic of the request; null for none.</param>
    /// <param name="arm">Index of the candidate that serves.</param>
    /// <returns>A plan whose bound is used up even where there is no room for it: what follows has to make up for it.</returns>
    public GuaranteePlan PlanHeld(string? topic, int arm)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(arm);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(arm, _candidates);
        var name = NameOf(topic);
        var bound = _byName.TryGetValue(name, out var evidence) ? evidence.Candidates[arm].Bound : 1;
        return new GuaranteePlan(name, arm, Draw(1) < _settings.AuditShare ? GuaranteePlan.Reference : null, bound);
    }

    /// <summary>Plans a request that the reference serves and nobody is asked beside. Changes nothing.</summary>
    /// <param name="topic">The topic of the request; null for none.</param>
    public GuaranteePlan PlanReference(string? topic) => new(NameOf(topic), GuaranteePlan.Reference, null, 0);

    /// <summary>The same evidence among other candidates: what was served and tested stays proven, and one that is new begins without evidence.</summary>
    /// <param name="settings">The settings of now; all but the purse are those of before.</param>
    /// <param name="from">Which candidate each was; -1 for one that is new.</param>
    public Guarantee Rearranged(GuaranteeSettings settings, ReadOnlySpan<int> from)
    {
        var other = new Guarantee(settings, from.Length, _seed, _since)
        {
            _requests = _requests,
            _tests = _tests,
            _room = _room,
            _usedUp = _usedUp,
            _referenceUsd = _referenceUsd,
            _servedUsd = _servedUsd,
            _auditsUsd = _auditsUsd,
            _probesUsd = _probesUsd,
            IsSuspended = IsSuspended,
        };
        foreach (var topic in _topics)
        {
            other.Add(topic.Rearranged(from));
        }

        other.Solve(fades: false);
        return other;
    }

    /// <summary>Says which candidates can serve no request at all. What is proven of them is kept, and no other one waits for them. It is no part of what <see cref="Write"/> writes.</summary>
    /// <param name="isAside">Of each candidate, whether it is one of them.</param>
    /// <returns>Whether they are others than before.</returns>
    internal bool SetAside(ReadOnlySpan<bool> isAside)
    {
        var isNew = !isAside.SequenceEqual(_isAside);
        _isAside = isAside.ToArray();
        return isNew;
    }

    /// <summary>Finds the mix anew, where it need not wait for more requests.</summary>
    internal void Refind() => Solve(fades: false);

    /// <summary>Takes in a request that was served as planned.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="referenceUsd">As it was given to <see cref="Plan"/>.</param>
    /// <param name="candidateUsd">As they were given to <see cref="Plan"/>.</param>
    public void Served(in GuaranteePlan plan, double referenceUsd, ReadOnlySpan<double> candidateUsd)
    {
        Check(candidateUsd);
        var topic = Topic(plan.Topic);
        Span<double> known = stackalloc double[candidateUsd.Length];
        for (var i = 0; i < known.Length; i++)
        {
            known[i] = double.IsNaN(candidateUsd[i]) ? topic.Cost(i) : candidateUsd[i];
        }

        topic.Served(plan, referenceUsd, known);
        _room = Math.Min(Depth, _room + _settings.Difference) - plan.Bound;
        _usedUp += plan.Bound;
        _referenceUsd += referenceUsd;
        _servedUsd += plan.Arm == GuaranteePlan.Reference ? referenceUsd : known[plan.Arm];
        if (plan.Beside is { } beside)
        {
            if (beside == GuaranteePlan.Reference)
            {
                _auditsUsd += referenceUsd;
            }
            else
            {
                _probesUsd += known[beside];
            }
        }

        if (++_requests % Refresh == 0)
        {
            Solve(fades: true);
        }
    }

    /// <summary>Takes in what a comparison said.</summary>
    /// <param name="plan">The plan of a request in which somebody was asked beside.</param>
    /// <param name="differs">Whether the answers differ; null when no verdict is to be had.</param>
    /// <exception cref="ArgumentException">Nobody was asked beside.</exception>
    public void Observe(in GuaranteePlan plan, bool? differs)
    {
        if (plan.Beside is null)
        {
            throw new ArgumentException("A request in which nobody was asked beside has no verdict.", nameof(plan));
        }

        var topic = Topic(plan.Topic);
        topic.Verdict(plan, differs, _settings.Difference / 4);
        TestTheMostPromising(topic, plan.Compared);
        var served = Sums();

        // The bound is below the estimate, which is cheaper.
        IsSuspended = served.Differing > _settings.AuditShare * _settings.Difference * served.Requests
            && DifferenceBound.Lower(served.Diverted, served.Differing, _settings.AuditShare, Alpha) * served.Diverted / served.Requests > _settings.Difference;
    }

    /// <summary>What is proven.</summary>
    public GuaranteeCertificate Certificate()
    {
        var sums = Sums();
        return new GuaranteeCertificate
        {
            Difference = _settings.Difference,
            Confidence = _settings.Confidence,
            Since = _since,
            Suspended = IsSuspended,
            Total = new ServedDifference(
                string.Empty, sums.Requests, sums.Diverted, sums.Audits, sums.Differing,
                TopicEvidence.ServedBound(sums.Requests, sums.Diverted, sums.Audits, sums.Lost, sums.Pending, sums.Differing, _settings.AuditShare, Alpha)),
            UsedUp = _usedUp,
            Allowed = _settings.Difference * _requests,
            Pending = sums.Pending,
            Topics = [.. _topics.Select(t => t.Report(_settings.AuditShare))],
            Arms = [.. Enumerable.Range(0, _candidates).Select(Of)],
            Candidates =
            [
                .. from topic in _topics
                   from arm in Enumerable.Range(0, _candidates)
                   let cell = topic.Candidates[arm]
                   where cell.IsTested || cell.Restarts > 0
                   select new CandidateEvidence(topic.Name, arm, cell.Count, cell.Differing, cell.Bound, cell.Restarts),
            ],
            SpentUsd = _servedUsd + _auditsUsd + _probesUsd,
            BesideUsd = _auditsUsd + _probesUsd,
            ReferenceUsd = _referenceUsd,
        };
    }

    private ServedCandidate Of(int arm)
    {
        var cells = _topics.Select(topic => topic.Candidates[arm]).ToList();
        return new ServedCandidate(arm, cells.Sum(cell => cell.Served), cells.Sum(cell => cell.Audits), cells.Sum(cell => cell.AuditsDiffering));
    }

    private int Serving(TopicEvidence? topic, ReadOnlySpan<double> candidateUsd, out double bound)
    {
        bound = 0;
        if (topic is null || IsSuspended)
        {
            return GuaranteePlan.Reference;
        }

        var (first, second, share) = topic.Mix;
        var arm = Draw(0) < share ? second : first;
        if (arm == GuaranteePlan.Reference || double.IsNaN(candidateUsd[arm])
            || topic.Candidates[arm].Bound >= 1 || topic.Candidates[arm].Bound > Math.Min(Depth, _room + _settings.Difference))
        {
            return GuaranteePlan.Reference;
        }

        bound = topic.Candidates[arm].Bound;
        return arm;
    }

    // The candidate that may save most, were its rate as low as one can hope.
    private int Probe(TopicEvidence? topic, double referenceUsd, ReadOnlySpan<double> candidateUsd)
    {
        var (best, most) = (GuaranteePlan.Reference, WorthKnowing * Proven(topic, referenceUsd, candidateUsd));
        for (var arm = 0; arm < candidateUsd.Length; arm++)
        {
            var saving = referenceUsd - candidateUsd[arm];
            if (!(saving > 0) || _probesUsd + candidateUsd[arm] > _settings.Purse * (_referenceUsd + referenceUsd))
            {
                continue;
            }

            var hope = Hope(topic?.Candidates[arm], saving);
            (best, most) = hope > most ? (arm, hope) : (best, most);
        }

        return best;
    }

    private double Hope(CandidateCell? cell, double saving) => saving * Math.Min(1, _settings.Difference / Math.Max(cell?.Hoped ?? 0, 1e-9));

    // One test after the other begins, of whichever candidate promises most by then: the i-th may be wrong with probability alpha / (i (i + 1)), and all together with alpha.
    private void TestTheMostPromising(TopicEvidence topic, int compared)
    {
        var (best, most) = (GuaranteePlan.Reference, 0.0);
        for (var arm = 0; arm < _candidates; arm++)
        {
            var hope = _isAside[arm] ? 0 : Hope(topic.Candidates[arm], topic.Cost(GuaranteePlan.Reference) - topic.Cost(arm));
            (best, most) = hope > most ? (arm, hope) : (best, most);
        }

        // Those that promise more cannot take requests of this topic, or this one would not be asked so often.
        best = topic.Candidates[compared] is { IsTested: false, IsOverdue: true } ? compared : best;
        if (best != GuaranteePlan.Reference && topic.Candidates[best] is { IsTested: false, IsScreened: true } cell)
        {
            _tests++;
            cell.Test(Alpha / (_tests * (_tests + 1.0)));
        }
    }

    // The most that one candidate saves in the topic at its bound, were the topic alone.
    private double Proven(TopicEvidence? topic, double referenceUsd, ReadOnlySpan<double> candidateUsd)
    {
        var most = 0.0;
        for (var arm = 0; arm < candidateUsd.Length && topic is not null; arm++)
        {
            var bound = topic.Candidates[arm].Bound;
            if (bound < 1 && !double.IsNaN(candidateUsd[arm]))
            {
                most = Math.Max(most, (referenceUsd - candidateUsd[arm]) * Math.Min(1, _settings.Difference / bound));
            }
        }

        return most;
    }

    private void Solve(bool fades)
    {
        foreach (var topic in _topics)
        {
            topic.Weight *= fades ? 1 - (Refresh / Memory) : 1;
        }

        // A little more while room is left over, a little less while it runs out: the mean is then the promised rate.
        CheapestMix.Solve(_topics, _isAside, _settings.Difference * (0.9 + (0.2 * Math.Max(0, _room) / Depth)));
    }

    private (long Requests, long Diverted, long Audits, long Lost, long Pending, long Differing) Sums()
    {
        (long Requests, long Diverted, long Audits, long Lost, long Pending, long Differing) sums = default;
        foreach (var topic in _topics)
        {
            sums = (sums.Requests + topic.Requests, sums.Diverted + topic.Diverted, sums.Audits + topic.Audits, sums.Lost + topic.Lost, sums.Pending + topic.Pending, sums.Differing + topic.Differing);
        }

        return sums;
    }

    private string NameOf(string? topic) => _byName.ContainsKey(topic ?? string.Empty) || _topics.Count < MostTopics ? topic ?? string.Empty : string.Empty;

    private TopicEvidence Topic(string name) => _byName.TryGetValue(name, out var topic) ? topic : Add(new TopicEvidence(name, _candidates, AlphaOf(_topics.Count)));

    private TopicEvidence Add(TopicEvidence topic)
    {
        _topics.Add(topic);
        return _byName[topic.Name] = topic;
    }

    // Shares that add up to one over however many topics there will be.
    private double AlphaOf(int topic) => Alpha / ((topic + 1.0) * (topic + 2));

    private double Draw(ulong purpose) => CounterRandom.Uniform(_seed, ((ulong)_requests * 2) + purpose);

    private void Check(ReadOnlySpan<double> candidateUsd)
    {
        if (candidateUsd.Length != _candidates)
        {
            throw new ArgumentException($"Costs of {_candidates} candidates are wanted, not of {candidateUsd.Length}.", nameof(candidateUsd));
        }
    }
}
