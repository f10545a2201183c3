namespace MetaLlm.WebConsole.SignIn;

/// <summary>Limits sign-ins that fail: a few at once from each address, then one in a while.</summary>
/// <remarks>Safe for concurrent use. Keys have 256 random bits, so that this protects the log and the processor rather than them.</remarks>
/// <param name="time">The clock.</param>
internal sealed class SignInPace(TimeProvider time)
{
    /// <summary>Failures that an address may have at once.</summary>
    public const int Most = 10;

    /// <summary>The time after which one failure is forgotten.</summary>
    public static readonly TimeSpan Forgotten = TimeSpan.FromSeconds(6);

    private const int MostAddresses = 10_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, DateTimeOffset> _forgottenAt = new(StringComparer.Ordinal);

    /// <summary>How long an address has to wait until it may try.</summary>
    /// <param name="address">The address.</param>
    /// <returns>The time; zero where it need not wait.</returns>
    public TimeSpan Wait(string address)
    {
        lock (_lock)
        {
            var wait = _forgottenAt.GetValueOrDefault(address) - time.GetUtcNow() - ((Most - 1) * Forgotten);
            return wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        }
    }

    /// <summary>A sign-in has failed.</summary>
    /// <param name="address">Where it came from.</param>
    public void Failed(string address)
    {
        var now = time.GetUtcNow();
        lock (_lock)
        {
            if (_forgottenAt.Count >= MostAddresses)
            {
                foreach (var known in _forgottenAt.Where(known => known.Value <= now).Select(known => known.Key).ToList())
                {
                    _forgottenAt.Remove(known);
                }
            }

            var before = _forgottenAt.GetValueOrDefault(address);
            if (_forgottenAt.Count < MostAddresses || before != default)
            {
                _forgottenAt[address] = (before > now ? before : now) + Forgotten;
            }
        }
    }
}
