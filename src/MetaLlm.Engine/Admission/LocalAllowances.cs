namespace MetaLlm.Engine.Admission;

/// <summary>Holds the allowances of a process that is alone. Safe for concurrent use.</summary>
/// <param name="time">The clock.</param>
internal sealed class LocalAllowances(TimeProvider time) : IAllowanceHolder
{
    private const double SweepSeconds = 60;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, SharedAllowance> _allowances = new(StringComparer.Ordinal);
    private double _swept = double.NegativeInfinity;

    /// <inheritdoc/>
    public ValueTask<AllowanceGrant> RenewAsync(string scope, AllowanceReport report, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var now = (double)time.GetTimestamp() / time.TimestampFrequency;
        lock (_gate)
        {
            Sweep(now);
            if (!_allowances.TryGetValue(scope, out var allowance))
            {
                allowance = new SharedAllowance(Random.Shared.NextInt64(1, long.MaxValue));
                _allowances.Add(scope, allowance);
            }

            return ValueTask.FromResult(allowance.Renew(report, now));
        }
    }

    private void Sweep(double now)
    {
        if (now - _swept < SweepSeconds)
        {
            return;
        }

        _swept = now;
        foreach (var (scope, allowance) in _allowances)
        {
            if (allowance.IsUnused(now))
            {
                _allowances.Remove(scope);
            }
        }
    }
}
