using System.Numerics.Tensors;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Bandits.Flagship;

/// <content>
/// Cards: what an operator expects of arms moves the centre of their priors, theta_a ~ N(w + k u_a, s^2 Lambda^-1). w starts at the mean of the cards, u_a holds by how much a card differs from it,
/// and k, one number for all arms, is how far cards are borne out. k is found from the rewards, so that cards which tell nothing fade together.
/// </content>
internal sealed partial class QualityModel
{
    private const string CardsSection = "cards";
    private const double MostBelief = 1.5;

    // Cards that hardly differ are none whose belief could be found.
    private const double LeastBeliefRidge = 1e-3;

    private CardPrior?[] _cards = [];

    // Arms that SetArms has made and SetCards has not seen yet.
    private bool[] _new = [];

    // Where w starts; u_a; sum v (u_a'z) z over the rewards, which the pooled estimate has to leave to the cards; and what k = 1 counts as.
    private double[] _level = [];
    private double[][] _turns = [];
    private double[] _cardSum = [];
    private double _beliefRidge = LeastBeliefRidge;

    // By how much theta_a moves with k, null where it does not; and the precision of k in units of the residual variance.
    private double[]?[] _moves = [];
    private double _beliefPrecision = 1;

    /// <summary>Position of the task block within z.</summary>
    public int TaskStart { get; init; }

    /// <summary>Whether cards are held against the same cards dealt by chance.</summary>
    public bool MatchesCards { get; init; }

    /// <summary>How far cards are borne out: 1 as they say, 0 not at all.</summary>
    public double Belief { get; private set; } = 1;

    private bool HasCards => _turns.Length > 0;

    /// <summary>Replaces the cards of all arms.</summary>
    /// <param name="cards">Per arm; null without one.</param>
    public void SetCards(IReadOnlyList<CardPrior?> cards)
    {
        _cards = [.. cards];
        if (Warm)
        {
            Introduce();
        }
        else if (HasCards || _cards.Any(card => card is not null))
        {
            Replace();
        }

        _new = new bool[_cards.Length];
    }

    // The arms were replaced: cards go with them until SetCards says what they are now.
    private void MoveCards(ReadOnlySpan<int> previous)
    {
        var (cards, turns) = (_cards, _turns);
        _cards = new CardPrior?[previous.Length];
        _new = new bool[previous.Length];
        _turns = turns.Length > 0 ? new double[previous.Length][] : [];
        for (var a = 0; a < previous.Length; a++)
        {
            _new[a] = previous[a] < 0;
            _cards[a] = _new[a] || previous[a] >= cards.Length ? null : cards[previous[a]];
            if (HasCards)
            {
                _turns[a] = _new[a] ? new double[_n] : turns[previous[a]];
            }
        }
    }

    // An arm that joins a tenant with a warm start is as much above the mean of the others as its card is above theirs. Alone, a card has nothing to be measured by.
    private void Introduce()
    {
        CardPrior[] known = [.. _cards.Where((card, a) => card is not null && !_new[a]).Select(card => card!)];
        for (var a = 0; a < _arms.Length && known.Length > 0; a++)
        {
            if (_new[a] && _cards[a] is { } card)
            {
                _arms[a].Mean[0] += card.Level - known.Average(other => other.Level);
                for (var t = 0; t < card.Turns.Length; t++)
                {
                    _arms[a].Mean[TaskStart + t] += card.Turns[t] - known.Average(other => other.Turns[t]);
                }
            }
        }
    }

    private void Replace()
    {
        var before = _turns;
        Read();
        if (HasCards)
        {
            _cardSum = before.Length > 0 ? _cardSum : new double[_n];
            for (var a = 0; a < _arms.Length; a++)
            {
                // Rewards so far count for the new card as if it had been there from the start.
                var change = (double[])_turns[a].Clone();
                if (before.Length > 0)
                {
                    Kernels.MultiplyAdd(before[a], -1, change);
                }

                AddRewards(a, change);
            }
        }
        else
        {
            (_cardSum, _moves, Belief) = ([], [], 1);
            PackedMatrix.Multiply(_pooledInverse, _pooledSum, _pooled);
        }

        RefreshPooledArms();
    }

