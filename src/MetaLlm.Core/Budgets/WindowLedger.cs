using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Budgets;

/// <summary>
/// What was spent in the calendar's open hour, day and month, in exact decimals of 1e-12 USD. It is kept whether or not there are budgets, so
/// that one which is set in the middle of a window counts what the window has spent already.
/// </summary>
internal sealed class WindowLedger
{
    private readonly decimal[] _spent = new decimal[BudgetWindows.Count];
    private readonly long[] _open = [long.MinValue, long.MinValue, long.MinValue];

    /// <summary>USD charged to the window that a time lies in.</summary>
    public decimal Spent(BudgetWindow window, DateTimeOffset at) =>
        BudgetWindows.IndexOf(window, at) > _open[(int)window] ? 0 : _spent[(int)window];

    /// <summary>Charges what a call cost to the windows in which it ends; a time before an open window counts as in it.</summary>
    public void Charge(decimal usd, DateTimeOffset at)
    {
        for (var w = 0; w < BudgetWindows.Count; w++)
        {
            var index = BudgetWindows.IndexOf((BudgetWindow)w, at);
            if (index > _open[w])
            {
                _open[w] = index;
                _spent[w] = 0;
            }

            _spent[w] += usd;
        }
    }

    /// <summary>The windows that a time lies in are open, and have spent nothing.</summary>
    public void Reset(DateTimeOffset at)
    {
        for (var w = 0; w < BudgetWindows.Count; w++)
        {
            _open[w] = BudgetWindows.IndexOf((BudgetWindow)w, at);
            _spent[w] = 0;
        }
    }

    public void Write(StateWriter writer)
    {
        for (var w = 0; w < BudgetWindows.Count; w++)
        {
            SpendLedger.Write(writer, _spent[w]);
            writer.Long(_open[w]);
        }
    }

    public void Read(ref StateReader reader)
    {
        for (var w = 0; w < BudgetWindows.Count; w++)
        {
            _spent[w] = SpendLedger.ReadDecimal(ref reader);
            _open[w] = reader.Long();
        }
    }
}
