using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Admission;

internal sealed partial class NodeAllowance
{
    private async Task RenewAsync(bool giveBack)
    {
        try
        {
            for (var history = false; ; history = true)
            {
                AllowanceReport report;
                double saidAt;
                lock (_gate)
                {
                    saidAt = Now;
                    report = Report(giveBack, history, saidAt);
                }

                var grant = await AskHolderAsync(report).ConfigureAwait(false);
                lock (_gate)
                {
                    if (grant is null)
                    {
                        _requests.Unsaid(report.Requests, saidAt);
                        _tokens.Unsaid(report.Tokens, saidAt);
                        _away = true;
                        return;
                    }

                    if (!grant.WantsHistory)
                    {
                        Take(report, grant);
                        return;
                    }

                    _requests.Forget(report.Requests);
                    _tokens.Forget(report.Tokens);
                    _callsNeeded += report.CallsNeeded;
                }
            }
        }
        finally
        {
            lock (_gate)
            {
                _renewal = null;
            }
        }
    }

    /// <returns>Null when the holder is away.</returns>
    private async Task<AllowanceGrant?> AskHolderAsync(AllowanceReport report)
    {
        try
        {
            return await holder.RenewAsync(scope, report, CancellationToken.None).AsTask().WaitAsync(Patience, time).ConfigureAwait(false);
        }
        catch (Exception e) when (e is EngineUnavailableException or TimeoutException)
        {
            away(e);
            return null;
        }
    }

    private AllowanceReport Report(bool giveBack, bool history, double now)
    {
        var isActive = _used || _callsInUse > 0 || _callsNeeded > 0 || _requests.IsNeeded || _tokens.IsNeeded;
        if (giveBack)
        {
            (_used, _callsHeld) = (false, _callsInUse);
        }

        var report = new AllowanceReport
        {
            Node = node, Term = _term, Limits = _limits, IsActive = isActive,
            Requests = _requests.Say(giveBack, history, now), Tokens = _tokens.Say(giveBack, history, now),
            CallsHeld = Math.Max(_callsHeld, _callsInUse), CallsNeeded = _callsNeeded,
        };
        _callsNeeded = 0;
        return report;
    }

    private void Take(AllowanceReport report, AllowanceGrant grant)
    {
        var now = Now;
        _requests.Granted(report.Requests, grant.Requests, now);
        _tokens.Granted(report.Tokens, grant.Tokens, now);
        _callsHeld = report.CallsHeld + grant.Calls;
        _callsClosedUntil = grant.Calls < report.CallsNeeded ? now + Patience.TotalSeconds : double.NegativeInfinity;
        (_term, _nodes, _away) = (grant.Term, grant.Nodes, false);
    }
}
