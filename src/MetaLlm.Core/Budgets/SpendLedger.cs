using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Budgets;

/// <summary>
/// What was spent and what is set aside, in exact decimals: USD are rounded to 1e-12 on entry, so that taking back what was set
/// aside leaves exactly 0. The hard cap's windows are aligned to the Unix epoch, those of budgets to the calendar; a call is charged to the
/// windows in which it is settled, and what is set aside counts against whatever windows are open.
/// </summary>
internal sealed class SpendLedger
{
    private const int Decimals = 12;
    private const double LargestAmount = 1e12;

    private readonly WindowLedger _windows = new();
    private decimal _total;
    private decimal _reserved;
    private decimal _inWindow;
    private long _window = long.MinValue;

    /// <summary>Settled spend since the beginning, USD.</summary>
    public double TotalUsd => (double)_total;

    /// <summary>Set aside for calls that have not ended, USD.</summary>
    public double ReservedUsd => (double)_reserved;

    /// <summary>What can still be set aside at a time without passing the cap; may be negative when calls cost more than was set aside.</summary>
    public double RemainingUsd(double capUsd, TimeSpan window, DateTimeOffset at) =>
        (double)(Round(capUsd) - (WindowOf(at, window) > _window ? 0 : _inWindow) - _reserved);

    /// <summary>What can still be set aside at a time without passing a window's budget; may be negative.</summary>
    public double RemainingUsd(BudgetWindow window, double budgetUsd, DateTimeOffset at) =>
        (double)(Round(budgetUsd) - _windows.Spent(window, at) - _reserved);

    /// <summary>Settled spend of the calendar window that a time lies in, USD.</summary>
    public double SpentUsd(BudgetWindow window, DateTimeOffset at) => (double)_windows.Spent(window, at);

    /// <summary>Sets an amount aside.</summary>
    public void Reserve(double usd) => _reserved += Round(usd);

    /// <summary>Takes back what was set aside.</summary>
    public void Release(double usd) => _reserved -= Round(usd);

    /// <summary>Charges what a call cost.</summary>
    public void Charge(double usd, TimeSpan window, DateTimeOffset at)
    {
        var current = WindowOf(at, window);
        if (current > _window)
        {
            _window = current;
            _inWindow = 0;
        }

        _inWindow += Round(usd);
        _total += Round(usd);
        _windows.Charge(Round(usd), at);
    }

    /// <summary>Forgets the open window, because its length has changed.</summary>
    public void RestartWindow(TimeSpan window, DateTimeOffset at)
    {
        _window = WindowOf(at, window);
        _inWindow = 0;
    }

    public void Write(StateWriter writer)
    {
        writer.Section("ledger");
        Write(writer, _total);
        Write(writer, _reserved);
        Write(writer, _inWindow);
        writer.Long(_window);
        _windows.Write(writer);
    }

    public void Read(ref StateReader reader)
    {
        reader.Expect("ledger");
        _total = ReadDecimal(ref reader);
        _reserved = ReadDecimal(ref reader);
        _inWindow = ReadDecimal(ref reader);
        _window = reader.Long();
        _windows.Read(ref reader);
    }

    private static long WindowOf(DateTimeOffset at, TimeSpan window)
    {
        var ticks = at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        return ticks >= 0 ? ticks / window.Ticks : ((ticks + 1) / window.Ticks) - 1;
    }

    private static decimal Round(double usd) => Math.Round((decimal)Math.Min(usd, LargestAmount), Decimals);

    internal static void Write(StateWriter writer, decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        foreach (var part in bits)
        {
            writer.Int(part);
        }
    }

    internal static decimal ReadDecimal(ref StateReader reader)
    {
        Span<int> bits = [reader.Int(), reader.Int(), reader.Int(), reader.Int()];
        try
        {
            return new decimal(bits);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException("Learned state is damaged: an amount of money is no decimal.", e);
        }
    }
}
