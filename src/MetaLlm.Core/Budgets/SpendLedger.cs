using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Budgets;

/// <summary>
/// What was spent and what is set aside, in exact decimals: USD are rounded to 1e-12 on entry, so that taking back what was set
/// aside leaves exactly 0. For each call that runs there are two amounts: its predicted cost, which pacing counts with, and what caps hold back
/// for it, which is at least as much. The hard cap's windows are aligned to the Unix epoch, those of budgets to the calendar; a call is charged to the
/// windows in which it is settled, and what is set aside counts against whatever windows are open.
/// </summary>
internal sealed class SpendLedger
{
    private const int Decimals = 12;
    private const double LargestAmount = 1e12;

    private readonly WindowLedger _windows = new();
    private decimal _total;
    private decimal _reserved;
    private decimal _held;
    private decimal _inWindow;
    private long _window = long.MinValue;

    /// <summary>Settled spend since the beginning, USD.</summary>
    public double TotalUsd => (double)_total;

    /// <summary>Predicted cost of calls that have not ended, USD.</summary>
    public double ReservedUsd => (double)_reserved;

    /// <summary>What caps hold back for calls that have not ended, USD.</summary>
    public double HeldUsd => (double)_held;

    /// <summary>Whether caps hold back more than was predicted.</summary>
    public bool HoldsMore => _held != _reserved;

    /// <summary>What caps can still hold back at a time without passing the hard cap; may be negative when calls cost more than was held back.</summary>
    public decimal Headroom(decimal capUsd, TimeSpan window, DateTimeOffset at) => capUsd - Spent(window, at) - _held;

    /// <summary>The same for a window's budget.</summary>
    public decimal Headroom(BudgetWindow window, decimal budgetUsd, DateTimeOffset at) => budgetUsd - _windows.Spent(window, at) - _held;

    /// <summary>What a window's budget has left by the predictions of calls that run; may be negative.</summary>
    public double RemainingUsd(BudgetWindow window, double budgetUsd, DateTimeOffset at) =>
        (double)(Round(budgetUsd) - _windows.Spent(window, at) - _reserved);

    /// <summary>Settled spend of the hard cap's window that a time lies in, USD.</summary>
    public double SpentUsd(TimeSpan window, DateTimeOffset at) => (double)Spent(window, at);

    /// <summary>When the hard cap's window ends that is open at a time.</summary>
    public DateTimeOffset EndOf(TimeSpan window, DateTimeOffset at) => StartOf(Math.Max(WindowOf(at, window), _window) + 1, window);

    /// <summary>Settled spend of the calendar window that a time lies in, USD.</summary>
    public double SpentUsd(BudgetWindow window, DateTimeOffset at) => (double)_windows.Spent(window, at);

    /// <summary>Sets a call's amounts aside.</summary>
    /// <param name="predictedUsd">Its predicted cost.</param>
    /// <param name="boundUsd">What caps hold back; the prediction where that is more.</param>
    public void Reserve(double predictedUsd, double boundUsd)
    {
        _reserved += Round(predictedUsd);
        Hold(_held + Round(Math.Max(predictedUsd, boundUsd)));
    }

    /// <summary>Takes back what was set aside for a call.</summary>
    public void Release(double predictedUsd, double boundUsd)
    {
        _reserved -= Round(predictedUsd);
        Hold(_held - Round(Math.Max(predictedUsd, boundUsd)));
    }

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

    /// <summary>
    /// The hard cap's window gets another length. It opens with the most that any window which began within it has spent, the old one's included, and with no
    /// more than a window that covers it. What lies between the beginnings of a longer window and of the old one is known only as far as hour, day and month tell.
    /// </summary>
    public void ChangeWindow(TimeSpan previous, TimeSpan next, DateTimeOffset at)
    {
        var (spent, most) = (Spent(previous, at), decimal.MaxValue);
        var index = WindowOf(at, next);
        var start = StartOf(index, next);
        for (var window = BudgetWindow.Hour; window <= BudgetWindow.Month; window++)
        {
            var began = BudgetWindows.StartOf(window, at);
            spent = began >= start ? Math.Max(spent, _windows.Spent(window, at)) : spent;
            most = began <= start ? Math.Min(most, _windows.Spent(window, at)) : most;
        }

        _window = index;
        _inWindow = Math.Min(spent, most);
    }

    /// <summary>The windows that are open at a time begin anew, even where later ones were open already. What was spent in all stays, and what is set aside.</summary>
    /// <param name="window">Length of the hard cap's windows.</param>
    /// <param name="at">The time.</param>
    public void Reset(TimeSpan window, DateTimeOffset at)
    {
        _window = WindowOf(at, window);
        _inWindow = 0;
        _windows.Reset(at);
    }

    /// <param name="writer">Where the bytes go.</param>
    /// <param name="held">Whether to write what caps hold back; without it, that is what was predicted.</param>
    public void Write(StateWriter writer, bool held)
    {
        writer.Section("ledger");
        Write(writer, _total);
        Write(writer, _reserved);
        if (held)
        {
            Write(writer, _held);
        }

        Write(writer, _inWindow);
        writer.Long(_window);
        _windows.Write(writer);
    }

    public void Read(ref StateReader reader, bool held)
    {
        reader.Expect("ledger");
        _total = ReadDecimal(ref reader);
        _reserved = ReadDecimal(ref reader);
        _held = held ? ReadDecimal(ref reader) : _reserved;
        _inWindow = ReadDecimal(ref reader);
        _window = reader.Long();
        _windows.Read(ref reader);
    }

    // Decimals of one value may have different bytes. Where no more is held than was predicted, a state is saved without the former, and read back with the latter's bytes.
    private void Hold(decimal usd) => _held = usd == _reserved ? _reserved : usd;

    private static long WindowOf(DateTimeOffset at, TimeSpan window)
    {
        var ticks = at.UtcTicks - DateTimeOffset.UnixEpoch.Ticks;
        return ticks >= 0 ? ticks / window.Ticks : ((ticks + 1) / window.Ticks) - 1;
    }

    private decimal Spent(TimeSpan window, DateTimeOffset at) => WindowOf(at, window) > _window ? 0 : _inWindow;

    private static DateTimeOffset StartOf(long index, TimeSpan window)
    {
        // The last window of a calendar that ends with the year 9999 may reach beyond it.
        var ticks = (Int128)index * window.Ticks + DateTimeOffset.UnixEpoch.Ticks;
        return new DateTimeOffset((long)Int128.Clamp(ticks, 0, DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero);
    }

    /// <summary>An amount as the ledger counts it.</summary>
    internal static decimal Round(double usd) => Math.Round((decimal)Math.Min(usd, LargestAmount), Decimals);

    /// <summary>One of equal parts of an amount, rounded down so that all of them together are no more than the amount.</summary>
    internal static decimal Part(double usd, int parts) => parts == 1 ? Round(usd) : Math.Round(Round(usd) / parts, Decimals, MidpointRounding.ToZero);

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
