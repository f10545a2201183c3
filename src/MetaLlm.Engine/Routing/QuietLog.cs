using System.Collections.Concurrent;

namespace MetaLlm.Engine.Routing;

/// <summary>Keeps an outage from filling the log: of lines that say the same, one in a while is written, with the number of those that were not.</summary>
/// <remarks>Safe for concurrent use. Keys are few by nature, such as tenants with arms and kinds of failures, never texts of requests.</remarks>
/// <param name="time">The clock; only its monotonic side is used.</param>
internal sealed class QuietLog(TimeProvider time)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<object, Line> _lines = new();

    /// <summary>Whether a line is to be written.</summary>
    /// <param name="key">What the line says, without what differs from call to call.</param>
    /// <param name="unsaid">How many lines were not written since the last one.</param>
    public bool MaySay(object key, out int unsaid)
    {
        var line = _lines.GetOrAdd(key, static _ => new Line());
        lock (line)
        {
            var now = time.GetTimestamp();
            if (line.Said is { } said && time.GetElapsedTime(said, now) < Period)
            {
                line.Unsaid++;
                unsaid = 0;
                return false;
            }

            (unsaid, line.Unsaid, line.Said) = (line.Unsaid, 0, now);
            return true;
        }
    }

    private sealed class Line
    {
        public long? Said { get; set; }

        public int Unsaid { get; set; }
    }
}
