namespace MetaLlm.Core.Tenancy;

/// <summary>How a call ended.</summary>
public enum CallOutcome
{
    /// <summary>The whole answer arrived.</summary>
    Completed = 0,

    /// <summary>The provider broke off after the first part of the answer.</summary>
    Cut = 1,

    /// <summary>The client went away before the end.</summary>
    Aborted = 2,

    /// <summary>No arm gave an answer.</summary>
    Failed = 3,

    /// <summary>Nobody reported an end in time. A call of the gateway is charged its predicted cost, another one what the tenant's <see cref="RouteExpiry"/> says.</summary>
    Expired = 4,
}
