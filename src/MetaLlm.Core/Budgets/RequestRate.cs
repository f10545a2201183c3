using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Budgets;

/// <summary>
/// Requests per second, from the times of past requests alone: each counts exp(-age / memory). The estimate is that sum over the seconds of
/// weight that have been watched, memory * (1 - exp(-watched / memory)), plus a twentieth of the memory, so that a burst at the very beginning is not
/// taken for the rate of a month.
/// </summary>
/// <param name="memory">Seconds, above 0.</param>
internal sealed class RequestRate(double memory)
{
    private const double Caution = 0.05;

    private double _weight;
    private long _first = long.MinValue;
    private long _last = long.MinValue;

    /// <summary>Requests per second at a time; 0 before the first.</summary>
    public double At(DateTimeOffset at)
    {
        if (_first == long.MinValue)
        {
            return 0;
        }

        var now = Math.Max(at.UtcTicks, _last);
        var watched = memory * (1 - Math.Exp(-Seconds(_first, now) / memory));
        return _weight * Math.Exp(-Seconds(_last, now) / memory) / (watched + (Caution * memory));
    }

    /// <summary>A request came. One that is dated before the last counts as of the last: clocks of several nodes differ a little.</summary>
    public void Observe(DateTimeOffset at)
    {
        if (_first == long.MinValue)
        {
            _first = _last = at.UtcTicks;
        }

        var now = Math.Max(at.UtcTicks, _last);
        _weight = (_weight * Math.Exp(-Seconds(_last, now) / memory)) + 1;
        _last = now;
    }

    /// <summary>Forgets all requests.</summary>
    public void Reset()
    {
        _weight = 0;
        _first = _last = long.MinValue;
    }

    public void Write(StateWriter writer)
    {
        writer.Double(_weight);
        writer.Long(_first);
        writer.Long(_last);
    }

    public void Read(ref StateReader reader)
    {
        _weight = reader.Double();
        _first = reader.Long();
        _last = reader.Long();
    }

    private static double Seconds(long from, long to) => (to - from) / (double)TimeSpan.TicksPerSecond;
}
