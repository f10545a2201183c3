using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Http;

/// <summary>Which error a client sees for which exception.</summary>
internal static class ErrorMapping
{
    private const string Invalid = "invalid_request_error";

    /// <summary>The error for an exception; null when it is a defect of ours.</summary>
    public static ApiError? From(Exception exception) => exception switch
    {
        ApiException e => e.Error,
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } e => ApiException.TooLarge(e.Message).Error,
        BadHttpRequestException e => new ApiError(e.StatusCode, Invalid, "bad_request", e.Message),
        NoFeasibleArmException e => NoArm(e),
        UpstreamsExhaustedException e => Exhausted(e),
        UnknownTenantException => new ApiError(StatusCodes.Status503ServiceUnavailable, "server_error", "tenant_not_ready", "The tenant is not set up yet.") { RetryAfterSeconds = 1 },
        EngineUnavailableException or FencedException => new ApiError(StatusCodes.Status503ServiceUnavailable, "server_error", "engine_unavailable", "The tenant cannot be served at the moment; the request may be repeated.") { RetryAfterSeconds = 1 },
        _ => null,
    };

    private static ApiError Exhausted(UpstreamsExhaustedException e)
    {
        var (status, code) = e.Last.Failure switch
        {
            ChatFailure.Timeout => (StatusCodes.Status504GatewayTimeout, "upstream_timeout"),
            ChatFailure.CircuitOpen => (StatusCodes.Status503ServiceUnavailable, "no_healthy_model"),
            ChatFailure.RateLimited => (StatusCodes.Status503ServiceUnavailable, "upstream_rate_limited"),
            _ => (StatusCodes.Status502BadGateway, "upstream_failed"),
        };
        return new ApiError(status, "upstream_error", code, e.Message)
        {
            DecisionId = e.DecisionId,
            RetryAfterSeconds = WholeSeconds(e.Last.RetryAfter),
        };
    }

    /// <summary>The wait in whole seconds, at least 1: a client that is told 0 comes at once. A day is the longest that the configuration allows.</summary>
    private static int? WholeSeconds(TimeSpan? wait) =>
        wait is { } time ? (int)Math.Clamp(Math.Ceiling(time.TotalSeconds), 1, 86_400) : null;

    /// <summary>
    /// Every arm is out, perhaps for several reasons. What passes by itself is told first, then what the caller can change.
    /// </summary>
    private static ApiError NoArm(NoFeasibleArmException e)
    {
        var reasons = e.Exclusions.Select(x => x.Value).ToHashSet(StringComparer.Ordinal);
        if (reasons.Contains(ArmExclusions.Unhealthy))
        {
            return new ApiError(StatusCodes.Status503ServiceUnavailable, "upstream_error", "no_healthy_model", e.Message) { RetryAfterSeconds = WholeSeconds(e.RetryAfter) ?? 1 };
        }

        if (reasons.Contains(ArmExclusions.OverHardCap))
        {
            return new ApiError(StatusCodes.Status402PaymentRequired, "insufficient_quota", "hard_cap_reached", e.Message);
        }

        if (reasons.Contains(ArmExclusions.OverRequestCap))
        {
            return new ApiError(StatusCodes.Status422UnprocessableEntity, Invalid, "max_cost_too_low", e.Message, "metallm.max_cost_usd");
        }

        if (reasons.Contains(ArmExclusions.ContextTooLong))
        {
            return new ApiError(StatusCodes.Status400BadRequest, Invalid, "context_length_exceeded", e.Message, "messages");
        }

        return reasons.Contains(ArmExclusions.MissingCapability)
            ? new ApiError(StatusCodes.Status422UnprocessableEntity, Invalid, "missing_capability", e.Message)
            : new ApiError(StatusCodes.Status422UnprocessableEntity, Invalid, "no_model_available", e.Message, "model");
    }
}