    // An arm without a card is expected to be like the mean of those that have one.
    private void Read()
    {
        var known = _cards.Count(card => card is not null);
        (_level, _turns, _beliefRidge) = (new double[_n], known > 0 ? new double[_cards.Length][] : [], LeastBeliefRidge);
        for (var a = 0; a < _turns.Length; a++)
        {
            _turns[a] = new double[_n];
            if (_cards[a] is { } card)
            {
                _turns[a][0] = card.Level - ColdQuality;
                card.Turns.CopyTo(_turns[a], TaskStart);
                Kernels.MultiplyAdd(_turns[a], 1.0 / known, _level);
            }
        }

        for (var a = 0; a < _turns.Length; a++)
        {
            if (_cards[a] is { } card)
            {
                Kernels.MultiplyAdd(_level, -1, _turns[a]);

                // What so many rewards of such arms would tell of k.
                _beliefRidge += card.Weight * _turns[a][0] * _turns[a][0] / known;
            }
        }
    }

    // What has been learned of an arm beside its prior's mean, by a quiz or before an alarm, holds its card already.
    private bool Follows(int arm) => !_arms[arm].Informed && _arms[arm].Mean[0] == ColdQuality && !_arms[arm].Mean.AsSpan(1).ContainsAnyExcept(0.0);

    // sum v z z' u, over the rewards that the arm's matrix holds.
    private void AddRewards(int arm, double[] turn)
    {
        if (!Follows(arm) || !turn.AsSpan().ContainsAnyExcept(0.0))
        {
            return;
        }

        var (inverse, sum) = (new double[PackedMatrix.Length(_n)], new double[_n]);
        _matrices.Get(arm, inverse, sum);
        PackedMatrix.Multiply(Rows(inverse), turn, sum);
        Kernels.MultiplyAdd(sum, 1, _cardSum);
    }

    // w after a reward of this weight, or after one was taken back. With cards it is found together with k, when arms are refreshed.
    private void Pool(int arm, ReadOnlySpan<double> z, double added)
    {
        if (!HasCards)
        {
            PackedMatrix.Multiply(_pooledInverse, _pooledSum, _pooled);
        }
        else if (Follows(arm))
        {
            Kernels.MultiplyAdd(z, added * Kernels.Dot(_turns[arm], z), _cardSum);
        }
    }

    /// <summary>The centre of an arm's prior: w, and with cards w + k u_a.</summary>
    private double[] Centre(int arm)
    {
        if (!HasCards || !Follows(arm))
        {
            return _pooled;
        }

        var centre = (double[])_pooled.Clone();
        Kernels.MultiplyAdd(_turns[arm], Belief, centre);
        return centre;
    }

