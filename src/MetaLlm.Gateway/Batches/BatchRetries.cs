using MetaLlm.Engine;

namespace MetaLlm.Gateway.Batches;

/// <summary>How often and how late a call of a batch is made again.</summary>
internal static class BatchRetries
{
    /// <summary>Most calls of a line to one model.</summary>
    public const int Most = 5;

    private static readonly Backoff Pauses = new(TimeSpan.FromMilliseconds(500), 2, TimeSpan.FromMinutes(1));

    /// <summary>How long to wait after an attempt.</summary>
    /// <param name="attempt">Its number, from 1.</param>
    /// <param name="asked">What the gateway asks for; null where it does not say.</param>
    public static TimeSpan Pause(int attempt, TimeSpan? asked) => Pauses.After(attempt, Random.Shared.NextDouble(), asked);
}
