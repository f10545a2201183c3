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

    /// <summary>Begins a decision: until they are offered, all its arms are infeasible.</summary>
    public void Begin()
    {
        Array.Fill(_quality, float.NaN, Slot(_taken), _arms);
        _taken++;
    }

    /// <summary>Takes in one feasible arm of the decision.</summary>
    public void Offer(int arm, double quality, double cost)
    {
        _quality[Slot(_taken - 1) + arm] = (float)quality;
        _cost[Slot(_taken - 1) + arm] = (float)cost;
    }

    /// <summary>Multiplies every arm's costs by its factor, and shows the decisions again to a curve.</summary>
    public void Reprice(ReadOnlySpan<double> factors, SpendCurve curve)
    {
        for (var t = Math.Max(0, _taken - Decisions); t < _taken; t++)
        {
            curve.Begin();
            for (var a = 0; a < _arms; a++)
            {
                var at = Slot(t) + a;
                _cost[at] *= (float)factors[a];
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
        writer.Floats(_quality);
        writer.Floats(_cost);
    }

    public void Read(ref StateReader reader)
    {
        var arms = reader.Int();
        var taken = reader.Long();
        var quality = reader.Floats();
        var cost = reader.Floats();
        if (arms < 0 || taken < 0 || quality.Length != arms * Decisions || cost.Length != quality.Length)
        {
            throw new InvalidDataException($"Learned state is damaged: {quality.Length} and {cost.Length} recent predictions of {arms} arms.");
        }

        (_arms, _taken, _quality, _cost) = (arms, taken, quality, cost);
    }

    private int Slot(long decision) => (int)(decision % Decisions) * _arms;
}
