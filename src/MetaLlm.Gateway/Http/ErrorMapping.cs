using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Admission;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Admission;
using MetaLlm.Gateway.Tenants;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Gateway.Http;

/// <summary>Which error a client sees for which exception.</summary>
internal static class ErrorMapping
{
    /// <summary>A rebuild that takes long enough to be told of takes some seconds more.</summary>
    private const int RebuildSeconds = 5;

    /// <summary>Nodes are exchanged one by one, which takes minutes.</summary>
    private const int UpgradeSeconds = 60;

    /// <summary>The error for an exception; null when it is a defect of ours.</summary>
    public static ApiError? From(Exception exception) => exception switch
    {
        ApiException e => e.Error,
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } e => new ApiError(ErrorCode.RequestTooLarge, e.Message),
        BadHttpRequestException e => new ApiError(ErrorCode.BadRequest, e.Message) { Status = e.StatusCode },
        NoFeasibleArmException e => NoArm(e),
        UpstreamsExhaustedException e => Exhausted(e),
        ChatProviderException e => new ApiError(ErrorCode.UpstreamCut, e.Message),
        OverloadedException e => AdmissionErrors.Overloaded(e.RetryAfter),
        ShardedTenantException e => new ApiError(ErrorCode.ShardedTenant, e.Message),
        UnknownTenantException => new ApiError(ErrorCode.TenantNotReady, "The tenant is not set up yet.") { RetryAfterSeconds = 1 },
        TenantRebuildingException => new ApiError(ErrorCode.TenantRebuilding, "What was learned for the tenant is being rebuilt from its journal; the request may be repeated.") { RetryAfterSeconds = RebuildSeconds },
        UpgradeInProgressException => new ApiError(ErrorCode.UpgradeInProgress, "An earlier release runs in the cluster, which cannot read what this would record; it is possible once every node runs this one.") { RetryAfterSeconds = UpgradeSeconds },
        EngineUnavailableException or FencedException => new ApiError(ErrorCode.EngineUnavailable, "The tenant cannot be served at the moment; the request may be repeated.") { RetryAfterSeconds = 1 },
        InvalidDataException or EmbeddingModelMismatchException => TenantSetups.Unavailable(60),
        _ => null,
    };

    private static ApiError Exhausted(UpstreamsExhaustedException e)
    {
        var code = e.AllRateLimited ? ErrorCode.UpstreamRateLimited : e.Last.Failure switch
        {
            ChatFailure.Timeout => ErrorCode.UpstreamTimeout,
            ChatFailure.CircuitOpen => ErrorCode.NoHealthyModel,
            ChatFailure.RateLimited => ErrorCode.NoHealthyModel,
            _ => ErrorCode.UpstreamFailed,
        };
        return new ApiError(code, e.Message)
        {
            DecisionId = e.DecisionId,
            RetryAfterSeconds = WholeSeconds(e.RetryAfter),
        };
    }

    /// <summary>The wait in whole seconds, at least 1: a client that is told 0 comes at once. A day is the longest that the configuration allows.</summary>
    private static int? WholeSeconds(TimeSpan? wait) =>
        wait is { } time ? (int)Math.Clamp(Math.Ceiling(time.TotalSeconds), 1, 86_400) : null;

    private static ApiError OverHardCap(NoFeasibleArmException e)
    {
        if (e.HardCap is not { } cap)
        {
            return new ApiError(ErrorCode.HardCapReached, e.Message);
        }

        var fits = cap.MaxOutputTokens is { } tokens ? FormattableString.Invariant($" With 'max_tokens' of at most {tokens} it would fit now.") : "";
        return new ApiError(ErrorCode.HardCapReached, FormattableString.Invariant($"{e.Message} The window that is used up ends at {cap.EndsAt.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}.{fits}"))
        {
            RetryAfterSeconds = (int)Math.Clamp(Math.Ceiling(cap.Wait.TotalSeconds), 1, int.MaxValue),
            HardCap = cap,
        };
    }

    /// <summary>
    /// Every arm is out, perhaps for several reasons. What passes by itself is told first, then what the caller can change.
    /// </summary>
    private static ApiError NoArm(NoFeasibleArmException e)
    {
        var reasons = e.Exclusions.Select(x => x.Value).ToHashSet(StringComparer.Ordinal);
        if (reasons.Contains(ArmExclusions.Unhealthy))
        {
            return new ApiError(ErrorCode.NoHealthyModel, e.Message) { RetryAfterSeconds = WholeSeconds(e.RetryAfter) ?? 1 };
        }

        if (reasons.Contains(ArmExclusions.OverHardCap))
        {
            return OverHardCap(e);
        }

        if (reasons.Contains(ArmExclusions.OverRequestCap))
        {
            return new ApiError(ErrorCode.MaxCostTooLow, e.Message, "metallm.max_cost_usd");
        }

        if (reasons.Contains(ArmExclusions.ContextTooLong))
        {
            return new ApiError(ErrorCode.ContextLengthExceeded, e.Message, "messages");
        }

        return reasons.Contains(ArmExclusions.MissingCapability)
            ? new ApiError(ErrorCode.MissingCapability, e.Message)
            : new ApiError(ErrorCode.NoModelAvailable, e.Message, "model");
    }
}
