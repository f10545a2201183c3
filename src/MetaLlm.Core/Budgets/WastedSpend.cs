using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Budgets;

/// <summary>What attempts have cost that gave the client no answer, in all and by arm, in exact decimals. Arms that are gone keep their share.</summary>
internal sealed class WastedSpend
{
    private readonly SortedDictionary<string, decimal> _arms = new(StringComparer.Ordinal);

    /// <summary>USD in all.</summary>
    public double TotalUsd => (double)_arms.Values.Sum();

    /// <summary>Whether nothing was wasted yet.</summary>
    public bool IsEmpty => _arms.Count == 0;

    /// <summary>USD of one arm.</summary>
    public double OfUsd(string arm) => (double)_arms.GetValueOrDefault(arm);

    /// <summary>Adds what an attempt has cost.</summary>
    public void Add(string arm, double usd)
    {
        if (usd > 0)
        {
            _arms[arm] = _arms.GetValueOrDefault(arm) + SpendLedger.Round(usd);
        }
    }

    /// <summary>An arm has another id from now on.</summary>
    public void Rename(string from, string to)
    {
        if (_arms.Remove(from, out var usd))
        {
            _arms[to] = _arms.GetValueOrDefault(to) + usd;
        }
    }

    public void Write(StateWriter writer)
    {
        writer.Section("wasted");
        writer.Int(_arms.Count);
        foreach (var (arm, usd) in _arms)
        {
            writer.Text(arm);
            SpendLedger.Write(writer, usd);
        }
    }

    public void Read(ref StateReader reader)
    {
        reader.Expect("wasted");
        for (var left = reader.Int(); left > 0; left--)
        {
            _arms[reader.Text()] = SpendLedger.ReadDecimal(ref reader);
        }
    }
}
