using MetaLlm.Core.Evidence;
using MetaLlm.Core.Features;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Tenants;

/// <summary>
/// What an owner knows of its tenant's latest queries beyond what the policy does, and whom it would ask. It is in memory alone, and begins when a purse first asks. Not safe for concurrent use.
/// </summary>
internal sealed class TenantEvidence
{
    // Decisions whose reward, settlement or answers may still come.
    private const int MostOpen = 4096;

    // A policy that has learned from more rewards than this many times what is known here would forget by learning from it.
    private const int LargestLoss = 2;

    // A model with few calls is new where the tenant has had many times as many.
    private const int DecisionsPerQuizRow = 10;

    // Answers may fail, or get no verdict.
    private const int MostAskedPerQuizRow = 2;

    // Counting calls takes a report of the whole state.
    private const int QuestionsPerCount = 50;

    private readonly EvidenceRows _rows = new();
    private readonly EvidenceChooser _chooser;
    private readonly Dictionary<string, OpenQuery> _open = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = new();

    // Of arms that get a quiz: how often they were asked, and the queries whose answers have come. What they served is learned from as it is.
    private readonly Dictionary<string, (int Asked, List<long> Told)> _quizzes = new(StringComparer.Ordinal);
    private Dictionary<string, long> _calls = new(StringComparer.Ordinal);
    private long _questions;
    private int _quizRows;
    private string[] _arms = [];
    private double[] _quality = [];
    private double[] _cost = [];
    private bool[] _feasible = [];
    private bool[] _ask = [];

    /// <summary>Begins.</summary>
    /// <param name="seed">Seed of what is drawn.</param>
    /// <param name="known">What the policy has learned from already; null for nothing.</param>
    public TenantEvidence(ulong seed, WarmStartSet? known)
    {
        _chooser = new EvidenceChooser(new EvidenceSettings { PurseUsd = 0, ExpectedRequests = 1, Seed = seed });
        if (known is not null)
        {
            _rows.Restore(known);
        }
    }

    /// <summary>Queries of which the answer of at least one arm is known.</summary>
    public int Known => _rows.Known;

    /// <summary>A decision was made.</summary>
    /// <param name="decision">The decision.</param>
    /// <param name="features">Its query.</param>
    /// <param name="parts">What of it the policy sees: an embedding that it does not see is not kept, and need not be fitted to.</param>
    public void Decided(DecisionRecord decision, QueryFeatures features, ContextParts parts)
    {
        if (!decision.IsOfPolicy || decision.Pinned)
        {
            return;
        }

        _rows.Add(decision.Ordinal, parts.HasFlag(ContextParts.Embedding) ? features : features with { Embedding = [] });
        _open[decision.DecisionId] = new OpenQuery(decision);
        _order.Enqueue(decision.DecisionId);
        if (_order.Count > MostOpen)
        {
            _open.Remove(_order.Dequeue());
        }
    }

    /// <summary>An event was folded in.</summary>
    public void Happened(TenantEvent recorded)
    {
        switch (recorded)
        {
            case SettledEvent settled when _open.TryGetValue(settled.Decision.DecisionId, out var query):
                query.Settled = settled;
                Know(query);
                break;
            case RewardedEvent { Withdrawn: false } rewarded when _open.TryGetValue(rewarded.Decision.DecisionId, out var query):
                if (rewarded.IsVerdict || rewarded.Defaulted)
                {
                    // Nobody's word, and no measure of judges.
                    query.Verdict ??= rewarded.Reward;
                }
                else
                {
                    query.Reward = rewarded.Reward;
                }

                Know(query);
                break;
        }
    }

    /// <summary>Whom to ask.</summary>
    public IReadOnlyList<string> Choose(EvidenceQuestion question, TenantState state)
    {
        _quizRows = question.QuizRows;
        if (!_open.TryGetValue(question.DecisionId, out var query))
        {
            return [];
        }

        var decision = query.Decision;
        var served = Look(decision, question.Models);
        _chooser.Fund(question.PurseUsd, Math.Min(question.LeftUsd, question.PurseUsd), question.ExpectedRequests);
        Array.Clear(_ask);
        if (MayLearn(state))
        {
            _chooser.Choose(
                new EvidenceQuery { Ordinal = decision.Ordinal, Served = served, Quality = _quality, CostUsd = _cost, Feasible = _feasible, Lambda = decision.Lambda }, _ask);
        }

        if (question.QuizRows > 0 && question.LeftUsd > 0)
        {
            AskNew(state, served);
        }

        return [.. _arms.Where((_, a) => _ask[a])];
    }

