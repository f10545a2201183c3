using MetaLlm.Core.Features;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Core.Evidence;

/// <summary>
/// What is known of the latest queries, of arms that were asked and of those that served, and when enough is new to learn from all of it again. Not safe for
/// concurrent use.
/// </summary>
public sealed class EvidenceRows
{
    /// <summary>Most queries that are kept; the oldest go first.</summary>
    public const int MostRows = 4000;

    // Learning again costs seconds and says less each time: it is done when there are this many times as many rows.
    private const double Growth = 1.7;

    // Judges that have said nothing by then will not: a policy that learns from what served alone does better by itself.
    private const int MostRowsBlind = 100;

    private readonly Dictionary<long, Row> _rows = [];
    private readonly Queue<long> _order = new();
    private readonly VerdictErrors _errors = new();
    private int _known;
    private int _compared;
    private int _charged;
    private double _nextKnown;
    private double _nextCompared;

    /// <summary>
    /// Whether enough has come since <see cref="Take"/> to learn again. At least <see cref="WarmStartSet.FewestRows"/> queries must tell of several arms, each counting as much as verdicts are worth. While
    /// answers are there and no verdict is, so many rewards will do: what was asked will tell, and until then nothing need be served to find out.
    /// </summary>
    public bool IsDue
    {
        get
        {
            var isBegun = _nextKnown > 0;
            return IsBlind ? _charged >= WarmStartSet.FewestRows && _known >= Math.Max(_nextKnown, WarmStartSet.FewestRows) && _known <= MostRowsBlind
                : isBegun ? _compared >= Math.Max(_nextCompared, WarmStartSet.FewestRows) || _known >= _nextKnown
                : BelievesVerdicts;
        }
    }

    /// <summary>The share of what varies in verdicts that is due to rewards, 0 to 1, by the answers that have both; 1 while none has.</summary>
    public double Reliability => _errors.Reliability;

    /// <summary>Queries of which the reward of an arm's answer, or a verdict on it, is known.</summary>
    public int Known => _known;

    private bool IsBlind => _compared == 0;

    // Verdicts together must tell as much as the fewest rows do.
    private bool BelievesVerdicts => Reliability * _compared >= WarmStartSet.FewestRows;

    /// <summary>Queries of which an arm's answer is known.</summary>
    /// <param name="arm">Id of the arm.</param>
    public int AnswersOf(string arm) => _rows.Values.Count(row => row.Outcomes.ContainsKey(arm));

    /// <summary>What is known of some queries, as a quiz of an arm.</summary>
    /// <param name="embeddingModelId">The model that made the embeddings.</param>
    /// <param name="arm">Id of the arm.</param>
    /// <param name="arms">Ids of all arms.</param>
    /// <param name="ordinals">Ordinals of the decisions; those of which nothing can be said of the arm's answer are left out.</param>
    public QuizSet QuizOf(string embeddingModelId, string arm, IReadOnlyList<string> arms, IEnumerable<long> ordinals)
    {
        ArgumentNullException.ThrowIfNull(ordinals);
        var asked = ordinals.ToHashSet();
        var column = arms.ToList().IndexOf(arm);
        return new QuizSet
        {
            ArmId = arm,
            Outcomes = new WarmStartSet
            {
                EmbeddingModelId = embeddingModelId,
                ArmIds = arms,
                Rows = [.. Queries(arms).Where(row => asked.Contains(row.Ordinal) && column >= 0 && !double.IsNaN(row.Query.Rewards[column])).Take(QuizSet.MostRows).Select(row => row.Query)],
            },
        };
    }

