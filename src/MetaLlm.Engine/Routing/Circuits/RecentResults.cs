namespace MetaLlm.Engine.Routing.Circuits;

/// <summary>How the last calls ended: those of a time, and of them a number at most, so that heavy traffic is judged within moments. One caller at a time.</summary>
internal sealed class RecentResults
{
    private readonly (DateTimeOffset At, bool Failed)[] _results;
    private readonly TimeSpan _span;
    private int _first;

    /// <param name="most">Most results that count, at least 1.</param>
    /// <param name="span">How long a result counts.</param>
    public RecentResults(int most, TimeSpan span)
    {
        _results = new (DateTimeOffset, bool)[most];
        _span = span;
    }

    /// <summary>Results that count.</summary>
    public int Calls { get; private set; }

    /// <summary>Failures among them.</summary>
    public int Failures { get; private set; }

    public void Add(bool failed, DateTimeOffset now)
    {
        while (Calls > 0 && (Calls == _results.Length || now - _results[_first].At > _span))
        {
            Failures -= _results[_first].Failed ? 1 : 0;
            _first = (_first + 1) % _results.Length;
            Calls--;
        }

        _results[(_first + Calls) % _results.Length] = (now, failed);
        Calls++;
        Failures += failed ? 1 : 0;
    }

    public void Clear() => (Calls, Failures) = (0, 0);
}
