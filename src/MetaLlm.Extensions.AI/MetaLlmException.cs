using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Surfaces;
using ErrorCode = MetaLlm.Gateway.Http.ErrorCode;

namespace MetaLlm.Extensions.AI;

/// <summary>A request that got no answer. Code, status and message are those that a client of the gateway gets over HTTP; docs/api.md lists them.</summary>
public sealed class MetaLlmException : Exception
{
    // Too much load is not among them: who sends more of it must not get past budgets by that.
    private static readonly ErrorCode[] OfMetaLlm =
        [ErrorCode.EngineUnavailable, ErrorCode.TenantNotReady, ErrorCode.TenantUnavailable, ErrorCode.TenantRebuilding, ErrorCode.UpgradeInProgress];

    private MetaLlmException(ApiError error, Exception? cause)
        : base(error.Message, cause)
    {
        (Code, StatusCode, Parameter, DecisionId) = (error.Code.Name, error.Status, error.Param, error.DecisionId);
        RetryAfter = error.RetryAfterMilliseconds is { } exact ? TimeSpan.FromMilliseconds(exact) : error.RetryAfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null;
        MaxOutputTokens = error.HardCap?.MaxOutputTokens;
        IsUnavailable = OfMetaLlm.Contains(error.Code);
    }

    /// <summary>Stable word for programs, such as <c>hard_cap_reached</c>, <c>no_healthy_model</c>, <c>upstream_failed</c> or <c>invalid_value</c>.</summary>
    public string Code { get; }

    /// <summary>HTTP status that stands for it, 400 to 599.</summary>
    public int StatusCode { get; }

    /// <summary>The field at fault; null for none.</summary>
    public string? Parameter { get; }

    /// <summary>The decision that it belongs to; null where nothing was decided.</summary>
    public string? DecisionId { get; }

    /// <summary>After which time the same request may succeed; null where waiting does not help.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Longest answer for which a cap would still have room, tokens; null where that is not what is wrong.</summary>
    public int? MaxOutputTokens { get; }

    /// <summary>Whether the tenant cannot be served by MetaLlm itself at the moment: no limit, no budget and no model has refused.</summary>
    public bool IsUnavailable { get; }

    internal static MetaLlmException BadField(string field, string problem) => new(ApiException.BadField(field, problem).Error, null);

    internal static MetaLlmException Stopping(Exception? cause) => new(new ApiError(ErrorCode.GatewayStopping, "The host stops, and takes no more feedback.") { RetryAfterSeconds = 1 }, cause);

    internal static MetaLlmException NotKept(Exception cause) =>
        new(new ApiError(ErrorCode.EngineUnavailable, "The tenant cannot be served at the moment, and the directory for feedback takes no writes.") { RetryAfterSeconds = 1 }, cause);

    /// <summary>The exception for what a call threw; null where that is a defect, or a caller's own cancellation.</summary>
    internal static MetaLlmException? From(Exception error) => error switch
    {
        MetaLlmException known => known,
        UpstreamsExhaustedException { Objection: { } objection } e => new(ObjectionText.ToError(objection) with { DecisionId = e.DecisionId }, e),
        _ => ErrorMapping.From(error) is { } mapped ? new(mapped, error) : null,
    };
}
