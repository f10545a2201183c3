using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Conversations;

/// <summary>
/// How long a tenant's conversations last, and for how many turns they prefer the same model: what a switch pays for is as many turns as it lasts.
/// </summary>
internal sealed class TurnStatistics
{
    // Longer conversations count as of this length.
    private const int MostTurns = 64;

    // Older traffic fades: counts are halved at this many conversations.
    private const double Memory = 4096;

    // Before anything is known a conversation is taken to have one more turn, and every other one to prefer the same model.
    private const double PriorConversations = 4;
    private const double PriorTurns = 1;
    private const double PriorComparisons = 2;

    private readonly double[] _reached = new double[MostTurns];
    private double _compared;
    private double _same;

    public bool IsEmpty => _reached[0] == 0 && _compared == 0;

    /// <summary>Turns that a switch at a turn is to be judged on, the turn included: those that are left, and at most those for which the same model stays preferred.</summary>
    /// <param name="number">Number of the turn, from 1.</param>
    public double Lasting(int number) => 1 + Math.Min(Remaining(number), Persisting);

    private double Persisting
    {
        get
        {
            var share = (_same + (PriorComparisons / 2)) / (_compared + PriorComparisons);
            return share / (1 - share);
        }
    }

    /// <summary>Counts a turn.</summary>
    /// <param name="number">Its number, from 1.</param>
    /// <param name="samePreferred">Whether the model of the turn before is preferred again; null for a first turn.</param>
    public void Count(int number, bool? samePreferred)
    {
        _reached[Math.Clamp(number, 1, MostTurns) - 1]++;
        if (samePreferred is { } same)
        {
            _compared++;
            _same += same ? 1 : 0;
        }

        if (_reached[0] > Memory || _compared > Memory)
        {
            for (var i = 0; i < MostTurns; i++)
            {
                _reached[i] /= 2;
            }

            (_compared, _same) = (_compared / 2, _same / 2);
        }
    }

    public void Clear()
    {
        Array.Clear(_reached);
        (_compared, _same) = (0, 0);
    }

    public void Write(StateWriter writer)
    {
        writer.Doubles(_reached);
        writer.Double(_compared);
        writer.Double(_same);
    }

    public void Read(ref StateReader reader)
    {
        reader.Doubles(_reached);
        (_compared, _same) = (reader.Double(), reader.Double());
    }

    private double Remaining(int number)
    {
        var turn = Math.Clamp(number, 1, MostTurns);
        var later = 0.0;
        for (var i = turn; i < MostTurns; i++)
        {
            later += _reached[i];
        }

        // More may reach a turn than the one before it: conversations that were forgotten count from the turn that they are at.
        return (later + (PriorConversations * PriorTurns)) / (_reached[turn - 1] + PriorConversations);
    }
}
