namespace MetaLlm.Engine.Routing.Circuits;

/// <summary>
/// Adds up how long clients have waited for a model, over all their calls, since it last sent anything. Waits that overlap count once.
/// </summary>
internal sealed class SilenceMeter
{
    private long _lastSign;
    private long _measuredTo;
    private long _silent;

    /// <summary>The model sent something. Safe for concurrent use.</summary>
    public void Sign(DateTimeOffset now) => Volatile.Write(ref _lastSign, now.UtcTicks);

    /// <summary>A client has given up. One caller at a time.</summary>
    /// <param name="since">When its call began.</param>
    /// <param name="now">The time.</param>
    /// <returns>The silence so far.</returns>
    public TimeSpan GivenUp(DateTimeOffset since, DateTimeOffset now)
    {
        var sign = Volatile.Read(ref _lastSign);
        if (sign > _measuredTo)
        {
            _silent = 0;
        }

        var from = Math.Max(since.UtcTicks, Math.Max(sign, _measuredTo));
        _silent += Math.Max(0, now.UtcTicks - from);
        _measuredTo = Math.Max(_measuredTo, now.UtcTicks);
        return TimeSpan.FromTicks(_silent);
    }
}
