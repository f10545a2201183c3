using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Engine.Routing;

/// <summary>Writes a line for each routed call when it is settled, for whoever keeps access logs. No text of a client or an upstream is in it.</summary>
/// <remarks>At level Information, in a category of its own: <c>MetaLlm.Engine.Routing.CallLog</c>.</remarks>
/// <param name="logger">Where to.</param>
public sealed partial class CallLog(ILogger<CallLog> logger)
{
    internal bool IsOn => logger.IsEnabled(LogLevel.Information);

    /// <param name="tenant">The tenant.</param>
    /// <param name="decision">The decision.</param>
    /// <param name="requestId">The client's id of its request.</param>
    /// <param name="arm">The arm that answered, or was tried last.</param>
    /// <param name="failed">Attempts that failed before.</param>
    /// <param name="outcome">How the call ended.</param>
    /// <param name="usage">Tokens of the answer.</param>
    /// <param name="usd">What all attempts cost.</param>
    /// <param name="firstPart">From the decision to the first part of the answer, seconds; null where none came.</param>
    /// <param name="total">From the decision to the end, seconds.</param>
    internal void Ended(
        string tenant, DecisionRecord decision, string? requestId, string arm, int failed, CallOutcome outcome, TokenUsage usage, double usd, double? firstPart, double total) =>
        LogCall(
            tenant,
            decision.DecisionId,
            requestId ?? "-",
            arm,
            RoutingMetrics.Word(outcome),
            failed,
            (long)Math.Round(usage.Input),
            (long)Math.Round(usage.Output),
            usd,
            firstPart,
            total);

    [LoggerMessage(
        1041,
        LogLevel.Information,
        "Call {Decision} of tenant {Tenant}, request {RequestId}: {Model} {Outcome} after {Failed} failed attempts, {InputTokens} + {OutputTokens} tokens, {Usd} USD, first part after {FirstPartSeconds} s, all after {TotalSeconds} s.")]
    private partial void LogCall(
        string tenant, string decision, string requestId, string model, string outcome, int failed, long inputTokens, long outputTokens, double usd, double? firstPartSeconds, double totalSeconds);
}
