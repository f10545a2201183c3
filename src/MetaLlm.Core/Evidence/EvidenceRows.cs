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

    private readonly Dictionary<long, Row> _rows = [];
    private readonly Queue<long> _order = new();
    private int _known;
    private int _compared;
    private double _nextKnown;
    private double _nextCompared = WarmStartSet.FewestRows;

    /// <summary>Whether enough has come since <see cref="Take"/> to learn again. At least <see cref="WarmStartSet.FewestRows"/> queries must tell of several arms.</summary>
    public bool IsDue => _compared >= WarmStartSet.FewestRows && (_compared >= _nextCompared || _known >= _nextKnown);

    /// <summary>Queries of which anything is known.</summary>
    public int Known => _known;

    /// <summary>Queries of which an arm's answer is known.</summary>
    /// <param name="arm">Id of the arm.</param>
    public int AnswersOf(string arm) => _rows.Values.Count(row => row.Outcomes.ContainsKey(arm));

    /// <summary>What is known of some queries, as a quiz of an arm.</summary>
    /// <param name="embeddingModelId">The model that made the embeddings.</param>
    /// <param name="arm">Id of the arm.</param>
    /// <param name="arms">Ids of all arms.</param>
    /// <param name="ordinals">Ordinals of the decisions; those of which the arm's answer is not known are left out.</param>
    public QuizSet QuizOf(string embeddingModelId, string arm, IReadOnlyList<string> arms, IEnumerable<long> ordinals) => new()
    {
        ArmId = arm,
        Outcomes = new WarmStartSet
        {
            EmbeddingModelId = embeddingModelId,
            ArmIds = arms,
            Rows = [.. ordinals.Where(_rows.ContainsKey).Select(ordinal => _rows[ordinal]).Where(row => row.Outcomes.ContainsKey(arm)).Take(QuizSet.MostRows).Select(row => QueryOf(row, arms))],
        },
    };

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
                if (!double.IsNaN(query.Rewards[a]))
                {
                    Know(ordinal, set.ArmIds[a], new EvidenceOutcome(query.Rewards[a], query.Usage[a], query.CostUsd[a], query.LatencySeconds[a]));
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
        if (!_rows.TryAdd(ordinal, new Row(features)))
        {
            return;
        }

        _order.Enqueue(ordinal);
        if (_order.Count > MostRows && _rows.Remove(_order.Dequeue(), out var oldest))
        {
            _known -= oldest.Outcomes.Count > 0 ? 1 : 0;
            _compared -= oldest.Outcomes.Count > 1 ? 1 : 0;
        }
    }

    /// <summary>Adds what is known of an arm's answer to a query, or replaces it. Of a query that was not added, or is too old, nothing is kept.</summary>
    /// <param name="ordinal">Ordinal of its decision.</param>
    /// <param name="arm">Id of the arm.</param>
    /// <param name="outcome">What came of it.</param>
    public void Know(long ordinal, string arm, EvidenceOutcome outcome)
    {
        ArgumentNullException.ThrowIfNull(outcome);
        if (!_rows.TryGetValue(ordinal, out var row))
        {
            return;
        }

        var before = row.Outcomes.Count;
        row.Outcomes[arm] = outcome;
        _known += before == 0 ? 1 : 0;
        _compared += before == 1 && row.Outcomes.Count == 2 ? 1 : 0;
    }

    /// <summary>All queries of which anything is known, with holes where nothing is.</summary>
    /// <param name="embeddingModelId">The model that made the embeddings.</param>
    /// <param name="arms">Ids of the arms.</param>
    public WarmStartSet Take(string embeddingModelId, IReadOnlyList<string> arms)
    {
        _nextKnown = Growth * _known;
        _nextCompared = Growth * _compared;
        return new WarmStartSet
        {
            EmbeddingModelId = embeddingModelId,
            ArmIds = arms,
            Rows = [.. _order.Select(ordinal => _rows[ordinal]).Where(row => arms.Any(row.Outcomes.ContainsKey)).Select(row => QueryOf(row, arms))],
        };
    }

    private static WarmStartQuery QueryOf(Row row, IReadOnlyList<string> arms)
    {
        EvidenceOutcome[] outcomes = [.. arms.Select(arm => row.Outcomes.TryGetValue(arm, out var known) ? known : EvidenceOutcome.Unknown)];
        return new WarmStartQuery(
            row.Features,
            Array.ConvertAll(outcomes, o => o.Reward),
            Array.ConvertAll(outcomes, o => o.Usage),
            Array.ConvertAll(outcomes, o => o.CostUsd),
            Array.ConvertAll(outcomes, o => o.LatencySeconds));
    }

    private sealed record Row(QueryFeatures Features)
    {
        public Dictionary<string, EvidenceOutcome> Outcomes { get; } = new(StringComparer.Ordinal);
    }
}
