namespace MetaLlm.Gateway.Admission;

/// <summary>
/// Says for how long a refusal is held back, so that no more of them leave in a second than cost little. A client that comes again at once after each refusal can then not take the time in
/// which others are answered: while its refusal is held it asks nothing.
/// </summary>
/// <remarks>Safe for concurrent use, without a lock. A refusal that is held costs a timer, and one client has no more of them than it has connections.</remarks>
/// <param name="cores">Cores of the machine, at least 1.</param>
/// <param name="time">The clock.</param>
internal sealed class RefusalPace(int cores, TimeProvider time)
{
    /// <summary>Refusals a second and core that leave at once. A refusal takes some 50 to 100 microseconds on both ends.</summary>
    public const int PerSecondAndCore = 250;

    /// <summary>Longest time that one is held. Clients that heed <c>Retry-After</c> wait for a second anyhow.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly long _step = Math.Max(1, time.TimestampFrequency / ((long)PerSecondAndCore * cores));
    private readonly long _longest = (long)(Longest.TotalSeconds * time.TimestampFrequency);
    private long _next = time.GetTimestamp();

    /// <summary>Takes a place among the refusals that are to leave.</summary>
    /// <returns>How long to hold the refusal; zero where there have been few.</returns>
    public TimeSpan Take()
    {
        while (true)
        {
            var (now, next) = (time.GetTimestamp(), Volatile.Read(ref _next));
            if (next - now >= _longest)
            {
                return Longest;
            }

            var leaves = Math.Max(now, next);
            if (Interlocked.CompareExchange(ref _next, leaves + _step, next) == next)
            {
                return time.GetElapsedTime(now, leaves);
            }
        }
    }
}
