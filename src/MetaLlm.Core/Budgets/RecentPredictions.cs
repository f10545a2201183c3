using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Budgets;

/// <summary>Quality and cost of every arm, as predicted for the last few decisions; single precision is plenty for an average.</summary>
internal sealed class RecentPredictions
{
    private const int Decisions = 64;

    private float[] _quality = [];
    private float[] _cost = [];
    private int _arms;
    private long _taken;

    /// <summary>Forgets everything and takes another number of arms.</summary>
    public void Restart(int arms)
    {
        _arms = arms;
        _taken = 0;
        _quality = new float[arms * Decisions];
        _cost = new float[arms * Decisions];
    }

    /// <summary>Forgets everything; the number of arms stays.</summary>
    public void Clear() => _taken = 0;

    /// <summary>Begins a decision: until they are offered, all its arms are infeasible.</summary>
    public void Begin()
    {
        Array.Fill(_quality, float.NaN, Slot(_taken), _arms);
        Array.Clear(_cost, Slot(_taken), _arms);
        _taken++;
    }

    /// <summary>Takes in one feasible arm of the decision.</summary>
    public void Offer(int arm, double quality, double cost)
    {
        _quality[Slot(_taken - 1) + arm] = (float)quality;
        _cost[Slot(_taken - 1) + arm] = (float)cost;
    }

    /// <summary>Multiplies every arm's costs by its factor.</summary>
    /// <param name="factors">New cost over old cost, per arm; finite, at least 0.</param>
    public void Scale(ReadOnlySpan<double> factors)
    {
        for (var at = 0; at < Held; at++)
        {
            _cost[at] *= (float)factors[at % _arms];
        }
    }

    /// <summary>Shows the decisions again to a curve, the oldest first.</summary>
    public void Show(SpendCurve curve)
    {
        for (var t = Math.Max(0, _taken - Decisions); t < _taken; t++)
        {
            curve.Begin();
            for (var a = 0; a < _arms; a++)
            {
                var at = Slot(t) + a;
                if (!float.IsNaN(_quality[at]))
                {
                    curve.Offer(_quality[at], _cost[at]);
                }
            }

            curve.End();
        }
    }

    public void Write(StateWriter writer)
    {
        writer.Int(_arms);
        writer.Long(_taken);
        writer.Floats(_quality.AsSpan(0, Held));
        writer.Floats(_cost.AsSpan(0, Held));
    }

    public void Read(ref StateReader reader)
    {
        var arms = reader.Int();
        var taken = reader.Long();
        var quality = reader.Floats();
        var cost = reader.Floats();
        if (arms < 0 || taken < 0 || quality.Length != arms * Math.Min(taken, Decisions) || cost.Length != quality.Length)
        {
            throw new InvalidDataException(
                $"Learned state is damaged: {quality.Length} qualities and {cost.Length} costs as recent predictions of {arms} arms for {taken} decisions.");
        }

        Restart(arms);
        _taken = taken;
        quality.CopyTo(_quality, 0);
        cost.CopyTo(_cost, 0);
    }

    // Slots fill up from the first on, so what is held is the beginning of the arrays, and then all of them.
    private int Held => (int)Math.Min(_taken, Decisions) * _arms;

    private int Slot(long decision) => (int)(decision % Decisions) * _arms;
}
