using MetaLlm.Core.Arms;

namespace MetaLlm.Engine.Admission;

/// <summary>One call on its way through the limits of its key and its tenant. Whoever opened it disposes it when the answer has ended.</summary>
/// <remarks>One caller at a time; a settlement may come from another one, also after the end.</remarks>
internal sealed class AdmittedCall : IDisposable
{
    private static readonly Demand Entry = new(1, 1, 0);

    private readonly string _tenant;
    private readonly NodeAllowance? _ofTenant;
    private readonly NodeAllowance? _ofKey;
    private readonly AdmissionMetrics _metrics;
    private readonly TimeProvider _time;
    private bool _entered;
    private bool _awaitsSettlement;
    private double _tokens;
    private int _choices = 1;
    private long _second;
    private int _settled;

    internal AdmittedCall(string tenant, NodeAllowance? ofTenant, NodeAllowance? ofKey, AdmissionMetrics metrics, TimeProvider time) =>
        (_tenant, _ofTenant, _ofKey, _metrics, _time) = (tenant, ofTenant, ofKey, metrics, time);

    /// <summary>Takes one request, and one of the parallel calls.</summary>
    /// <param name="cancellationToken">Cancels the wait for a slice of the allowance.</param>
    /// <returns>Null, or the limit that has no room; nothing is taken then.</returns>
    public async ValueTask<AdmissionRefusal?> EnterAsync(CancellationToken cancellationToken)
    {
        var refusal = await TakeAsync(Entry, cancellationToken).ConfigureAwait(false);
        if (refusal is null)
        {
            _entered = true;
            _metrics.Admitted(_tenant);
        }

        return refusal;
    }

    /// <summary>Takes the tokens that the call may use.</summary>
    /// <param name="prompt">Prompt tokens, estimated, at least 0.</param>
    /// <param name="longestAnswer">Most tokens of one answer; null without a limit, for what answers had lately.</param>
    /// <param name="choices">Answers, at least 1.</param>
    /// <param name="cancellationToken">Cancels the wait for a slice of the allowance.</param>
    /// <returns>Null, or the limit that has no room; nothing is taken then.</returns>
    public async ValueTask<AdmissionRefusal?> TakeTokensAsync(double prompt, double? longestAnswer, int choices, CancellationToken cancellationToken)
    {
        var answer = longestAnswer ?? (_ofTenant ?? _ofKey)?.ExpectedOutput ?? 0;
        var tokens = prompt + (choices * answer);
        var refusal = await TakeAsync(new Demand(0, 0, tokens), cancellationToken).ConfigureAwait(false);
        if (refusal is null)
        {
            (_tokens, _choices, _second) = (tokens, choices, Second);
        }

        return refusal;
    }

    /// <summary>How the rate limits stand: of each, that of the tenant or of the key, whichever has less left; null where there is none.</summary>
    public (RateStatus? Requests, RateStatus? Tokens) Status()
    {
        var (ofTenant, ofKey) = (_ofTenant?.Status() ?? default, _ofKey?.Status() ?? default);
        return (Tighter(ofTenant.Requests, ofKey.Requests), Tighter(ofTenant.Tokens, ofKey.Tokens));
    }

    /// <summary>Says that <see cref="Settle"/> will come, perhaps after the end.</summary>
    internal void AwaitSettlement() => _awaitsSettlement = true;

    /// <summary>The call has used so many tokens; what it took beside them is free again. Only the first settlement counts.</summary>
    internal void Settle(TokenUsage usage)
    {
        if (Interlocked.Exchange(ref _settled, 1) == 0 && _tokens > 0)
        {
            var difference = usage.Input + usage.Output - _tokens;
            _ofTenant?.Correct(difference, usage.Output / _choices, _second);
            _ofKey?.Correct(difference, usage.Output / _choices, _second);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_awaitsSettlement)
        {
            Settle(default);
        }

        if (_entered)
        {
            _entered = false;
            _ofTenant?.End();
            _ofKey?.End();
        }
    }

    private long Second => _time.GetTimestamp() / _time.TimestampFrequency;

    private async ValueTask<AdmissionRefusal?> TakeAsync(Demand demand, CancellationToken cancellationToken)
    {
        var refusal = _ofKey is null ? null : await _ofKey.TakeAsync(demand, cancellationToken).ConfigureAwait(false);
        if (refusal is not null)
        {
            refusal = refusal with { IsOfKey = true };
        }
        else if (_ofTenant is not null)
        {
            refusal = await TakeOfTenantAsync(_ofTenant, demand, cancellationToken).ConfigureAwait(false);
        }

        if (refusal is not null)
        {
            _metrics.Refused(_tenant, refusal);
        }

        return refusal;
    }

    /// <summary>What the key had room for goes back where the tenant has none.</summary>
    private async ValueTask<AdmissionRefusal?> TakeOfTenantAsync(NodeAllowance ofTenant, Demand demand, CancellationToken cancellationToken)
    {
        var isAdmitted = false;
        try
        {
            var refusal = await ofTenant.TakeAsync(demand, cancellationToken).ConfigureAwait(false);
            isAdmitted = refusal is null;
            return refusal;
        }
        finally
        {
            if (!isAdmitted)
            {
                _ofKey?.GiveBack(demand);
            }
        }
    }

    private static RateStatus? Tighter(RateStatus? one, RateStatus? other) =>
        one is null || (other is not null && other.Value.Remaining <= one.Value.Remaining) ? other : one;
}
