namespace MetaLlm.Core.Tenancy;

/// <summary>Why an arm could not be chosen; stable words for logs and clients.</summary>
public static class ArmExclusions
{
    /// <summary>The arm is switched off in the configuration.</summary>
    public const string Disabled = "disabled";

    /// <summary>The caller pinned another arm.</summary>
    public const string NotPinned = "not_pinned";

    /// <summary>The caller's list of admitted arms does not name it.</summary>
    public const string NotAllowed = "not_allowed";

    /// <summary>The arm has been failing.</summary>
    public const string Unhealthy = "unhealthy";

    /// <summary>The prompt is longer than the model takes.</summary>
    public const string ContextTooLong = "context_too_long";

    /// <summary>The model lacks something that the request needs.</summary>
    public const string MissingCapability = "missing_capability";

    /// <summary>The predicted cost is above the request's own cap.</summary>
    public const string OverRequestCap = "over_request_cap";

    /// <summary>What the call can cost (see <see cref="HardCapReserve"/>) does not fit into what is left of the tenant's hard cap or of a window's budget.</summary>
    public const string OverHardCap = "over_hard_cap";

    /// <summary>The arm was a canary that proved worse than the others.</summary>
    public const string CanaryStopped = "canary_stopped";

    /// <summary>The tenant's guarantee has another arm serve.</summary>
    public const string Guarantee = "guarantee";
}