    // k by generalised least squares, each arm's rewards being as uncertain of the centre as the arm may differ from it; w and k at once, since each is linear in the other.
    private void Believe()
    {
        var inverse = ThreadScratch.First(PackedMatrix.Length(_n)).AsSpan(0, PackedMatrix.Length(_n));
        var (start, without, perBelief, sum, tied) = (new double[_n], new double[_n], new double[_n], new double[_n], new double[_n]);
        TensorPrimitives.MultiplyAdd(_pooledRidges, _level, _pooledSum, start);
        PackedMatrix.Multiply(_pooledInverse, start, without);
        PackedMatrix.Multiply(_pooledInverse, _cardSum, perBelief);
        var (gain, moment) = (_beliefRidge, _beliefRidge);
        var (turns, scores) = (new List<double[]>(), new List<double[]>());
        _moves = new double[_arms.Length][];
        for (var a = 0; a < _arms.Length; a++)
        {
            if (!Follows(a) || !_turns[a].AsSpan().ContainsAnyExcept(0.0))
            {
                continue;
            }

            _matrices.Get(a, inverse, sum);
            TensorPrimitives.Multiply(_coldPrecision, _turns[a], tied);
            var moves = _moves[a] = new double[_n];
            PackedMatrix.Multiply(inverse, tied, moves);
            moment += Kernels.Dot(moves, sum);
            for (var i = 0; i < _n; i++)
            {
                tied[i] -= _coldPrecision[i] * moves[i];
            }

            gain += Kernels.Dot(tied, _turns[a]) - Kernels.Dot(tied, perBelief);
            moment -= Kernels.Dot(tied, without);
            if (MatchesCards)
            {
                turns.Add(_turns[a]);
                scores.Add(Score(inverse, sum, without));
            }
        }

        _beliefPrecision = Math.Max(_beliefRidge, gain);
        Belief = Math.Clamp(moment / _beliefPrecision, 0, MostBelief);
        Belief *= MatchesCards ? CardMatch.Share(scores, turns, InitialResidual * InitialResidual * _beliefRidge) : 1;
        without.CopyTo(_pooled, 0);
        Kernels.MultiplyAdd(perBelief, -Belief, _pooled);
    }

    // Lambda (P (b + Lambda w) - w): by how much an arm's rewards point beyond w.
    private double[] Score(ReadOnlySpan<double> inverse, double[] sum, double[] centre)
    {
        var (pulled, score) = (new double[_n], new double[_n]);
        TensorPrimitives.MultiplyAdd(_coldPrecision, centre, sum, pulled);
        PackedMatrix.Multiply(inverse, pulled, score);
        TensorPrimitives.Subtract(score, centre, score);
        TensorPrimitives.Multiply(_coldPrecision, score, score);
        return score;
    }

    // That k is uncertain moves arms with high and with low cards against each other: a model whose card is low may well be better while nobody knows what cards are worth.
    private void AddBeliefVariance(ReadOnlySpan<double> z, Span<double> variance)
    {
        for (var a = 0; a < _moves.Length; a++)
        {
            if (_moves[a] is { } moves)
            {
                var apart = Kernels.Dot(moves, z);
                variance[a] += apart * apart / _beliefPrecision;
            }
        }
    }

    private void RefreshCarded()
    {
        Believe();
        TensorPrimitives.Multiply(_coldPrecision, _pooled, _shared);
        var own = new double[_arms.Length][];
        for (var a = 0; a < own.Length; a++)
        {
            own[a] = new double[_n];
            TensorPrimitives.Multiply(_coldPrecision, Centre(a), own[a]);
        }

        _matrices.RefreshAll(own);
    }

    // Left out of states without cards.
    private void WriteCards(StateWriter writer)
    {
        if (!HasCards)
        {
            return;
        }

        writer.Section(CardsSection);
        writer.Double(Belief);
        writer.Doubles(_cardSum);
        foreach (var card in _cards)
        {
            writer.Double(card?.Weight ?? 0);
            writer.Double(card?.Level ?? 0);
            writer.Doubles(card?.Turns ?? []);
        }
    }

    private void ReadCards(ref StateReader reader)
    {
        (_cards, _new, _level, _turns, _cardSum, _moves, Belief) = (new CardPrior?[_arms.Length], new bool[_arms.Length], [], [], [], [], 1);
        if (!reader.TryExpect(CardsSection))
        {
            return;
        }

        (Belief, _cardSum) = (reader.Double(), new double[_n]);
        reader.Doubles(_cardSum);
        for (var a = 0; a < _cards.Length; a++)
        {
            var (weight, level, turns) = (reader.Double(), reader.Double(), reader.Doubles());
            _cards[a] = weight > 0 ? new CardPrior(weight, level, turns) : null;
        }

        Read();
        Believe();
    }
}