    /// <summary>Answers have come.</summary>
    public void Tell(string decisionId, IReadOnlyList<EvidenceAnswer> answers)
    {
        if (!_open.TryGetValue(decisionId, out var query))
        {
            return;
        }

        foreach (var answer in answers)
        {
            if (answer.ArmId == query.ServedArm)
            {
                // Of verdicts, those of the judges that judged the other answers as well go first.
                query.Verdict = answer.Reward;
                Know(query);
                continue;
            }

            var (ordinal, outcome) = (query.Decision.Ordinal, new EvidenceOutcome(answer.Reward, answer.Usage, answer.CostUsd, answer.LatencySeconds));
            var arm = Array.IndexOf(_arms, answer.ArmId);
            if (_rows.Charge(ordinal, answer.ArmId, outcome) && arm >= 0)
            {
                _chooser.Paid(arm, answer.CostUsd, query.Decision.Arms.FirstOrDefault(a => a.ArmId == answer.ArmId)?.CostUsd ?? answer.CostUsd);
            }

            if (double.IsNaN(answer.Reward))
            {
                continue;
            }

            if (_quizzes.TryGetValue(answer.ArmId, out var quiz))
            {
                quiz.Told.Add(ordinal);
            }

            if (arm >= 0)
            {
                _chooser.Told(arm);
            }

            _rows.Judge(ordinal, answer.ArmId, outcome);
        }
    }

    /// <summary>What is to be learned from now; null for nothing.</summary>
    public WarmStartSet? TakeDue(TenantState state, string embeddingModelId) => MayLearn(state) ? _rows.TakeDue(embeddingModelId, _arms) : null;

    /// <summary>Quizzes of new arms whose answers have all come.</summary>
    public IReadOnlyList<QuizSet> TakeQuizzes(string embeddingModelId)
    {
        var done = new List<QuizSet>();
        foreach (var (arm, (asked, told)) in _quizzes.Where(quiz => quiz.Value.Told.Count >= _quizRows).ToArray())
        {
            var quiz = _rows.QuizOf(embeddingModelId, arm, _arms, told);
            if (quiz.Outcomes.Rows.Count > 0)
            {
                _quizzes.Remove(arm);
                done.Add(quiz);
            }
            else
            {
                // Its judges tell nothing. It is asked again as long as answers may fail.
                _quizzes[arm] = (asked, []);
            }
        }

        return done;
    }

    // Rows replace what the policy rests on, so they must be as many.
    private bool MayLearn(TenantState state) => LargestLoss * (_rows.Known + 1L) >= state.RewardsApplied && _rows.Known + 1 >= state.WarmStartRows;

    private void Know(OpenQuery query)
    {
        if (query.Settled is not { Outcome: CallOutcome.Completed } settled)
        {
            return;
        }

        if (query.Verdict is { } verdict)
        {
            _rows.Judge(query.Decision.Ordinal, settled.Decision.ServedArm, Outcome(verdict));
        }

        if (query.Reward is { } reward)
        {
            _rows.Know(query.Decision.Ordinal, settled.Decision.ServedArm, Outcome(reward));
        }

        EvidenceOutcome Outcome(double worth) => new(worth, settled.Usage, settled.CostUsd, settled.LatencySeconds);
    }

    private int Look(DecisionRecord decision, IReadOnlyList<string> models)
    {
        string[] ids = [.. decision.Arms.Select(a => a.ArmId)];
        if (!ids.AsSpan().SequenceEqual(_arms))
        {
            var known = Array.ConvertAll(ids, id => Array.IndexOf(_arms, id));
            _chooser.SetArms(known);
            for (var a = 0; a < ids.Length; a++)
            {
                if (known[a] < 0)
                {
                    _chooser.Knows(a, _rows.AnswersOf(ids[a]));
                }
            }

            _arms = ids;
            (_quality, _cost, _feasible, _ask) = (new double[ids.Length], new double[ids.Length], new bool[ids.Length], new bool[ids.Length]);
        }

        for (var a = 0; a < ids.Length; a++)
        {
            // Whom a guarantee keeps from serving may answer beside: nobody sees it.
            var arm = decision.Arms[a];
            (_quality[a], _cost[a], _feasible[a]) = (arm.Quality, arm.CostUsd, (arm.Exclusion is null or ArmExclusions.Guarantee) && (models.Count == 0 || models.Contains(arm.ArmId)));
        }

        return Array.IndexOf(ids, decision.ChosenArm);
    }

    private void AskNew(TenantState state, int served)
    {
        if (state.DecisionOrdinal < (long)DecisionsPerQuizRow * _quizRows)
        {
            return;
        }

        if (_questions++ % QuestionsPerCount == 0)
        {
            _calls = state.Report().Arms.ToDictionary(arm => arm.ArmId, arm => arm.Statistics.Pulls, StringComparer.Ordinal);
        }

        for (var a = 0; a < _arms.Length; a++)
        {
            var arm = _arms[a];
            (int Asked, List<long> Told) quiz = _quizzes.TryGetValue(arm, out var begun) ? begun : (0, []);
            var isNew = state.QuizRows(arm) == 0 && (quiz.Asked > 0 || _calls.GetValueOrDefault(arm) < _quizRows);
            if (a != served && _feasible[a] && isNew && quiz.Asked < MostAskedPerQuizRow * _quizRows)
            {
                _ask[a] = true;
                _quizzes[arm] = (quiz.Asked + 1, quiz.Told);
            }
        }
    }

    private sealed class OpenQuery(DecisionRecord decision)
    {
        public DecisionRecord Decision => decision;

        public SettledEvent? Settled { get; set; }

        // What a person said of the answer.
        public double? Reward { get; set; }

        // What a judge said of it, or what is assumed where nobody says anything.
        public double? Verdict { get; set; }

        public string ServedArm => Settled?.Decision.ServedArm ?? decision.ChosenArm;
    }
}
