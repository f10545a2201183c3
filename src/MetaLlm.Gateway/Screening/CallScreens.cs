using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Cascades;
using MetaLlm.Gateway.Evidence;
using MetaLlm.Gateway.Guarantees;
using MetaLlm.Gateway.Guardrails;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Judging;
using MetaLlm.Gateway.RequestLog;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Screening;

/// <summary>Makes screens for the calls of tenants whose texts somebody looks at: guardrails, judges, comparisons, models that are asked besides, a cascade, or the request log.</summary>
internal sealed class CallScreens(GuardrailChecks guardrails, RequestLogQueue log, AnswerJudges judges, AnswerAudits audits, EvidenceBuyer evidence, TimeProvider time)
{
    /// <summary>A screen for a request; null where nobody looks at texts of its tenant.</summary>
    public CallScreen? Open(HttpContext context)
    {
        var tenant = context.Tenant();
        var record = tenant.RequestLog.Enabled && log.IsOpen
            ? new CallRecord { Tenant = tenant, At = time.GetUtcNow(), Path = context.Request.Path.Value ?? "", RequestId = RequestIds.Of(context.Request), Key = context.CallerKey().OfDirectory }
            : null;
        var (judged, bought, compared) = (judges.Open(tenant), evidence.Open(tenant), audits.Open(tenant));
        var cascaded = tenant.Cascade.Enabled ? new CascadedCall(tenant) : null;
        return record is not null || judged is not null || bought is not null || compared is not null || cascaded is not null || tenant.Guardrails is { Request.Count: > 0 } or { Answer.Count: > 0 }
            ? new CallScreen(context, guardrails, log, record, [.. new[] { judged, bought, compared, cascaded }.OfType<ICallWatcher>()], time)
            : null;
    }
}