    /// <summary>Takes back in what <see cref="Take"/> gave, before anything else is added: it is learned from again when as much is new as if it had stayed.</summary>
    /// <param name="set">What was known.</param>
    public void Restore(WarmStartSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        for (var i = 0; i < set.Rows.Count; i++)
        {
            // No decision has such an ordinal.
            var (ordinal, query) = (-1L - i, set.Rows[i]);
            Add(ordinal, query.Features);
            for (var a = 0; a < set.ArmIds.Count; a++)
            {
                var outcome = new EvidenceOutcome(query.Rewards[a], query.Usage[a], query.CostUsd[a], query.LatencySeconds[a]);
                if (!double.IsNaN(outcome.Reward))
                {
                    Know(ordinal, set.ArmIds[a], outcome);
                }
                else if (!double.IsNaN(outcome.CostUsd))
                {
                    Charge(ordinal, set.ArmIds[a], outcome);
                }
            }
        }

        _nextKnown = Growth * _known;
        _nextCompared = Growth * _compared;
    }

    /// <summary>Adds a query; one that is there already stays.</summary>
    /// <param name="ordinal">Ordinal of its decision.</param>
    /// <param name="features">The query.</param>
    public void Add(long ordinal, QueryFeatures features)
    {
        if (!_rows.TryAdd(ordinal, new Row(ordinal, features)))
        {
            return;
        }

        _order.Enqueue(ordinal);
        if (_order.Count > MostRows && _rows.Remove(_order.Dequeue(), out var oldest))
        {
            _known -= oldest.Outcomes.Count > 0 ? 1 : 0;
            _compared -= oldest.Outcomes.Count > 1 ? 1 : 0;
            _charged -= oldest.Charged.Count > 0 ? 1 : 0;
            Measure(oldest, -1);
        }
    }

    /// <summary>Adds the reward that an arm's answer got, or replaces it. Of a query that was not added, or is too old, nothing is kept.</summary>
    /// <param name="ordinal">Ordinal of its decision.</param>
    /// <param name="arm">Id of the arm.</param>
    /// <param name="outcome">What came of it.</param>
    public void Know(long ordinal, string arm, EvidenceOutcome outcome) => Keep(ordinal, arm, outcome, isVerdict: false);

    /// <summary>Adds what a judge says of an arm's answer, or replaces it. A reward goes first; both of one answer tell how far verdicts can be believed.</summary>
    /// <param name="ordinal">Ordinal of the query's decision.</param>
    /// <param name="arm">Id of the arm.</param>
    /// <param name="outcome">What came of it, with the verdict as its reward.</param>
    public void Judge(long ordinal, string arm, EvidenceOutcome outcome) => Keep(ordinal, arm, outcome, isVerdict: true);

    /// <summary>Adds what an arm's answer took, which is known before what it is worth; that comes by <see cref="Judge"/>, or never.</summary>
    /// <param name="ordinal">Ordinal of the query's decision.</param>
    /// <param name="arm">Id of the arm.</param>
    /// <param name="outcome">What came of it; its reward is passed over.</param>
    /// <returns>Whether it was not known yet.</returns>
    public bool Charge(long ordinal, string arm, EvidenceOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        if (!_rows.TryGetValue(ordinal, out var row) || !row.Charged.TryAdd(arm, outcome with { Reward = double.NaN }))
        {
            return false;
        }

        _charged += row.Charged.Count == 1 ? 1 : 0;
        return true;
    }

    /// <summary>All queries of which anything is known, with holes where nothing is. What judges say is corrected by how far they have been wrong; where that leaves nothing of it, it is a hole.</summary>
    /// <param name="embeddingModelId">The model that made the embeddings.</param>
    /// <param name="arms">Ids of the arms.</param>
    public WarmStartSet Take(string embeddingModelId, IReadOnlyList<string> arms)
    {
        _nextKnown = Growth * _known;
        _nextCompared = Growth * _compared;
        return new WarmStartSet { EmbeddingModelId = embeddingModelId, ArmIds = arms, Rows = [.. Queries(arms).Select(row => row.Query)] };
    }

    /// <summary>What <see cref="Take"/> gives, where it is time to learn from it.</summary>
    /// <param name="embeddingModelId">The model that made the embeddings.</param>
    /// <param name="arms">Ids of the arms.</param>
    /// <returns>Null where it is not, or where verdicts that tell nothing leave fewer rows than can be learned from.</returns>
    public WarmStartSet? TakeDue(string embeddingModelId, IReadOnlyList<string> arms) =>
        IsDue && Take(embeddingModelId, arms) is { Rows.Count: >= WarmStartSet.FewestRows } set ? set : null;

