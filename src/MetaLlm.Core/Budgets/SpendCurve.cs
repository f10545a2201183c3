using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Budgets;

/// <summary>
/// Mean predicted cost of the best arms at each shadow price, over the last few hundred decisions: the dual of "most quality at a
/// given mean spend", kept up to date online. Point i stands for the price exp(i * <see cref="Step"/>) * lowest; every decision moves
/// every point towards what its own best arm at that price would cost, with weight 1/n at first and 1/<see cref="Window"/> later.
/// </summary>
internal sealed class SpendCurve
{
    private const int Points = 112;
    private const double Window = 500;
    private const int Width = 4;

    // ln(5 / 1e-4) / (Points - 1): from the lowest to the highest price that the pacer admits.
    private const double Step = 10.819778284410283 / (Points - 1);

    private readonly double[] _spend = new double[Points];
    private readonly double[] _price = new double[Points];
    private readonly double[] _best = new double[Points];
    private readonly double[] _cost = new double[Points];
    private double _lowest;

    /// <summary>Decisions taken in, at most <see cref="Window"/>; 0 when there is nothing to go by.</summary>
    public double Count { get; private set; }

    /// <summary>Starts again with prices from <paramref name="lowest"/> on.</summary>
    public void Restart(double lowest)
    {
        Count = 0;
        Array.Clear(_spend);
        SetPrices(lowest);
    }

    /// <summary>Begins a decision.</summary>
    public void Begin()
    {
        Array.Fill(_best, double.NegativeInfinity);
        Array.Clear(_cost);
    }

    /// <summary>Takes in one feasible arm of the decision.</summary>
    /// <param name="quality">What the arm is worth without its cost.</param>
    /// <param name="cost">Predicted cost, USD.</param>
    public void Offer(double quality, double cost)
    {
        ref var best = ref MemoryMarshal.GetArrayDataReference(_best);
        ref var bestCost = ref MemoryMarshal.GetArrayDataReference(_cost);
        ref var price = ref MemoryMarshal.GetArrayDataReference(_price);
        var qualities = Vector256.Create(quality);
        var costs = Vector256.Create(cost);
        for (nuint i = 0; i < Points; i += Width)
        {
            var value = qualities - (Vector256.LoadUnsafe(ref price, i) * costs);
            var old = Vector256.LoadUnsafe(ref best, i);
            var better = Vector256.GreaterThan(value, old);
            Vector256.ConditionalSelect(better, value, old).StoreUnsafe(ref best, i);
            Vector256.ConditionalSelect(better, costs, Vector256.LoadUnsafe(ref bestCost, i)).StoreUnsafe(ref bestCost, i);
        }
    }

    /// <summary>Ends a decision.</summary>
    public void End()
    {
        Count = Math.Min(Count + 1, Window);
        ref var spend = ref MemoryMarshal.GetArrayDataReference(_spend);
        ref var cost = ref MemoryMarshal.GetArrayDataReference(_cost);
        var weights = Vector256.Create(1 / Count);
        for (nuint i = 0; i < Points; i += Width)
        {
            var old = Vector256.LoadUnsafe(ref spend, i);
            (old + (weights * (Vector256.LoadUnsafe(ref cost, i) - old))).StoreUnsafe(ref spend, i);
        }
    }

    /// <summary>The price at which mean spend is the given one, within the range of prices.</summary>
    public double PriceAt(double usd)
    {
        if (_spend[0] <= usd)
        {
            return _price[0];
        }

        for (var i = 1; i < Points; i++)
        {
            if (_spend[i] <= usd)
            {
                var share = (_spend[i - 1] - usd) / (_spend[i - 1] - _spend[i]);
                return _price[i - 1] * Math.Exp(Step * share);
            }
        }

        return _price[^1];
    }

    public void Write(StateWriter writer)
    {
        writer.Section("spend");
        writer.Double(Count);
        writer.Double(_lowest);
        writer.Doubles(_spend);
    }

    public void Read(ref StateReader reader)
    {
        reader.Expect("spend");
        Count = reader.Double();
        SetPrices(reader.Double());
        reader.Doubles(_spend);
    }

    private void SetPrices(double lowest)
    {
        _lowest = lowest;
        for (var i = 0; i < Points; i++)
        {
            _price[i] = lowest * Math.Exp(Step * i);
        }
    }
}