    private void Keep(long ordinal, string arm, EvidenceOutcome outcome, bool isVerdict)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        if (!_rows.TryGetValue(ordinal, out var row))
        {
            return;
        }

        var before = row.Outcomes.Count;
        Measure(row, -1);
        row.Keep(arm, outcome, isVerdict);
        Measure(row, 1);
        _known += before == 0 ? 1 : 0;
        _compared += before == 1 && row.Outcomes.Count == 2 ? 1 : 0;
    }

    private void Measure(Row row, int times)
    {
        foreach (var (arm, verdict) in row.Verdicts)
        {
            if (!row.IsVerdict(arm))
            {
                _errors.Add(verdict, row.Outcomes[arm].Reward, times);
            }
        }
    }

    private IEnumerable<(long Ordinal, WarmStartQuery Query)> Queries(IReadOnlyList<string> arms)
    {
        Row[] rows = [.. _order.Select(ordinal => _rows[ordinal]).Where(row => arms.Any(row.Outcomes.ContainsKey))];
        var rewards = Array.ConvertAll(rows, row => arms.Select(arm => row.OutcomeOf(arm).Reward).ToArray());
        if (!_errors.IsNone)
        {
            var verdicts = Array.ConvertAll(rows, row => arms.Select(row.IsVerdict).ToArray());
            if (BelievesVerdicts)
            {
                CorrectedVerdicts.Correct(rewards, verdicts, CompletedRows.Numbered(rows.Select(row => row.Features.Task)), _errors);
            }
            else
            {
                CorrectedVerdicts.Drop(rewards, verdicts);
            }
        }

        return rows.Select((row, i) => (row.Ordinal, row.ToQuery(rewards[i], arms))).Where(row => !Array.TrueForAll(row.Item2.Rewards, double.IsNaN));
    }

    private sealed class Row(long ordinal, QueryFeatures features)
    {
        public long Ordinal => ordinal;

        public QueryFeatures Features => features;

        /// <summary>By arm, what came of its answer: with the reward, or else the verdict.</summary>
        public Dictionary<string, EvidenceOutcome> Outcomes { get; } = new(StringComparer.Ordinal);

        /// <summary>By arm, what judges say of its answer, also where there is a reward.</summary>
        public Dictionary<string, double> Verdicts { get; } = new(StringComparer.Ordinal);

        /// <summary>By arm that was asked, what its answer took.</summary>
        public Dictionary<string, EvidenceOutcome> Charged { get; } = new(StringComparer.Ordinal);

        private HashSet<string> Rewarded { get; } = new(StringComparer.Ordinal);

        /// <summary>Whether nothing but a verdict says what an arm's answer was worth.</summary>
        public bool IsVerdict(string arm) => Verdicts.ContainsKey(arm) && !Rewarded.Contains(arm);

        public EvidenceOutcome OutcomeOf(string arm) => Outcomes.GetValueOrDefault(arm) ?? Charged.GetValueOrDefault(arm) ?? EvidenceOutcome.Unknown;

        public void Keep(string arm, EvidenceOutcome outcome, bool isVerdict)
        {
            if (isVerdict)
            {
                Verdicts[arm] = outcome.Reward;
            }
            else
            {
                Rewarded.Add(arm);
            }

            if (!isVerdict || !Rewarded.Contains(arm))
            {
                Outcomes[arm] = outcome;
            }
        }

        public WarmStartQuery ToQuery(double[] rewards, IReadOnlyList<string> arms)
        {
            EvidenceOutcome[] outcomes = [.. arms.Select(OutcomeOf)];
            return new WarmStartQuery(features, rewards, Array.ConvertAll(outcomes, o => o.Usage), Array.ConvertAll(outcomes, o => o.CostUsd), Array.ConvertAll(outcomes, o => o.LatencySeconds));
        }
    }
}
